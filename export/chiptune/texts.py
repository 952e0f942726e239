"""Titles in the narrow fields of old formats."""

import unicodedata


def ascii_text(text: str, length: int) -> str:
    """A text in so many ASCII characters at most: marks dropped, other scripts as ``?``; empty if nothing is left."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if c.isprintable() and not unicodedata.combining(c))
    if not any(c.isascii() and c.isalnum() for c in plain):
        return ""
    return plain.encode("ascii", "replace")[:length].decode("ascii")
