"""One song's audio, as every network wants to have it."""

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
        # Not `functools.cache` of a method: a song that refers to itself would stay in memory beside the next one.
        self._decoded: dict[int, Audio] = {}
        self._features: dict[AudioSpec, NDArray[np.float32]] = {}

    def audio(self, spec: AudioSpec) -> Audio:
        """The samples at a spec's rate. Raises AudioError as `decode`."""
        if spec.sample_rate not in self._decoded:
            self._decoded[spec.sample_rate] = decode(self.path, spec.sample_rate)
        return self._decoded[spec.sample_rate]

    def mel(self, spec: AudioSpec) -> NDArray[np.float32]:
        """Log-mel features, (frames, mels, windows). Raises AudioError as `decode`."""
        if spec not in self._features:
            self._features[spec] = log_mel(self.audio(spec), spec)
        return self._features[spec]
