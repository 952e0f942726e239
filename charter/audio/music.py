"""The music file that ships with a chart, and what it says of itself.

Games disagree on how much of an MP3's encoder delay to skip, by up to 50 ms; Ogg Vorbis they all decode alike, from its
first sample. So a chart's music is Ogg Vorbis made from what was analysed.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition
from numpy.typing import NDArray

from charter.audio.decode import no_sound, opened, stereo_blocks
from charter.audio.sound_file import write_sound
from charter.files import whole_file

_RATES = (44_100, 48_000)  # what the games' sound cards run at


@dataclass(frozen=True)
class Tags:
    """Title and artist as the file names them, and the picture in it; empty where there is none.

    cover: a picture file's bytes as they stand there, whatever they are
    """

    title: str
    artist: str
    cover: bytes = b""


def read_tags(path: Path) -> Tags:
    """The tags of an audio file. Raises AudioError as `decode`."""
    with opened(path) as container:
        found = {**container.streams.audio[0].metadata, **container.metadata}
        cover = _cover(container)
    words = {name.lower(): value.strip() for name, value in found.items()}
    return Tags(words.get("title", ""), words.get("artist", ""), cover)


def _cover(container: InputContainer) -> bytes:
    """The picture called the front cover, else the first. FFmpeg names a picture's kind, of ID3's list, a comment."""
    pictures = [stream for stream in container.streams.video if stream.disposition & Disposition.attached_pic]
    front = [stream for stream in pictures if stream.metadata.get("comment", "").lower() == "cover (front)"]
    for stream in front or pictures:
        try:
            return next((bytes(packet) for packet in container.demux(stream) if packet.size), b"")
        except av.FFmpegError:
            return b""
    return b""


def write_music(source: Path, target: Path) -> None:
    """The audio of ``source`` as Ogg Vorbis at ``target``: copied as it is if it is that already, else encoded.

    Raises AudioError for the source, OutputError for the target; the target is whole or absent.
    """
    with opened(source) as container:
        stream = container.streams.audio[0]
        is_vorbis = stream.codec_context.name == "vorbis" and container.format.name == "ogg"
        rate = _RATES[0] if stream.rate == _RATES[0] else _RATES[1]
    if is_vorbis:
        with whole_file(target) as beside:
            shutil.copyfile(source, beside)
    else:
        write_sound(target, _some(stereo_blocks(source, rate), source), rate, channels=2)


def _some(blocks: Iterator[NDArray[np.float32]], source: Path) -> Iterator[NDArray[np.float32]]:
    """The same blocks; raises AudioError where there is no sound in them."""
    heard = False
    for block in blocks:
        yield block
        heard = heard or len(block) > 0
    if not heard:
        raise no_sound(source)
