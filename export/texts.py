"""Titles in the fields of other formats."""

import unicodedata


def one_line(text: str) -> str:
    """A text without what would end its line or its file: control characters as spaces, what UTF-8 lacks as ``?``.

    In most text formats, what stands behind a line break would be read as another field.
    """
    visible = "".join(" " if _breaks(character) else character for character in text)
    return visible.encode(errors="replace").decode()  # without the halves of characters that UTF-8 cannot write


def _breaks(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Zl", "Zp")


def ascii_text(text: str, length: int) -> str:
    """A text in so many ASCII characters at most: marks dropped, other scripts as ``?``; empty if nothing is left."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if c.isprintable() and not unicodedata.combining(c))
    if not any(c.isascii() and c.isalnum() for c in plain):
        return ""
    return plain.encode("ascii", "replace")[:length].decode("ascii")
