"""Texts that people type: what neither a simfile nor a database can hold is refused at the border."""

import re
from typing import Any

from charter.errors import RequestError

_KEY = re.compile(r"[A-Za-z0-9_.-]{1,80}")


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


def _is_lone(character: str) -> bool:
    """Whether it is half of a surrogate pair, which UTF-8 has no bytes for."""
    return "\ud800" <= character <= "\udfff"
