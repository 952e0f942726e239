"""What keeps jumps, holds and rolls about as common as they are in the charts that a symbol net learnt from."""

import numpy as np
from numpy.typing import NDArray

_ROWS = 48.0  # beside the recent ones a chart is taken to have so many rows at the rates that are wanted
_FADE = 1 - 1 / 128  # what a row counts, from one row to the next
# Of the usual rates, in the order of the kinds. Chosen on valid, whose charters write more holds than those learnt from
# and fewer rolls.
_WANTED = np.array([1.0, 1.35, 0.45, 1.0])


class RateKeeper:
    """The recent rates of several versions of a few charts, and the nats by which each kind is raised or lowered.

    A writer of notes that reads its own is prone to runs: many jumps call for more, and none for none. Human charts
    differ too, so this only pulls: a kind at half the wanted rate is made 2 to the power of ``pull`` times as likely.
    usual: (charts, kinds) shares of the rows, as `charter.model.symbols.SymbolNet.rates` has them
    """

    def __init__(self, usual: NDArray[np.float64], count: int, pull: float) -> None:
        """count: of versions of each chart."""
        self._usual = (usual * _WANTED)[:, None]
        self._pull = pull
        self._counts = np.zeros((len(usual), count, usual.shape[1]))  # of the recent rows
        self._rows = 0.0

    def lift(self) -> NDArray[np.float64]:
        """Nats to add for each kind, (charts, count, kinds)."""
        wanted = self._usual * (self._rows + _ROWS)
        return np.asarray(self._pull * np.log(wanted / (self._counts + self._usual * _ROWS)))

    def count(self, kinds: NDArray[np.bool_]) -> None:
        """A row more of the first charts, of these kinds, (charts, count, kinds)."""
        charts = len(kinds)
        self._counts[:charts] = self._counts[:charts] * _FADE + kinds
        self._rows = self._rows * _FADE + 1

    def keep(self, chart: int, versions: NDArray[np.int64]) -> None:
        """Go on with these versions of a chart, some perhaps more than once."""
        self._counts[chart] = self._counts[chart, versions]
