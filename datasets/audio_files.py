"""What a corpus needs to know of an audio file without decoding it."""

import hashlib
from pathlib import Path

from charter.errors import AudioError


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Raises AudioError if the file cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AudioError(f"{path}: cannot be read ({error.strerror or error})") from error
