"""What a pack has beside its songs: ``Pack.ini``, a banner, and itself as one zip file."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from charter.batch.report import LINES_NAME, PAGE_NAME
from charter.files import whole_file, write_bytes, write_text
from export.art.look import Role, art_name
from export.art.pack_banner import draw_pack_banner, is_pack_banner, spread
from export.stepmania.pack_ini import pack_ini

_INI, _BANNER = "Pack.ini", "banner.png"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")
_REPORTS = {LINES_NAME, PAGE_NAME}
_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can say: equal packs shall give equal files
_PACKED = {".ogg", ".mp3", ".png", ".jpg", ".jpeg", ".osz", ".zip", ".mp4"}  # deflating these again gains nothing


def write_pack_ini(pack: Path, sync: str) -> str:
    """Say in ``Pack.ini`` how the steps stand to the sound, unless someone wrote one; what to warn of, or nothing.

    Raises OutputError.
    """
    path = pack / _INI
    wanted = pack_ini(pack.resolve().name, sync)
    try:
        there = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        there = ""
    except OSError as error:
        return f"{path}: cannot be read ({error.strerror or error}), and was left as it is"
    ours = {pack_ini(pack.resolve().name, other) for other in ("null", "itg")}
    if there and there not in ours:
        agrees = f"SyncOffset={sync.upper()}" in there
        return "" if agrees else f"{path}: was left as it is; its SyncOffset is not {sync.upper()}"
    if there != wanted:
        write_text(path, wanted)
    return ""


def write_group_banner(pack: Path) -> None:
    """Draw the pack's banner of its songs' jackets, unless someone gave it a picture. Raises OutputError."""
    target = pack / _BANNER
    pictures = [path for path in pack.iterdir() if path.suffix.lower() in _PICTURES and not path.name.startswith(".")]
    if any(path != target or not is_pack_banner(path.read_bytes()) for path in pictures):
        return
    jackets = sorted(path for path in pack.glob("*/*") if path.name.endswith(art_name("", Role.JACKET)))
    write_bytes(target, draw_pack_banner(pack.resolve().name, [path.read_bytes() for path in spread(jackets)]))


def write_zip(pack: Path) -> Path:
    """The pack as ``<pack>.zip`` beside it, ready for a Songs folder: all of it but reports and drafts.

    Raises OutputError.
    """
    pack = pack.resolve()
    target = pack.with_name(f"{pack.name}.zip")
    with whole_file(target) as draft, zipfile.ZipFile(draft, "w") as file:
        for path in _files(pack):
            packed = path.suffix.lower() in _PACKED
            entry = zipfile.ZipInfo(str(path.relative_to(pack.parent)), _DATE)
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, file.open(entry, "w", force_zip64=path.stat().st_size > 1 << 31) as copy:
                while block := source.read(1 << 20):
                    copy.write(block)
    return target


def _files(pack: Path) -> Iterator[Path]:
    for path in sorted(pack.iterdir()):
        if path.name.startswith(".") or path.name in _REPORTS:
            continue
        yield from (inner for inner in sorted(path.rglob("*")) if inner.is_file()) if path.is_dir() else (path,)
