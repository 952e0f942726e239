"""Any audio file to mono samples at one rate.

FFmpeg (through PyAV) decodes, so that the encoder's delay is trimmed as in the games that use it. Everything is float
from the decoder on: loud masters peak above full scale, and integers would clip them.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader
from itertools import groupby
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from charter.audio.blocks import passage
from charter.errors import AudioError

MOST_CHANNELS = 7
LOWEST_RATE, HIGHEST_RATE = 1000, 1_000_000  # samples a second, of any recording
LONGEST_HOURS = 6
_JOINED_SAMPLES = 1 << 14
_HASHED_BYTES = 1 << 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Audio:
    """A mono recording.

    samples: (n,), nominally within -1..1, but loud music goes beyond; always finite
    rate: samples per second
    """

    samples: NDArray[np.float32]
    rate: int

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


def decode(path: Path, rate: int, span: tuple[float, float] | None = None) -> Audio:
    """The first audio stream of a file, as the mean of its channels, at ``rate`` samples per second.

    span: seconds from and to, as far as there are any; None for all
    Sample 0 is the span's start or the stream's first sound, without the encoder's padding. A file that breaks off or
    is damaged in places gives what can be decoded, with a warning in the log.

    Raises AudioError where there is nothing to decode: no file, no audio in it, or nothing readable.
    """
    start, end = (0, None) if span is None else (round(second * rate) for second in span)
    with opened(path) as container:
        mono = (chunk.mean(axis=0, dtype=np.float32) for chunk in _resampled(_frames(container, path), rate))
        chunks = list(_not_too_many(passage(mono, start, end), rate, path))
    if not chunks:
        raise no_sound(path)
    samples = np.concatenate(chunks)
    # Games play a broken sample as silence; left in, one NaN would make every feature and score NaN.
    np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return Audio(samples, rate)


def no_sound(path: Path) -> AudioError:
    """What is raised where a file that opens holds no sound."""
    return AudioError(f"{path}: no sound could be decoded; is the file damaged or cut off?")


def _not_too_many(chunks: Iterator[NDArray[np.float32]], rate: int, path: Path) -> Iterator[NDArray[np.float32]]:
    """The same; raises AudioError where they last too long, which silence in a small file may."""
    samples = 0
    for chunk in chunks:
        samples += len(chunk)
        if samples > LONGEST_HOURS * 3600 * rate:
            raise AudioError(f"{path}: lasts over {LONGEST_HOURS} hours; is it a song?")
        yield chunk


def stereo_blocks(path: Path, rate: int) -> Iterator[NDArray[np.float32]]:
    """The first audio stream of a file as blocks of (n, 2) samples, for copying: only a block is held at a time.

    Raises AudioError as `decode`, except that a file without a sound gives no block.
    """
    with opened(path) as container:
        # FFmpeg mixes many channels down well, but would play a single one 3 dB softer on each of two.
        layout = "stereo" if container.streams.audio[0].channels > 2 else None
        for chunk in _resampled(_frames(container, path), rate, layout):
            both = np.repeat(chunk, 2, axis=0) if len(chunk) == 1 else chunk[:2]
            yield np.nan_to_num(np.ascontiguousarray(both.T), copy=False, nan=0.0, posinf=0.0, neginf=0.0)


def stated_duration(path: Path) -> float | None:
    """Length in seconds, as the file's header states it; None where it does not. Raises AudioError as `decode`."""
    with opened(path) as container:
        length = container.duration
    return float(length / av.time_base) if length else None


def sound_hash(path: Path) -> str:
    """16 hex digits of the first audio stream as it is coded: other tags leave it the same. Raises AudioError.

    (In an Ogg file a picture among the tags does change it, for it moves the numbers of the pages behind.)
    """
    with opened(path) as container:
        stream = container.streams.audio[0]
        digest = hashlib.sha256(f"{stream.codec_context.name} {stream.rate} {stream.channels} ".encode())
        start, end = _coded_span(container)
    try:
        with path.open("rb") as file:
            file.seek(start)
            left = end - start if end else path.stat().st_size
            while left > 0 and (block := file.read(min(left, _HASHED_BYTES))):
                digest.update(block)
                left -= len(block)
    except OSError as error:
        raise AudioError(f"{path}: cannot be read: {error.strerror or error}") from None
    return digest.hexdigest()[:16]


