"""One symbol net, or two mixed: steps between two styles."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from charter.model.row_writer import RowWriter, Written
from charter.model.symbols import SymbolNet
from charter.notation import Difficulty


class Hidden(NamedTuple):
    """What each net has in mind of some rows, (…, features), and the cells from which it goes on behind one row."""

    parts: tuple[Tensor, ...]
    cells: tuple[Tensor, ...] = ()

    def keep(self, places: Tensor) -> "Hidden":
        """Of these places of the batch, some perhaps more than once."""
        return Hidden(tuple(part[places] for part in self.parts), tuple(cell[places] for cell in self.cells))


class Blend:
    """The log-probabilities of two nets, mixed by amount: at 0 the first alone, at 1 the second.

    Their geometric mean, so that what one of them would never write stays rare.
    """

    def __init__(self, first: SymbolNet, second: SymbolNet | None = None, amount: float = 0.0) -> None:
        parts = [(first, 1 - amount), *([(second, amount)] if second is not None else [])]
        self.nets = tuple(net for net, weight in parts if weight > 0)
        self.weights = tuple(weight for _, weight in parts if weight > 0)

    def write(self, encoded: Sequence[Tensor], before: Tensor, echoes: Tensor, held: Tensor) -> Hidden:
        """What the nets have in mind at the rows of known charts; see `SymbolNet.write`. encoded: by each net."""
        nets = zip(self.nets, encoded, strict=True)
        return Hidden(tuple(net.write(known, before, echoes, held, None)[0] for net, known in nets))

    def step(
        self, encoded: Sequence[Tensor], before: Tensor, echoes: Tensor, held: Tensor, last: Hidden | None
    ) -> Hidden:
        """What they have in mind at the next row of charts that are written; see `RowWriter.write`."""
        states = [Written(*each) for each in zip(*last, strict=True)] if last else [None] * len(self.nets)
        written = [
            writer.write(known, before, echoes, held, state)
            for writer, known, state in zip(self._writers, encoded, states, strict=True)
        ]
        return Hidden(tuple(each.hidden for each in written), tuple(each.cell for each in written))

    @cached_property
    def _writers(self) -> tuple[RowWriter, ...]:
        return tuple(RowWriter(net) for net in self.nets)

    def symbols(self, hidden: Hidden, echoes: Tensor) -> Tensor:
        """Log-probabilities of symbols, (…, SYMBOLS)."""
        each = [net.symbols(part, echoes) for net, part in zip(self.nets, hidden.parts, strict=True)]
        return torch.log_softmax(self._mixed(each), dim=-1)

    def lengths(self, hidden: Hidden, symbols: Tensor) -> Tensor:
        """Log-probabilities of lengths (…, lengths), given the symbols (…) that stand there."""
        each = [net.lengths(part, symbols) for net, part in zip(self.nets, hidden.parts, strict=True)]
        return torch.log_softmax(self._mixed(each), dim=-1)

    def mines(self, hidden: Hidden, symbols: Tensor) -> Tensor:
        """Log-odds of mines (…, places * panels), given the symbols (…) that stand there."""
        return self._mixed([net.mine_odds(part, symbols) for net, part in zip(self.nets, hidden.parts, strict=True)])

    def rates(self, difficulty: Difficulty | None) -> NDArray[np.float64]:
        """The usual rates of charts of a difficulty, or of any, (RATED_KINDS,); their geometric mean too."""
        each = [net.rates[-1 if difficulty is None else int(difficulty)].log() for net in self.nets]
        return np.asarray(self._mixed(each).exp().numpy(), dtype=np.float64)

    def _mixed(self, logits: Sequence[Tensor]) -> Tensor:
        return torch.stack([weight * each for weight, each in zip(self.weights, logits, strict=True)]).sum(0)
