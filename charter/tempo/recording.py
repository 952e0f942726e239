"""A recording as the search for its beats sees it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from charter.audio import AudibleSpan, Audio
from charter.audio.spec import AudioSpec
from charter.tempo.activation import Activation
from charter.tempo.envelope import RATE, Onsets, find_onsets, onset_envelope
from charter.tempo.pulse import Sharpener

_CHANGE_SECONDS, _ATTACK_SECONDS = 0.6, 0.02


@dataclass(frozen=True, eq=False)
class Recording:
    """Onsets, what the beat net hears, and where the music is.

    envelope: onset envelope at 1 ms
    change: by frame, ``frame_rate`` a second, how much the moment after differs from the moment before: chords and
    fills turn on beats, and most on downbeats
    """

    envelope: NDArray[np.float32]
    change: NDArray[np.float32]
    frame_rate: float
    activation: Activation
    span: AudibleSpan

    @classmethod
    def of(
        cls, audio: Audio, mel: NDArray[np.float32], spec: AudioSpec, activation: Activation, span: AudibleSpan
    ) -> "Recording":
        """mel: (frames, mels, windows) of ``spec``, whose longest window hears pitches best."""
        rate = spec.frames_per_second
        pitches = mel[:, :, int(np.argmax(spec.windows))]
        change = _changes(pitches, round(_CHANGE_SECONDS * rate), round(_ATTACK_SECONDS * rate))
        return cls(onset_envelope(audio), change, rate, activation, span)

    @property
    def seconds(self) -> float:
        """Length of the music."""
        return self.span.end - self.span.start

    @cached_property
    def sharpener(self) -> Sharpener:
        """What brings a pulse to this recording's attacks."""
        return Sharpener(self.envelope)

    @cached_property
    def onsets(self) -> Onsets:
        """The attacks."""
        return find_onsets(self.envelope)

    def attacks_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much sets in at these times, beside its mean; same shape."""
        return _sampled(self.sharpener.attacks, seconds, RATE)

    def change_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much the sound changes at these times, beside its mean; same shape."""
        return _sampled(self.change, seconds, self.frame_rate)


def _sampled(values: NDArray[np.float32], seconds: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    at = np.clip(np.rint(seconds * rate).astype(np.int64), 0, len(values) - 1)
    return np.asarray(values[at] / (values.mean() + 1e-12), dtype=np.float64)


def _changes(mel: NDArray[np.float32], length: int, attack: int) -> NDArray[np.float32]:
    """Mean square difference of the bands' means in the ``length`` frames after and before each frame; (frames,).

    attack: frames by which a window sees a sound before it is there
    """
    frames = np.arange(len(mel)) - attack
    before, now, after = (np.clip(frames + shift, 0, len(mel)) for shift in (-length, 0, length))
    lengths = np.maximum(now - before, 1), np.maximum(after - now, 1)
    change = np.zeros(len(mel))
    for band in mel.T:  # one by one, so that an hour's mix needs no second copy of its features
        total = np.concatenate([[0.0], np.cumsum(band, dtype=np.float64)])
        change += np.square((total[after] - total[now]) / lengths[1] - (total[now] - total[before]) / lengths[0])
    return np.asarray(change / mel.shape[1], dtype=np.float32)
