"""What reaches a voice, and what it answers.

An event is (cycle, kind, value). Kinds 0 to 3 are writes to the voice's four registers, in the order of their
addresses; the others are named here. At one cycle writes come before the frame counter's clocks, both before the
voice's own timer: a period written at a tick is the one the timer reloads.
"""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

ENABLE = 4  # a write to $4015; the value is this voice's bit
QUARTER_FRAME = 5
HALF_FRAME = 6  # a quarter frame too

Event = tuple[int, int, int]


class Steps(NamedTuple):
    """A piecewise constant output, by its changes.

    cycles: (changes,) int64, rising, CPU cycles; levels: (changes,) uint8, the output from that cycle on
    """

    cycles: NDArray[np.int64]
    levels: NDArray[np.uint8]


class Voice(Protocol):
    """One of the five. level: of its output where it stands, before the first `run` that at power-on."""

    level: int

    def run(self, events: list[Event], end: int) -> Steps:
        """Play up to the cycle `end`, which is left to the next call, as are events at it."""
        ...


def changes(cycles: NDArray[np.int64], levels: NDArray[np.uint8], before: int) -> Steps:
    """Leave out where the level stays as it was; it was `before` until the first."""
    changed = np.empty(len(levels), bool)
    if len(levels):
        changed[0] = levels[0] != before
        np.not_equal(levels[1:], levels[:-1], out=changed[1:])
    return Steps(cycles[changed], levels[changed])
