"""The symbols of a row as class numbers: one panel or two, each with a tap, a hold head or a roll head."""

import numpy as np
from numpy.typing import NDArray

from charter.notation import PANELS, NoteKind

STATES = (None, NoteKind.TAP, NoteKind.HOLD, NoteKind.ROLL)
MOST_HITS = 2  # two feet

_EVERY = np.stack(np.unravel_index(np.arange(len(STATES) ** PANELS), (len(STATES),) * PANELS, order="F"), axis=1)
_HITS = (_EVERY > 0).sum(axis=1)
ROWS: NDArray[np.int64] = _EVERY[(_HITS > 0) & (_HITS <= MOST_HITS)]  # (symbols, panels) indices into STATES
SYMBOLS: int = len(ROWS)
START: int = SYMBOLS  # what stands before the first row, and where there is no row

_CLASSES = np.full((len(STATES),) * PANELS, START)
_CLASSES[tuple(ROWS.T)] = np.arange(SYMBOLS)

# Lengths of holds and rolls, in ticks; a human's is taken as the nearest.
LENGTHS = np.array([6, 12, 16, 18, 24, 32, 36, 48, 60, 64, 72, 84, 96, 120, 144, 168, 192, 240, 288, 336, 384])

# The symmetries of the pad, as the panel that each panel becomes: none, left-right, up-down, both.
SYMMETRIES = ((0, 1, 2, 3), (3, 1, 2, 0), (0, 2, 1, 3), (3, 2, 1, 0))


def encode(states: NDArray[np.int64]) -> NDArray[np.int64]:
    """Class of each row, START for a row of none or of more than two panels.

    states: (…, panels) indices into STATES -> (…,)
    """
    return np.asarray(_CLASSES[tuple(np.moveaxis(states, -1, 0))], dtype=np.int64)


def decode(classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The inverse of `encode`, (…,) -> (…, panels)."""
    return np.asarray(ROWS[classes])


# What each class becomes under each symmetry, (symmetries, symbols + 1). Every symmetry is its own inverse, so reading
# panel p from its image moves it there.
TURNED = np.stack([np.append(encode(ROWS[:, list(symmetry)]), START) for symmetry in SYMMETRIES])


def length_class(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Index into LENGTHS of the nearest length (by ratio); same shape."""
    ratio = np.abs(np.log(np.maximum(ticks, 1)[..., None] / LENGTHS))
    return np.asarray(ratio.argmin(axis=-1), dtype=np.int64)
