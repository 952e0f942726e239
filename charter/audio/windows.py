"""Pieces of a recording, for spectra that are computed block by block."""

import numpy as np
from numpy.typing import NDArray


def cut(samples: NDArray[np.float32], first: int, last: int) -> NDArray[np.float32]:
    """Samples ``first`` up to, and without, ``last``; (last - first,), with silence where there is no recording."""
    inside = samples[max(first, 0) : max(last, 0)]
    before = min(max(-first, 0), last - first)
    return np.pad(inside, (before, last - first - before - len(inside)))
