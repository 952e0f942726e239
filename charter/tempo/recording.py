"""A recording as the search for its beats sees it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from charter.audio import AudibleSpan, Audio
from charter.audio.spec import AudioSpec
from charter.tempo.activation import Activation
from charter.tempo.envelope import Onsets, find_onsets, onset_envelope
from charter.tempo.pulse import Sharpener

_BASS_HZ = 250.0
_BASS_RISE_SECONDS = 0.03


@dataclass(frozen=True, eq=False)
class Recording:
    """Onsets, what the beat net hears, and where the music is.

    envelope: onset envelope at 1 ms; bass: how much the low bands rise, by the frame of ``bass_rate`` a second
    """

    envelope: NDArray[np.float32]
    bass: NDArray[np.float32]
    bass_rate: float
    activation: Activation
    span: AudibleSpan

    @classmethod
    def of(
        cls, audio: Audio, mel: NDArray[np.float32], spec: AudioSpec, activation: Activation, span: AudibleSpan
    ) -> "Recording":
        """mel: (frames, mels, windows) of ``spec``, whose longest window hears the bass."""
        low = mel[:, : spec.bands_below(_BASS_HZ), int(np.argmax(spec.windows))].mean(axis=1)
        apart = round(_BASS_RISE_SECONDS * spec.frames_per_second)
        before = apart // 2
        rises = np.maximum(low[apart:] - low[:-apart], 0)
        bass = np.pad(rises, (before, apart - before)) / max(float(rises.mean()), 1e-9)
        return cls(onset_envelope(audio), bass.astype(np.float32), spec.frames_per_second, activation, span)

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

    def bass_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much the bass rises at these times, beside its mean; same shape."""
        at = np.rint(seconds * self.bass_rate).astype(np.int64)
        return np.asarray(self.bass[np.clip(at, 0, len(self.bass) - 1)], dtype=np.float64)
