"""Sound into files, block by block, so that hours need no more memory than seconds; whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from charter.audio.ogg import set_serial
from charter.errors import OutputError, RequestError
from charter.files import whole_file

_VORBIS_QUALITY = 0.4  # libsndfile's 0 (best) to 1; about 190 kbit/s in stereo
_FORMATS = {".ogg": ("OGG", "VORBIS", _VORBIS_QUALITY), ".wav": ("WAV", "PCM_16", None)}
SUFFIXES = tuple(_FORMATS)
_MOST_FRAMES = 1 << 16  # of one write: libsndfile's Vorbis encoder overruns its stack on minutes
_MOST_WAV_BYTES = (1 << 32) - (1 << 16)  # a RIFF file counts its bytes in 32 bits


def write_sound(
    target: Path, blocks: Iterable[NDArray[np.float32]], rate: int, channels: int, *, title: str = "", artist: str = ""
) -> int:
    """Write a sound; the suffix of ``target`` says the format, ``.wav`` (16 bits) or ``.ogg`` (Vorbis).

    blocks: (frames, channels) or, of one channel, (frames,); beyond full scale they are clipped
    The same blocks are the same bytes, whenever they are written.
    -> how many frames there were. Raises RequestError for another suffix, OutputError for the target.
    """
    suffix = target.suffix.lower()
    if suffix not in _FORMATS:
        raise RequestError(f"{target}: a sound is written as {' or '.join(_FORMATS)}; what is the file's name?")
    container, coding, level = _FORMATS[suffix]
    most = _MOST_WAV_BYTES // (2 * channels) if suffix == ".wav" else None
    written = 0
    try:
        with whole_file(target) as beside:
            with soundfile.SoundFile(
                beside, "w", rate, channels, coding, format=container, compression_level=level
            ) as file:
                if title:
                    file.title = _writable(title)
                if artist:
                    file.artist = _writable(artist)
                for block in blocks:
                    written += len(block)
                    if most is not None and written > most:
                        raise OutputError(f"{target}: a .wav file ends at 4 GB; write an .ogg, or a passage")
                    for start in range(0, len(block), _MOST_FRAMES):
                        file.write(block[start : start + _MOST_FRAMES])
            if container == "OGG":
                set_serial(beside)
    except soundfile.LibsndfileError as error:
        raise OutputError(f"{target}: cannot be written ({error})") from error
    return written


def _writable(text: str) -> str:
    """Text without the halves of characters that UTF-8 cannot write, as names of files may hold them."""
    return text.encode(errors="replace").decode()
