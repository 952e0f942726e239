"""Interpolated Kneser-Ney: what the next symbol is, by how often it followed the last few. It hears nothing.

R. Kneser and H. Ney, Improved backing-off for m-gram language modeling, ICASSP 1995; in the interpolated form of
S. F. Chen and J. Goodman, An empirical study of smoothing techniques for language modeling, 1999, with one discount
for each order. Dance Dance Convolution (arXiv 1703.06891) has it with five symbols beside its networks.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from charter.model.vocabulary import START, SYMBOLS

_BASE = SYMBOLS + 1  # START too may stand before a symbol
_UNCOUNTED_DISCOUNT = 0.5  # where no count is one, and the estimate says that nothing unseen will come


@dataclass(frozen=True, eq=False)
class _Order:
    """The n-grams of one length, as numbers of base _BASE whose last digit is the symbol that is foretold.

    grams: (n-grams,) rising; sums: (n-grams + 1,) how often those before each were counted
    """

    grams: NDArray[np.int64]
    sums: NDArray[np.float64]
    discount: float

    @classmethod
    def of(cls, grams: NDArray[np.int64]) -> "_Order":
        """From n-grams that may repeat."""
        kinds, counts = np.unique(grams, return_counts=True)
        once, twice = (counts == 1).sum(), (counts == 2).sum()
        discount = once / (once + 2 * twice) if once else _UNCOUNTED_DISCOUNT
        return cls(kinds, np.append(0.0, np.cumsum(counts)), float(discount))

    def interpolated(self, contexts: NDArray[np.int64], lower: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities of every symbol behind these contexts (rows,), (rows, SYMBOLS), from the next lower order's."""
        # The n-grams of one context lie side by side.
        first, last = (np.searchsorted(self.grams, (contexts + more) * _BASE) for more in (0, 1))
        kinds = last - first
        rows = np.repeat(np.arange(len(contexts)), kinds)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(kinds) - kinds, kinds)
        places = first[rows] + within
        kept = np.zeros_like(lower)
        kept[rows, self.grams[places] % _BASE] = self.sums[places + 1] - self.sums[places] - self.discount
        total = (self.sums[last] - self.sums[first])[:, None]
        both = (kept + self.discount * kinds[:, None] * lower) / np.maximum(total, 1)
        return np.where(total > 0, both, lower)  # of a context that was never seen the shorter one tells


@dataclass(frozen=True, eq=False)
class KneserNey:
    """The counts of n-grams, shortest first."""

    orders: tuple[_Order, ...]

    @classmethod
    def fit(cls, sequences: Iterable[NDArray[np.int64]], order: int = 5) -> "KneserNey":
        """Count what ``order`` symbols follow each other.

        sequences: the classes (rows,) of whole charts; order: at most 10, which is what 64 bits hold
        """
        longest = np.concatenate([_grams(sequence, order) for sequence in sequences])
        orders = [_Order.of(longest)]
        for length in range(order - 1, 0, -1):
            # Shorter n-grams count once for each symbol that was seen before them.
            orders.append(_Order.of(orders[-1].grams % _BASE**length))
        return cls(tuple(reversed(orders)))

    def log_probabilities(self, sequence: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of every symbol on each row, given those on the rows before it: (rows,) classes -> (rows, SYMBOLS)."""
        before = _grams(sequence, len(self.orders)) // _BASE
        probabilities = np.full((len(sequence), SYMBOLS), 1 / SYMBOLS)
        for length, order in enumerate(self.orders):
            probabilities = order.interpolated(before % _BASE**length, probabilities)
        return np.asarray(np.log(probabilities))


def _grams(sequence: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """The n-gram that ends on each row, with START before the first: (rows,) -> (rows,)."""
    padded = np.concatenate([np.full(length - 1, START), sequence])
    digits = np.lib.stride_tricks.sliding_window_view(padded, length)
    return np.asarray(digits @ _BASE ** np.arange(length)[::-1])
