"""Which songs train, validate and test: committed lists of song ids, so that every result names its own."""

import hashlib
import os
import zlib
from pathlib import Path

from charter.errors import RequestError

SPLITS = ("train", "valid", "test")
_FOLDER = Path(__file__).parent / "splits"
_STYLES = Path(__file__).parent / "styles"
_HASH_DIGITS = 16


def read_split(name: str) -> frozenset[str]:
    """The song ids of ``train``, ``valid`` or ``test``. Raises RequestError for any other name."""
    if name not in SPLITS:
        raise RequestError(f"no split is called {name!r}; there are {', '.join(SPLITS)}")
    return frozenset((_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines())


def read_style(name: str) -> frozenset[str]:
    """The ids of the songs and charts of one style of steps. Raises RequestError where there is no such list."""
    path = _STYLES / f"{name}.txt"
    if not path.is_file():
        known = ", ".join(sorted(path.stem for path in _STYLES.glob("*.txt")))
        raise RequestError(f"no list of a style is called {name!r}; there are {known}")
    return frozenset(path.read_text(encoding="utf-8").splitlines())


def split_hash() -> str:
    """16 hex digits that change with any id of any list; a checkpoint carries them."""
    digest = hashlib.sha256()
    for name in SPLITS:
        digest.update("\n".join((name, *sorted(read_split(name)), "")).encode())
    return digest.hexdigest()[:_HASH_DIGITS]


def song_number(song_id: str) -> int:
    """A number that depends on nothing but the id, on every machine."""
    return zlib.crc32(os.fsencode(song_id))  # a folder's name may be in any encoding


def is_held_out(song_id: str, one_of: int) -> bool:
    """Whether a song is among every ``one_of``-th that a training may leave out; none are at 0. By its id alone."""
    return one_of > 0 and song_number(song_id) % one_of == 0


def is_within_share(song_id: str, share: float) -> bool:
    """Whether a song is among a share (0..1) of all songs: by its id alone, and within every larger share too."""
    # The id backwards, so that this has nothing to do with which songs are held out.
    return zlib.crc32(song_id.encode()[::-1]) < share * 2**32
