"""The music file that ships with a chart, and what it says of itself.

Games disagree on how much of an MP3's encoder delay to skip, by up to 50 ms; Ogg Vorbis they all decode alike, from its
first sample. So a chart's music is Ogg Vorbis made from what was analysed.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import soundfile

from charter.audio.decode import opened, stereo_blocks
from charter.errors import AudioError, OutputError

_QUALITY = 0.4  # libsndfile's 0 (best) to 1; about 190 kbit/s in stereo
_RATES = (44_100, 48_000)  # what the games' sound cards run at


@dataclass(frozen=True)
class Tags:
    """Title and artist as the file names them; empty where it does not."""

    title: str
    artist: str


def read_tags(path: Path) -> Tags:
    """The tags of an audio file. Raises AudioError as `decode`."""
    with opened(path) as container:
        found = {**container.streams.audio[0].metadata, **container.metadata}
    words = {name.lower(): value.strip() for name, value in found.items()}
    return Tags(words.get("title", ""), words.get("artist", ""))


def write_music(source: Path, target: Path) -> None:
    """The audio of ``source`` as Ogg Vorbis at ``target``: copied as it is if it is that already, else encoded.

    Raises AudioError for the source, OutputError for the target; the target is whole or absent.
    """
    with opened(source) as container:
        stream = container.streams.audio[0]
        is_vorbis = stream.codec_context.name == "vorbis" and container.format.name == "ogg"
        rate = _RATES[0] if stream.rate == _RATES[0] else _RATES[1]
    beside = target.with_name(f".{target.name}.part")
    try:
        if is_vorbis:
            shutil.copyfile(source, beside)
        else:
            _encode(source, beside, rate)
        os.replace(beside, target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror or error})") from error
    except soundfile.LibsndfileError as error:
        raise OutputError(f"{target}: cannot be written ({error})") from error
    finally:
        beside.unlink(missing_ok=True)


def _encode(source: Path, target: Path, rate: int) -> None:
    written = 0
    with soundfile.SoundFile(
        target, "w", samplerate=rate, channels=2, format="OGG", subtype="VORBIS", compression_level=_QUALITY
    ) as file:
        # In the decoder's blocks: one write of minutes overruns libsndfile's stack.
        for block in stereo_blocks(source, rate):
            file.write(block)
            written += len(block)
    if not written:
        raise AudioError(f"{source}: no sound could be decoded; is the file damaged or cut off?")
