"""What a corpus needs to know of an audio file without decoding it."""

import hashlib
from pathlib import Path

import av

from charter.errors import AudioError


def duration_of(path: Path) -> float:
    """Length in seconds, as the file's header states it. Raises AudioError if the file is no audio, or states none."""
    try:
        # An open file, not its name: FFmpeg would read names such as "http:x.ogg" as addresses.
        with path.open("rb") as file, av.open(file, mode="r") as container:
            length = container.duration if container.streams.audio else None
    except OSError as error:  # FFmpeg's errors are among them
        raise AudioError(f"{path}: cannot be read as audio ({error.strerror or error})") from error
    except ValueError as error:
        raise AudioError(f"{path}: cannot be read as audio ({error})") from error
    if not length:
        raise AudioError(f"{path}: holds no audio of a known length")
    return float(length / av.time_base)


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex. Raises AudioError if the file cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AudioError(f"{path}: cannot be read ({error.strerror or error})") from error
