"""Whether an upload is a song: told by decoding it, in a process that may die of it."""

from pathlib import Path

from charter.audio.decode import stated_duration, stereo_blocks
from charter.batch.discover import holds_audio
from charter.errors import AudioError

LONGEST_SECONDS = 3600.0
_RATE = 8_000  # Hz, at which a song is decoded for its length alone


def check_upload(path: Path) -> None:
    """Raises AudioError for what is no audio, or more than an hour of it; a header that lies is not believed."""
    if not holds_audio(path):
        raise AudioError(f"{path}: is not audio that can be read; does its content match its name?")
    stated = stated_duration(path)
    if stated is not None and stated > LONGEST_SECONDS:
        raise AudioError(_too_long(path))
    frames = 0
    for block in stereo_blocks(path, _RATE):
        frames += len(block)
        if frames > LONGEST_SECONDS * _RATE:
            raise AudioError(_too_long(path))
    if not frames:
        raise AudioError(f"{path}: no sound could be decoded; is the file damaged or cut off?")


def _too_long(path: Path) -> str:
    return f"{path}: lasts more than {LONGEST_SECONDS / 3600:g} h; is it a song, or a whole set?"
