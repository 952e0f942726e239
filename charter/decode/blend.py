"""One symbol net, or two mixed: steps between two styles."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from charter.model.symbols import State, SymbolNet
from charter.notation import Difficulty


class Hidden(NamedTuple):
    """What each net has in mind, (batch, rows, features), and the state from which it goes on."""

    parts: tuple[Tensor, ...]
    states: tuple[State, ...]

    def keep(self, places: Tensor) -> "Hidden":
        """Of these places of the batch, some perhaps more than once."""
        states = tuple((hidden[:, places], cell[:, places]) for hidden, cell in self.states)
        return Hidden(tuple(part[places] for part in self.parts), states)


class Blend:
    """The log-probabilities of two nets, mixed by amount: at 0 the first alone, at 1 the second.

    Their geometric mean, so that what one of them would never write stays rare.
    """

    def __init__(self, first: SymbolNet, second: SymbolNet | None = None, amount: float = 0.0) -> None:
        parts = [(first, 1 - amount), *([(second, amount)] if second is not None else [])]
        self.nets = tuple(net for net, weight in parts if weight > 0)
        self.weights = tuple(weight for _, weight in parts if weight > 0)

    def write(
        self, encoded: Sequence[Tensor], before: Tensor, echoes: Tensor, held: Tensor, last: Hidden | None
    ) -> Hidden:
        """What the nets have in mind at some rows; see `SymbolNet.write`. encoded: by each net."""
        states = last.states if last else (None,) * len(self.nets)
        written = [
            net.write(known, before, echoes, held, state)
            for net, known, state in zip(self.nets, encoded, states, strict=True)
        ]
        return Hidden(tuple(hidden for hidden, _ in written), tuple(state for _, state in written))

    def symbols(self, hidden: Hidden, echoes: Tensor) -> Tensor:
        """Log-probabilities of symbols, (batch, rows, SYMBOLS)."""
        each = [net.symbols(part, echoes) for net, part in zip(self.nets, hidden.parts, strict=True)]
        return torch.log_softmax(self._mixed(each), dim=-1)

    def details(self, hidden: Hidden, symbols: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of lengths and of mines, given the symbols (batch, rows) that stand there."""
        each = [net.details(part, symbols) for net, part in zip(self.nets, hidden.parts, strict=True)]
        lengths, mines = zip(*each, strict=True)
        return torch.log_softmax(self._mixed(lengths), dim=-1), self._mixed(mines)

    def rates(self, difficulty: Difficulty | None) -> NDArray[np.float64]:
        """The usual rates of charts of a difficulty, or of any, (RATED_KINDS,); their geometric mean too."""
        each = [net.rates[-1 if difficulty is None else int(difficulty)].log() for net in self.nets]
        return np.asarray(self._mixed(each).exp().numpy(), dtype=np.float64)

    def _mixed(self, logits: Sequence[Tensor]) -> Tensor:
        return torch.stack([weight * each for weight, each in zip(self.weights, logits, strict=True)]).sum(0)
