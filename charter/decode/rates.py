"""What keeps jumps, holds and rolls about as common as they are in the charts that a symbol net learnt from."""

import numpy as np
from numpy.typing import NDArray

_ROWS = 64.0  # a chart is taken to have had so many rows at the usual rates before its first
_FADE = 1 - 1 / 128  # what a row counts, from one row to the next


class RateKeeper:
    """The recent rates of several versions of a chart, and the nats by which each kind is raised or lowered.

    A writer of notes that reads its own is prone to runs: many jumps call for more, and none for none. Human charts
    differ too, so this only pulls: a kind at half its usual rate is made 2 to the power of ``pull`` times as likely.
    usual: (kinds,) shares of the rows, as `charter.model.symbols.SymbolNet.rates` has them
    """

    def __init__(self, usual: NDArray[np.float64], count: int, pull: float) -> None:
        self._usual = usual
        self._pull = pull
        self._counts = np.tile(usual * _ROWS, (count, 1))  # (count, kinds)
        self._rows = np.full((count, 1), _ROWS)

    def lift(self) -> NDArray[np.float64]:
        """Nats to add for each kind, (count, kinds)."""
        return np.asarray(self._pull * np.log(self._usual * self._rows / self._counts))

    def count(self, kinds: NDArray[np.bool_]) -> None:
        """A row more, of these kinds, (count, kinds)."""
        self._counts = self._counts * _FADE + kinds
        self._rows = self._rows * _FADE + 1

    def keep(self, versions: NDArray[np.int64]) -> None:
        """Go on with these versions, some perhaps more than once."""
        self._counts, self._rows = self._counts[versions], self._rows[versions]
