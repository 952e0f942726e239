"""One song's audio, as every network wants to have it."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from charter.audio.decode import Audio, decode
from charter.audio.features import log_mel
from charter.audio.spec import AudioSpec


class SongAudio:
    """Decodes a file and computes its features when asked, each only once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._decoded = cache(lambda rate: decode(path, rate))
        self._features = cache(lambda spec: log_mel(self.audio(spec), spec))

    def audio(self, spec: AudioSpec) -> Audio:
        """The samples at a spec's rate. Raises AudioError as `decode`."""
        return self._decoded(spec.sample_rate)

    def mel(self, spec: AudioSpec) -> NDArray[np.float32]:
        """Log-mel features, (frames, mels, windows). Raises AudioError as `decode`."""
        return self._features(spec)
