"""Texts that people type: what neither a simfile nor a database can hold is refused at the border."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Any

from charter.errors import RequestError

_KEY = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_LONGEST_NAME, _LONGEST_ENDING = 200, 10


def checked_line(value: Any, what: str, longest: int) -> str:
    """A line of text, blanks at its ends gone. what: its name in the error. Raises RequestError."""
    text = checked_text(value, what, longest)
    if "\n" in text or "\t" in text:
        raise RequestError(f"{what} is to be one line, without tabs")
    return text


def checked_text(value: Any, what: str, longest: int) -> str:
    """A text that may have several lines, blanks at its ends gone. Raises RequestError."""
    if not isinstance(value, str):
        raise RequestError(f"{what} is to be a text")
    text = value.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise RequestError(f"{what} has {len(text)} characters; {longest} are allowed")
    if any((ord(character) < 32 and character not in "\n\t") or _is_lone(character) for character in text):
        raise RequestError(f"{what} holds characters that cannot be written")
    return text


def checked_key(value: Any) -> str:
    """The key by which a client names an edit, so that it counts once. Raises RequestError."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise RequestError("the key of an edit is 1 to 80 letters, digits, and . _ -")
    return value


def shown_name(name: str) -> str:
    """What a file was called, to be shown: the last part of whatever path came, with nothing that cannot be seen.

    One that is too long loses the end of its stem: the ending tells the kind.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    shown = " ".join(seen.split())
    if shown in ("", "."):  # a path of it has no name
        shown = "a file without a name"
    if len(shown) <= _LONGEST_NAME:
        return shown
    ending = PurePosixPath(shown).suffix
    ending = ending if len(ending) <= _LONGEST_ENDING else ""
    return shown[: _LONGEST_NAME - len(ending)] + ending


def _is_lone(character: str) -> bool:
    """Whether it is half of a surrogate pair, which UTF-8 has no bytes for."""
    return "\ud800" <= character <= "\udfff"
