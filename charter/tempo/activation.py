"""What the beat net hears in a recording."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit

from charter.model.beats import BeatNet

_BLOCK_TOKENS = 9000  # bounds memory on long recordings


@dataclass(frozen=True, eq=False)
class Activation:
    """Probabilities of a beat and of a downbeat, (tokens,) each; token ``i`` is at second ``i / rate``."""

    beat: NDArray[np.float32]
    downbeat: NDArray[np.float32]
    rate: float

    def beat_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of a beat at these times; 0 outside the recording. Same shape."""
        return self._at(self.beat, seconds)

    def downbeat_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of a downbeat at these times; 0 outside the recording. Same shape."""
        return self._at(self.downbeat, seconds)

    def _at(self, values: NDArray[np.float32], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.interp(seconds * self.rate, np.arange(len(values)), values, left=0.0, right=0.0))


@torch.inference_mode()
def hear_beats(net: BeatNet, mel: NDArray[np.float32]) -> Activation:
    """The net's answer for a whole recording; mel: (frames, mels, windows) of the net's own spec.

    Long recordings are heard block by block, with as much on either side as the net can see: the answer is the same.
    """
    hops = net.config.hops_per_token
    tokens = len(mel) // hops
    margin = net.reach
    odds = np.empty((2, tokens), dtype=np.float32)
    for start in range(0, tokens, _BLOCK_TOKENS):
        stop = min(start + _BLOCK_TOKENS, tokens)
        first, last = max(0, start - margin), min(tokens, stop + margin)
        block = torch.from_numpy(mel[first * hops : last * hops]).permute(2, 0, 1)[None]
        odds[:, start:stop] = net(block)[0, :, start - first : stop - first].numpy()
    beat, downbeat = expit(odds)
    return Activation(beat, downbeat, net.config.tokens_per_second)
