"""A song as one `.osz` file: its beatmaps, its music and its background in a zip archive, as osu! imports them."""

import shutil
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from charter.errors import ChartError
from charter.files import whole_file
from charter.notation import Song
from export.osu.write import osu_text
from export.presses import pressed

_FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # that a zip archive can tell
_IMAGES = frozenset({".jpg", ".jpeg", ".png"})
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


def save_osz(song: Song, folder: Path, name: str) -> Path:
    """Write ``name`` into the song's folder, where its music and its background, if it has one, already lie.

    Bytes depend on nothing but the song and these files: entries are in order, without dates, and stored as they are,
    for compressed they would depend on the library at hand. Inside, music and background go by names that no system
    refuses. Raises ChartError for music that is not there, and as `export.presses.pressed`; OutputError.
    """
    charts = pressed(song)
    music = _beside(folder, song.music)
    if music is None:
        raise ChartError(f"{song.title}: its music is not beside it ({song.music or 'it names none'}); .osz needs it")
    background = _beside(folder, song.background)
    files = {f"audio{music.suffix.lower()}": music}
    image = ""
    if background is not None and background.suffix.lower() in _IMAGES:
        image = f"background{background.suffix.lower()}"
        files[image] = background
    path = folder / name
    with whole_file(path) as draft, ZipFile(draft, "w") as archive:
        for title, chart, played in charts:
            text = osu_text(song, chart, title, played, music=next(iter(files)), background=image)
            archive.writestr(_entry(f"{title}.osu"), text)
        for inside, file in files.items():
            with file.open("rb") as source, archive.open(_entry(inside), "w") as target:
                shutil.copyfileobj(source, target)
    return path


def _beside(folder: Path, name: str) -> Path | None:
    """A file that a song names, if it lies in its folder or below."""
    path = (folder / name).resolve()
    return path if name and path.is_relative_to(folder.resolve()) and path.is_file() else None


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _FIRST_DATE)
    entry.compress_type = ZIP_STORED
    entry.create_system = _UNIX  # else it would tell where it was made
    entry.external_attr = _PLAIN_FILE
    return entry
