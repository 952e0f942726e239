"""The timing of a song from a file of any game whose timing we read."""

from pathlib import Path

from charter.errors import TimingError
from charter.notation import Timing
from export import osu, stepmania

_READERS = {".ssc": stepmania.read_timing, ".sm": stepmania.read_timing, ".osu": osu.read_timing}


def read_timing_file(path: Path) -> Timing:
    """The song timing of a `.ssc`, `.sm` or `.osu` file, told by its suffix in any case.

    Raises TimingError or ChartError that names the file and what is wrong with it.
    """
    read = _READERS.get(path.suffix.lower())
    if read is None:
        *others, last = _READERS
        raise TimingError(f"{path}: not a timing file (expected {', '.join(others)} or {last})")
    return read(path)