def _coded_span(container: InputContainer) -> tuple[int, int]:
    """The bytes of a file from its first packet of audio to behind its last; an end of 0 where that is not known.

    Going through all packets would take thirty times as long as reading the file.
    """
    stream = container.streams.audio[0]
    with suppress(av.FFmpegError):
        first = next((packet.pos for packet in container.demux(stream) if packet.size), None)
        second = round(1 / stream.time_base) if stream.time_base else 0
        container.seek(max((stream.duration or 0) - second, 0), stream=stream)
        ends = [
            packet.pos + packet.size for packet in container.demux(stream) if packet.size and packet.pos is not None
        ]
        if first is not None and ends and 0 <= first < ends[-1]:
            return first, ends[-1]
    return 0, 0


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """A file with audio as a PyAV container, every failure to open it told as an AudioError."""
    try:
        # An open file, not its name: FFmpeg would read names such as "http:x.ogg" as addresses.
        file = path.open("rb")
    except FileNotFoundError:
        raise AudioError(f"{path}: no such file; is the name spelt right?") from None
    except IsADirectoryError:
        raise AudioError(f"{path}: is a folder; name the audio file inside it") from None
    except PermissionError:
        raise AudioError(f"{path}: may not be read; check the file's permissions") from None
    except OSError as error:
        raise AudioError(f"{path}: cannot be opened: {error.strerror or error}") from None
    with file, _container(file, path) as container:
        if not container.streams.audio:
            raise AudioError(f"{path}: holds no audio; is it a picture or a video without sound?")
        if container.streams.audio[0].codec_context is None:  # which all else of a stream is asked of
            raise AudioError(f"{path}: is coded in a way that nothing here can decode; is it protected?")
        channels = container.streams.audio[0].channels
        if channels > MOST_CHANNELS:  # more of them crash PyAV's arrays
            raise AudioError(f"{path}: has {channels} channels; mix it down to at most {MOST_CHANNELS}")
        yield container


def _container(file: BufferedReader, path: Path) -> InputContainer:
    if not file.peek(1):
        raise AudioError(f"{path}: is empty; was its download or copy cut off?")
    try:
        # A playlist or a stream's description names other files and addresses; none of them is opened. Tags may
        # be in any encoding.
        return av.open(file, mode="r", options={"protocol_whitelist": "none"}, metadata_errors="replace")
    except av.FFmpegError:
        raise AudioError(f"{path}: is not audio that can be read; does its content match its name?") from None


def _frames(container: InputContainer, path: Path) -> Iterator[av.AudioFrame]:
    """The decoded frames of the first audio stream; damaged packets are left out, as players do."""
    stream = container.streams.audio[0]
    damaged = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            break
        except av.FFmpegError as error:
            _log.warning("%s: breaks off: %s", path, error.strerror)
            break
        try:
            frames = packet.decode()
        except av.FFmpegError:
            damaged += 1
            continue
        for frame in frames:
            if not LOWEST_RATE <= frame.sample_rate <= HIGHEST_RATE:  # a few kilobytes would become hours of silence
                raise AudioError(f"{path}: has {frame.sample_rate} samples a second; is its header damaged?")
            yield frame
    if damaged:
        _log.warning("%s: %d damaged packets were left out", path, damaged)


def _resampled(frames: Iterator[av.AudioFrame], rate: int, layout: str | None = None) -> Iterator[NDArray[np.float32]]:
    """Chunks of planar samples (channels, n) at ``rate``, in the file's own channels unless a layout is given.

    `decode` takes the mean itself: FFmpeg's own downmix to mono is no mean.
    """
    resampler: av.AudioResampler | None = None
    signature = None
    for frame in _joined(frames):
        if resampler is None or signature != _signature(frame):
            # A resampler accepts one kind of frame; joined MP3s change theirs midway.
            yield from _flushed(resampler)
            signature = _signature(frame)
            resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
        yield from map(_planar, resampler.resample(frame))
    yield from _flushed(resampler)


def _joined(frames: Iterator[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    """The same samples in fewer, longer frames: a codec's own are so short that handling each costs more than decoding.

    Their times are dropped: as in games, what a stream leaves out is not filled with silence.
    """
    for _, alike in groupby(frames, key=_signature):
        fifo = av.AudioFifo()
        for frame in alike:
            frame.pts = None
            fifo.write(frame)
            if fifo.samples >= _JOINED_SAMPLES:
                yield from _emptied(fifo)
        yield from _emptied(fifo)


def _emptied(fifo: av.AudioFifo) -> Iterator[av.AudioFrame]:
    """All that is in it, as one frame; none where there is nothing."""
    frame = fifo.read()
    if frame is not None:
        yield frame


def _signature(frame: av.AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _flushed(resampler: av.AudioResampler | None) -> Iterator[NDArray[np.float32]]:
    """What a resampler still holds; a resampler that only passes frames on holds nothing."""
    if resampler is not None:
        yield from (_planar(frame) for frame in resampler.resample(None) if frame is not None)


def _planar(frame: av.AudioFrame) -> NDArray[np.float32]:
    """A planar float frame's samples, (channels, n)."""
    return np.asarray(frame.to_ndarray(), dtype=np.float32)
