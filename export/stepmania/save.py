"""A song's simfiles on disk."""

from collections.abc import Sequence
from pathlib import Path

from charter.errors import RequestError
from charter.files import make_folder, write_text
from charter.notation import Song
from export.names import with_ending
from export.stepmania.write import sm_text, ssc_text

_WRITERS = {"ssc": ssc_text, "sm": sm_text}
FORMATS = tuple(_WRITERS)


def save_song(
    song: Song, folder: Path, formats: Sequence[str] = FORMATS, *, stem: str, duration: float | None = None
) -> list[Path]:
    """Write ``<stem>.ssc`` and/or ``<stem>.sm`` into a folder, which is made if it is absent; the paths written.

    formats: of ``ssc`` and ``sm``; duration: the music's, in seconds (see `ssc_text`)
    Nothing is written unless every format can hold the song. Raises RequestError for an unknown format, ChartError for
    a song that a format cannot hold, OutputError for a place that cannot be written to.
    """
    unknown = [name for name in formats if name not in _WRITERS]
    if unknown:
        raise RequestError(f"no simfile format is called {unknown[0]!r}; there are {', '.join(FORMATS)}")
    texts = {folder / with_ending(stem, f".{name}"): _WRITERS[name](song, duration=duration) for name in formats}
    make_folder(folder)
    for path, text in texts.items():
        write_text(path, text)
    return list(texts)
