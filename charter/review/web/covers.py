"""A song's picture for lists: the jacket of its folder, or else its banner."""

import re
from pathlib import Path

from charter.song_draft import is_simfile

PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".bmp": "image/bmp"}
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_TAGS = re.compile(rb"#(JACKET|BANNER):([^;\r\n]{1,255});", re.IGNORECASE)
_HEAD = 100_000  # bytes of a simfile in which its song's tags stand
_LARGEST = 20_000_000
_BY_NAME = (re.compile(r"jacket|albumart|^jk_"), re.compile(r"banner|[ -]bn$"))


def cover(folder: Path) -> tuple[Path, str] | None:
    """A picture that lies in a song's folder itself, and its media type.

    A tag of a simfile may say anything; it only chooses among the folder's own files.
    """
    try:
        files = [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
    except OSError:
        return None
    pictures = {path.name.lower(): path for path in sorted(files) if path.suffix.lower() in PICTURES}
    wanted = [pictures.get(name) for name in _tagged(files)]
    wanted += [path for rule in _BY_NAME for name, path in pictures.items() if rule.search(Path(name).stem)]
    for path in wanted:
        if path is not None and _is_picture(path):
            return path, PICTURES[path.suffix.lower()]
    return None


def _tagged(files: list[Path]) -> list[str]:
    """What simfiles say, jackets first."""
    found: list[tuple[bytes, str]] = []
    for path in sorted(files, key=lambda path: path.suffix.lower() != ".ssc"):
        if is_simfile(path.name):
            with path.open("rb") as file:
                head = file.read(_HEAD)
            found += [
                (tag.upper(), name.decode("utf-8", "replace").strip().lower()) for tag, name in _TAGS.findall(head)
            ]
    return [name for _, name in sorted(found, key=lambda pair: pair[0] != b"JACKET")]


def _is_picture(path: Path) -> bool:
    with path.open("rb") as file:
        beginning = file.read(8)
    return beginning.startswith(_BEGINNINGS) and path.stat().st_size <= _LARGEST
