"""How sound becomes numbers for the networks: every figure once, the others derived."""

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
