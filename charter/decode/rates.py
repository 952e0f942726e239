"""How often people write jumps, holds and rolls, and what keeps a chart near that."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.notation import Difficulty


class Rates(NamedTuple):
    """Of a chart's rows, the share with a jump, with the head of a hold, with that of a roll, with a jump in a hold."""

    jumps: float
    holds: float
    rolls: float
    jumps_in_holds: float = 0.001


KINDS = len(Rates._fields)

# The charts that the symbol net learns from, with audio and without (`python -m tests.benchmarks.rates` prints them).
RATES: Mapping[Difficulty | None, Rates] = MappingProxyType(
    {
        Difficulty.BEGINNER: Rates(0.054, 0.125, 0.002),
        Difficulty.EASY: Rates(0.074, 0.130, 0.003),
        Difficulty.MEDIUM: Rates(0.093, 0.110, 0.004),
        Difficulty.HARD: Rates(0.095, 0.090, 0.003),
        Difficulty.CHALLENGE: Rates(0.120, 0.102, 0.004, 0.003),
        None: Rates(0.120, 0.102, 0.004, 0.003),
    }
)

_ROWS = 64.0  # a chart is taken to have had so many rows at the usual rates before its first
_FADE = 1 - 1 / 128  # what a row counts, from one row to the next


class RateKeeper:
    """The recent rates of several versions of a chart, and the nats by which each kind is raised or lowered.

    A writer of notes that reads its own is prone to runs: many jumps call for more, and none for none. Human charts
    differ too, so this pulls gently: at half the usual rate a kind is made as much likelier as `pull` says.
    """

    def __init__(self, difficulty: Difficulty | None, count: int, pull: float) -> None:
        self._usual = np.array(RATES[difficulty])
        self._pull = pull
        self._counts = np.tile(self._usual * _ROWS, (count, 1))  # (count, kinds)
        self._rows = np.full((count, 1), _ROWS)

    def lift(self) -> NDArray[np.float64]:
        """Nats to add for each kind of `Rates`, (count, KINDS)."""
        return np.asarray(self._pull * np.log(self._usual * self._rows / self._counts))

    def count(self, kinds: NDArray[np.bool_]) -> None:
        """A row more, of these kinds, (count, KINDS)."""
        self._counts = self._counts * _FADE + kinds
        self._rows = self._rows * _FADE + 1

    def keep(self, versions: NDArray[np.int64]) -> None:
        """Go on with these versions, some perhaps more than once."""
        self._counts, self._rows = self._counts[versions], self._rows[versions]
