"""The symbols of a row as class numbers: four panels, each empty, tap, hold head or roll head."""

import numpy as np
from numpy.typing import NDArray

from charter.notation import PANELS, NoteKind

STATES = (None, NoteKind.TAP, NoteKind.HOLD, NoteKind.ROLL)
SYMBOLS: int = len(STATES) ** PANELS  # class 0, the empty row, never stands on a placed row
START: int = SYMBOLS  # what stands before the first row

# Lengths of holds and rolls, in ticks; a human's is taken as the nearest.
LENGTHS = np.array([6, 12, 16, 18, 24, 32, 36, 48, 60, 64, 72, 84, 96, 120, 144, 168, 192, 240, 288, 336, 384])

# The symmetries of the pad, as the panel that each panel becomes: none, left-right, up-down, both.
SYMMETRIES = ((0, 1, 2, 3), (3, 1, 2, 0), (0, 2, 1, 3), (3, 2, 1, 0))


def encode(states: NDArray[np.int64]) -> NDArray[np.int64]:
    """Class of each row; states: (rows, panels) indices into STATES -> (rows,)."""
    return np.asarray(states @ (len(STATES) ** np.arange(PANELS)), dtype=np.int64)


def decode(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The inverse of `encode`, (rows,) -> (rows, panels)."""
    return np.asarray(np.asarray(classes)[..., None] // len(STATES) ** np.arange(PANELS) % len(STATES), dtype=np.int64)


def length_class(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index into LENGTHS of the nearest length (by ratio); same shape."""
    ratio = np.abs(np.log(np.maximum(ticks, 1)[..., None] / LENGTHS))
    return np.asarray(ratio.argmin(axis=-1), dtype=np.int64)
