"""Features kept between runs, by the content of the audio and the spec they were made with."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from charter.audio.decode import Audio, decode
from charter.audio.features import log_mel
from charter.audio.loudness import AudibleSpan, audible_span
from charter.audio.spec import AudioSpec
from charter.files import make_folder, whole_file

# Raised when `log_mel` or `audible_span` changes what it gives for the same audio and spec.
FEATURES_VERSION = 2


@dataclass(frozen=True, eq=False)
class Heard:
    """What the networks need of a recording.

    mel: (frames, mels, windows) float16; duration: seconds; span: where its music is, or None in silence
    """

    mel: NDArray[np.float16]
    duration: float
    span: AudibleSpan | None


def heard(audio: Path, spec: AudioSpec, cache: Path | None = None, rate: int | None = None) -> Heard:
    """The features of an audio file, from the cache folder if they are there, else computed and put there.

    rate: samples per second to take it at; where that is not the spec's, it is heard faster or slower than it is
    Raises AudioError as `decode`, and OutputError where the cache cannot be written.
    """
    if rate is None:
        rate = spec.sample_rate
    if cache is None:
        return _listen(audio, spec, rate)
    file = cache / f"{_key(audio, spec, rate)}.npz"
    if file.exists():
        with np.load(file) as stored:
            return _unpacked(stored)
    fresh = _listen(audio, spec, rate)
    make_folder(cache)
    span = np.array(fresh.span if fresh.span else [], dtype=np.float64)
    # Several processes may fill one cache: each writes a file of its own.
    with whole_file(file) as draft, draft.open("wb") as opened:
        np.savez(opened, mel=fresh.mel, duration=np.float64(fresh.duration), span=span)
    return fresh


def _listen(path: Path, spec: AudioSpec, rate: int) -> Heard:
    audio = Audio(decode(path, rate).samples, spec.sample_rate)
    return Heard(log_mel(audio, spec).astype(np.float16), audio.duration, audible_span(audio))


def _unpacked(stored: Mapping[str, NDArray[np.float64]]) -> Heard:
    span = stored["span"]
    mel = stored["mel"].astype(np.float16, copy=False)
    return Heard(mel, float(stored["duration"]), AudibleSpan(*map(float, span)) if span.size else None)


def _key(audio: Path, spec: AudioSpec, rate: int) -> str:
    digest = hashlib.sha256(audio.read_bytes())
    taken = [] if rate == spec.sample_rate else [rate]
    digest.update(json.dumps([FEATURES_VERSION, asdict(spec), *taken], sort_keys=True).encode())
    return digest.hexdigest()[:32]
