"""The formats that a song's folder can hold, by name."""

from collections.abc import Callable, Sequence
from pathlib import Path

from charter.errors import RequestError
from charter.files import make_folder, write_text
from charter.notation import Song
from export.midi import save_midi
from export.names import with_ending
from export.osu import save_osz
from export.presses import pressed
from export.quaver import qua_text
from export.stepmania.save import save_song


def _save_simfile(name: str) -> Callable[[Song, Path, str, float | None], tuple[Path, ...]]:
    def save(song: Song, folder: Path, stem: str, duration: float | None) -> tuple[Path, ...]:
        return tuple(save_song(song, folder, [name], stem=stem, duration=duration))

    return save


def _save_osz(song: Song, folder: Path, stem: str, _: float | None) -> tuple[Path, ...]:
    return (save_osz(song, folder, with_ending(stem, ".osz")),)


def _save_qua(song: Song, folder: Path, stem: str, _: float | None) -> tuple[Path, ...]:
    texts = {
        folder / with_ending(stem, f" [{title}].qua"): qua_text(song, chart, title, played)
        for title, chart, played in pressed(song)
    }
    for path, text in texts.items():
        write_text(path, text)
    return tuple(texts)


def _save_mid(song: Song, folder: Path, stem: str, _: float | None) -> tuple[Path, ...]:
    return (save_midi(song, folder, with_ending(stem, ".mid")),)


_WRITERS = {
    "ssc": _save_simfile("ssc"),
    "sm": _save_simfile("sm"),
    "osz": _save_osz,
    "qua": _save_qua,
    "mid": _save_mid,
}
FORMATS = tuple(_WRITERS)


def check_formats(names: Sequence[str]) -> None:
    """Raises RequestError for a name that is no format, and for no names."""
    unknown = [name for name in names if name not in _WRITERS]
    if unknown or not names:
        raise RequestError(f"no format is called {''.join(unknown[:1])!r}; there are {', '.join(FORMATS)}")


def save_format(name: str, song: Song, folder: Path, *, stem: str, duration: float | None = None) -> tuple[Path, ...]:
    """Write a song in one format into its folder, which is made if it is absent; the paths written.

    name: of `FORMATS`; stem: what the files are called, less their endings; duration: the music's, in seconds
    The music and background that the song names must lie in the folder before (an `.osz` takes them in). A format of
    several files is written only if each of them can be. Raises RequestError for an unknown format, ChartError for a
    song that the format cannot hold, OutputError.
    """
    check_formats([name])
    make_folder(folder)
    return _WRITERS[name](song, folder, stem, duration)
