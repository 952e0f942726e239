"""The top of a sampled curve, to between its samples."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def peak_place(heights: Sequence[float] | NDArray[np.floating], top: int) -> float:
    """The place of the highest of some heights, in samples, by the parabola through it and its neighbours.

    top: its index; at either end, and on a plateau, it is the place.
    """
    if not 0 < top < len(heights) - 1:
        return float(top)
    before, peak, after = (float(heights[top + step]) for step in (-1, 0, 1))
    curve = before - 2 * peak + after
    return top + (0.5 * (before - after) / curve if curve < 0 else 0.0)
