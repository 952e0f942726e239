"""Chance by the place in the song: what is drawn for a row hangs on the seed, the chart and the row's tick alone.

So a row more or less, as another copy of the same music may have it, does not change what is drawn for all behind it.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from charter.notation import Difficulty


class Draw(IntEnum):
    """What is drawn."""

    SYMBOL = 0
    TAIL = 1
    SURVIVOR = 2
    VERSION = 3
    MINE = 4


@dataclass(frozen=True)
class Chance:
    """The random numbers of one chart; difficulty: None for an Edit."""

    seed: int
    difficulty: Difficulty | None

    def at(self, tick: int, draw: Draw) -> np.random.Generator:
        """The generator for what is drawn at a tick, always at its start."""
        # A counter-based generator can start anywhere; its draws step the first parts of the counter.
        return np.random.Generator(np.random.Philox(key=self._key, counter=[0, 0, tick, int(draw)]))

    @cached_property
    def _key(self) -> NDArray[np.uint64]:
        level = len(Difficulty) if self.difficulty is None else int(self.difficulty)
        return np.asarray(np.random.SeedSequence([self.seed, level]).generate_state(2, np.uint64), dtype=np.uint64)
