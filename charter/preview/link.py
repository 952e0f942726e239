"""A preview that the game's menu plays: named by `#PREVIEW` of a `.ssc`."""

from collections.abc import Mapping
from pathlib import Path

from charter.audio.sound_file import SUFFIXES as SOUND_SUFFIXES
from charter.errors import ChartError, RequestError
from charter.files import write_bytes
from charter.preview.write import Previewed
from export.stepmania.read import file_content, read_song
from export.stepmania.song_tag import with_song_tag


def check_link(path: Path, out: Path) -> None:
    """Raises RequestError or ChartError where a simfile cannot name a sound as what the game's menu plays."""
    if path.suffix.lower() != ".ssc":
        raise RequestError(f"{path}: only a .ssc file can name music for the menu (#PREVIEW)")
    if out.suffix.lower() not in SOUND_SUFFIXES:
        raise RequestError(f"--out {out}: the game's menu plays {' or '.join(SOUND_SUFFIXES)}")
    if out.resolve().parent != path.resolve().parent:
        raise RequestError(f"--out {out}: is not beside {path}, where the game looks for it")
    _linked(path, {"PREVIEW": out.name})


def link_preview(path: Path, made: Previewed) -> None:
    """Have a `.ssc` file name a sound as what the game's menu plays; nothing else in it changes.

    Where the passage is not that of the file, it is written too: the game plays the sound as long as it says.
    Raises ChartError or OutputError that names the file.
    """
    tags = {"PREVIEW": made.path.name}
    if read_song(path).preview != made.window:
        start, length = made.window
        tags = {"SAMPLELENGTH": f"{length:.3f}", "SAMPLESTART": f"{start:.3f}", **tags}
    write_bytes(path.resolve(), _linked(path, tags))  # behind a link the file changes, not the link


def _linked(path: Path, tags: Mapping[str, str]) -> bytes:
    """The content of a simfile with these tags set. Raises ChartError that names the file."""
    data = file_content(path)
    try:
        for name, value in tags.items():
            data = with_song_tag(data, name, value)
    except ChartError as error:
        raise ChartError(f"{path}: {error}") from error
    return data
