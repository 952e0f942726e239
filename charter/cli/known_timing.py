"""What the options of several commands say of a song's timing."""

import math
from pathlib import Path

from charter.errors import RequestError
from charter.notation import Timing
from charter.tempo.tempo_range import TempoRange
from export.timing_file import read_timing_file

LONGEST_OFFSET_SECONDS = 100


def known_timing(bpm: float | None, offset: float | None, file: Path | None) -> Timing | None:
    """The timing that ``--bpm`` with ``--offset``, or ``--timing``, gives in full, or None. Raises RequestError."""
    if file is not None:
        if bpm is not None or offset is not None:
            raise RequestError("--timing gives the whole timing; leave out --bpm and --offset")
        return read_timing_file(file)
    if offset is None:
        return None
    if bpm is None:
        raise RequestError("--offset goes with --bpm")
    if not (math.isfinite(bpm) and math.isfinite(offset)):
        raise RequestError(f"--bpm {bpm:g} --offset {offset:g} is no timing")
    known_tempos(bpm)
    if abs(offset) > LONGEST_OFFSET_SECONDS:
        raise RequestError(f"an offset of {offset:g} is in seconds; did you mean {offset / 1000:g}?")
    return Timing.constant(bpm, offset)


def known_tempos(bpm: float | None, bpm_range: str = "") -> TempoRange | None:
    """What ``--bpm`` or ``--bpm-range`` says of a song's tempo. Raises RequestError."""
    if bpm is not None and bpm_range:
        raise RequestError("--bpm says the tempo; leave out --bpm-range")
    if bpm is not None:
        return TempoRange(bpm, bpm)
    return TempoRange.parse(bpm_range) if bpm_range else None
