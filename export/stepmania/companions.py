"""The files of a song's folder that its simfile needs: pictures, videos, lyrics, key sounds.

Found as the game finds them: by the tag, in any case, or where that names nothing, by what a file is called, or else
by a picture's size (ITGmania, ``Song::TidyUpData``). A simfile may come from anywhere: whatever leads out of its folder
is left out.
"""

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from simfile.ssc import SSCSimfile
from simfile.types import Simfile

from export.stepmania.read import opened_simfile
from export.stepmania.song_files import SongFiles


class _Rule(NamedTuple):
    """What the name of a picture says that it is for, in lower case and without its suffix."""

    starts: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    def means(self, stem: str) -> bool:
        # The space stands for the start of the name: it may be nothing but the word.
        return (
            stem.startswith(self.starts) or any(word in stem for word in self.holds) or f" {stem}".endswith(self.ends)
        )


_ART = {
    "BANNER": _Rule(holds=("banner",), ends=(" bn", "-bn")),
    "BACKGROUND": _Rule(holds=("background",), ends=("bg",)),
    "JACKET": _Rule(starts=("jk_",), holds=("jacket", "albumart")),
    "CDIMAGE": _Rule(ends=("-cd",)),
    "DISCIMAGE": _Rule(ends=(" disc", " title")),
    "CDTITLE": _Rule(holds=("cdtitle",)),
}
_SIZES: dict[str, Callable[[int, int], bool]] = {  # width and height in pixels, in the game's order
    "BACKGROUND": lambda width, height: width >= 320 and height >= 240,
    "BANNER": lambda width, height: (
        (100 <= width <= 320 and 50 <= height <= 240) or (width > 200 and width > 2 * height)
    ),
    "CDTITLE": lambda width, height: width <= 100 and height <= 48,
    "JACKET": lambda width, height: width == height,
}
PICTURE_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_VIDEOS = (".avi", ".f4v", ".flv", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv", ".webm", ".wmv")
_LYRICS = (".lrc",)
_CHANGES = ("BGCHANGES", "ANIMATIONS", "FGCHANGES", *(f"BGCHANGES{layer}" for layer in range(1, 10)))
_CHANGE_FILES = (1, 7)  # of the values between an entry's ``=``


@dataclass(frozen=True)
class Companions:
    """What goes where a simfile goes.

    files: by their names below the song's folder, with ``/`` between the parts, as they are written on the disk
    art: those names by the tag that means them (``BANNER``, ``BACKGROUND``, ``JACKET``, ``CDTITLE``, ...), found by the
    tag itself or by the file's name
    """

    files: dict[str, Path]
    art: dict[str, str] = field(default_factory=dict)


def companions(folder: Path, data: bytes, path: Path) -> Companions:
    """The files beside a simfile that it needs, except its music.

    folder: the song's; data, path: the simfile's content and name. Only regular files that lie in the folder, however
    they are reached. Raises ChartError for what is no simfile.
    """
    source = opened_simfile(data, path)
    beside = SongFiles(folder)
    files: dict[str, Path] = {}
    art: dict[str, str] = {}
    for tag, rule in _ART.items():
        names = beside.file(source.get(tag) or "") or [
            name for name in beside.names(PICTURE_SUFFIXES) if rule.means(Path(name).stem.lower())
        ]
        if names:
            art[tag] = names[0]
    for name in beside.names(PICTURE_SUFFIXES):
        _by_size(folder, name, art)
    lyrics = beside.file(source.get("LYRICSPATH") or "") or beside.names(_LYRICS)
    videos = beside.names(_VIDEOS) if not any((source.get(tag) or "").strip() for tag in _CHANGES[:2]) else []
    # The game plays a video that is the only one even if no tag names it.
    found = [*art.values(), *lyrics[:1], *(videos if len(videos) == 1 else ())]
    for value in _values(source):
        found += beside.all(value)
    for name in sorted(set(found)):
        files[name] = folder / name
    return Companions(files, art)


def _by_size(folder: Path, name: str, art: dict[str, str]) -> None:
    """Have a picture that stands for nothing yet stand for what its size tells, as long as the game would ask."""
    if name in art.values() or {"BACKGROUND", "BANNER", "CDTITLE"} <= art.keys():
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(folder / name, formats=("BMP", "GIF", "JPEG", "PNG")) as picture:
                width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return  # no picture, or one that is too large to be one
    tag = next((tag for tag, fits in _SIZES.items() if tag not in art and fits(width, height)), None)
    if tag is not None:
        art[tag] = name


def _values(source: Simfile) -> Iterator[str]:
    """Every value that may name a file or a folder, the art's and the music's apart."""
    for tag in ("PREVIEW", "PREVIEWVID"):
        yield source.get(tag) or ""
    yield from (source.get("KEYSOUNDS") or "").split(",")
    for track in (source.get("INSTRUMENTTRACK") or "").split(","):
        yield track.partition("=")[2]
    for tag in _CHANGES:
        for change in (source.get(tag) or "").replace("\r", "").replace("\n", "").split(","):
            values = change.split("=")
            yield from (values[place] for place in _CHANGE_FILES if place < len(values))
    if isinstance(source, SSCSimfile):
        for chart in source.charts:
            yield chart.get("MUSIC") or ""
