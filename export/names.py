"""Titles as names of files and folders, on every system a pack may be copied to."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

# A name may take 255 bytes on Linux and macOS and as many UTF-16 units on Windows, of which UTF-8 never needs fewer.
MAX_NAME_BYTES = 255
_EXTENSION_BYTES = 23  # left free for what the caller appends

_RESERVED_CHARACTERS = frozenset('<>:"/\\|?*')
_RESERVED_NAMES = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE | re.DOTALL
)
_ZERO_WIDTH_JOINER = "\u200d"
_NAMELESS = "untitled"


def safe_name(title: str, *, max_bytes: int = MAX_NAME_BYTES - _EXTENSION_BYTES) -> str:
    """A title as a name that is valid on Linux, macOS and Windows, never empty and never hidden.

    It is in NFC and takes at most ``max_bytes`` bytes of UTF-8, by default short enough for an extension to follow.
    What a system reserves becomes ``_``; letters of all scripts and emoji stay.
    """
    name = "".join(_safe_character(character) for character in unicodedata.normalize("NFC", title))
    name = _cut(" ".join(name.split()), max_bytes)
    if name.startswith(".") or _RESERVED_NAMES.fullmatch(name):
        name = _cut(f"_{name}", max_bytes)
    return name or _NAMELESS


def numbered(name: str) -> Iterator[str]:
    """A name, and then the same with a number behind it, without end: ``Song``, ``Song (2)``, ``Song (3)``, …"""
    yield name
    yield from (f"{name} ({number})" for number in count(2))


def _safe_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    # A lone surrogate is a byte of a file name that is not UTF-8: it cannot be written as text.
    return "_" if character in _RESERVED_CHARACTERS or category == "Cs" else character


def _cut(name: str, max_bytes: int) -> str:
    """At most so many bytes of a name, by whole characters, without an end that Windows would drop."""
    return name.encode()[:max_bytes].decode(errors="ignore").rstrip(f" .{_ZERO_WIDTH_JOINER}")


def folded(name: str) -> str:
    """What the names have in common that macOS or Windows take for one: in any case, accents composed or apart."""
    return unicodedata.normalize("NFC", name).casefold()


def with_ending(stem: str, ending: str) -> str:
    """A file's name from its stem, which is cut where both together would be too long for a name."""
    room = MAX_NAME_BYTES - len(ending.encode())
    return (stem if len(stem.encode()) <= room else _cut(stem, room)) + ending
