"""What a pack has beside its songs: ``Pack.ini``, a banner, and itself as one zip file."""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from charter.files import whole_file, write_bytes, write_text
from charter.song_draft import RECORD_NAME, is_simfile
from export.art.look import Role, art_name
from export.art.pack_banner import draw_pack_banner, is_pack_banner, spread
from export.stepmania.companions import PICTURE_SUFFIXES
from export.stepmania.pack_ini import pack_ini

_INI, _BANNER = "Pack.ini", "banner.png"
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can say: equal packs shall give equal files
_PACKED = {".ogg", ".mp3", ".png", ".jpg", ".jpeg", ".osz", ".zip", ".mp4"}  # deflating these again gains nothing


def write_pack_ini(pack: Path, sync: str, source: Path) -> str:
    """Say in ``Pack.ini`` how the steps stand to the sound, unless someone wrote one; what to warn of, or nothing.

    source: the input, which may be a pack whose own file says otherwise
    Raises OutputError.
    """
    path, word = pack / _INI, f"SyncOffset={sync.upper()}"
    ours = {other: pack_ini(_name(pack), other) for other in ("null", "itg")}
    for each in (source / _INI, path):
        try:
            said = each.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            continue
        except OSError as error:
            return f"{each}: cannot be read ({error.strerror or error}); {path} was left as it is"
        if each == path and said in ours.values():
            continue
        if word.lower() not in said.lower().replace(" ", "") and "syncoffset" in said.lower():
            return f"{each}: its SyncOffset is not that of --sync {sync}; {path} was left as it is"
        if each == path:
            return ""
    write_text(path, ours[sync])
    return ""


def write_group_banner(pack: Path) -> str:
    """Draw the pack's banner of its songs' jackets, unless someone gave it a picture; what to warn of, or nothing.

    Raises OutputError.
    """
    target = pack / _BANNER
    pictures = [path for path in pack.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES and path.is_file()]
    try:
        if any(path != target or not is_pack_banner(path.read_bytes()) for path in pictures if path.name[0] != "."):
            return ""
        jackets = sorted(path for path in pack.glob("*/*") if path.name.endswith(art_name("", Role.JACKET)))
        banner = draw_pack_banner(_name(pack), [path.read_bytes() for path in spread(jackets)])
    except OSError as error:
        return f"{target}: was not drawn ({error})"
    write_bytes(target, banner)
    return ""


def write_zip(pack: Path) -> Path:
    """The pack as ``<pack>.zip`` beside it, ready for a Songs folder: its song folders, its ``Pack.ini`` and pictures.

    Raises OutputError.
    """
    name = _name(pack)
    target = (pack if pack.name == name else Path(os.path.abspath(pack))).with_name(f"{name}.zip")
    with whole_file(target) as draft, zipfile.ZipFile(draft, "w") as file:
        for path in _files(pack):
            packed = path.suffix.lower() in _PACKED
            inside = f"{name}/{path.relative_to(pack).as_posix()}"
            entry = zipfile.ZipInfo(inside.encode(errors="replace").decode(), _DATE)
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, file.open(entry, "w", force_zip64=path.stat().st_size > 1 << 31) as copy:
                while block := source.read(1 << 20):
                    copy.write(block)
    return target


def _files(pack: Path) -> Iterator[Path]:
    for path in sorted(pack.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_file() and (path.name == _INI or path.suffix.lower() in PICTURE_SUFFIXES):
            yield path
        if path.is_dir() and any(inner.name == RECORD_NAME or is_simfile(inner.name) for inner in path.iterdir()):
            yield from (inner for inner in sorted(path.rglob("*")) if inner.is_file())


def _name(pack: Path) -> str:
    return os.path.basename(os.path.abspath(pack))  # of a link, its own
