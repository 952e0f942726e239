"""How sound becomes numbers for the networks: every figure once, the others derived."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class AudioSpec:
    """A log-mel front end.

    sample_rate: Hz; audio is resampled to it
    hop: samples from frame to frame
    windows: samples, one spectrogram each, all at the same hop
    mels: bands of each, between ``f_min`` and ``f_max`` (Hz)
    """

    sample_rate: int = 24_000
    hop: int = 240
    windows: tuple[int, ...] = (512, 2048)
    mels: int = 64
    f_min: float = 30.0
    f_max: float = 11_500.0

    @property
    def frames_per_second(self) -> float:
        """Frames per second of audio."""
        return self.sample_rate / self.hop

    def bands_below(self, hertz: float) -> int:
        """How many of the lowest mel bands are centred below a frequency; at least one."""
        lowest, highest, wanted = (2595 * math.log10(1 + f / 700) for f in (self.f_min, self.f_max, hertz))
        return max(1, math.floor((wanted - lowest) / (highest - lowest) * (self.mels + 1)))
