"""A symbol net's writer, one row of many versions at a time.

`SymbolNet.write` is the same for rows that are known. There each row costs a product with all that the writer is told;
of that, what recurs is multiplied here only once: the embeddings, of which there are few, before the first row, and
what is known of a row once for all versions of its chart.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag, linear

from charter.model.rows import ECHO_MEASURES
from charter.model.symbols import SymbolNet
from charter.model.vocabulary import SYMBOLS
from charter.notation import PANELS


class Written(NamedTuple):
    """The writer behind a row: its hidden values, by which it scores the row, and its cells; (batch, 2 * hidden)."""

    hidden: Tensor
    cell: Tensor


class RowWriter:
    """The LSTM of a net's writer, unrolled (inference only)."""

    def __init__(self, net: SymbolNet) -> None:
        weights, config = dict(net.writer.named_parameters()), net.config
        self._size = 2 * config.hidden
        echoes = [config.echo] * len(ECHO_MEASURES)
        told = [self._size, config.embedding, *echoes, PANELS]
        known, before, *of_echoes, held = torch.split(weights["weight_ih_l0"], told, dim=1)
        # One table: what stands on the row before, then what stands on each echo.
        words = [net.before.weight, *[net.echo.weight] * len(of_echoes)]
        self._table = torch.cat([word @ part.T for word, part in zip(words, [before, *of_echoes], strict=True)])
        self._starts = torch.arange(len(words)) * (SYMBOLS + 1)
        self._known, self._bias = known.contiguous(), weights["bias_ih_l0"] + weights["bias_hh_l0"]
        self._kept = torch.cat([weights["weight_hh_l0"], held], dim=1)

    def write(self, encoded: Tensor, before: Tensor, echoes: Tensor, held: Tensor, last: Written | None) -> Written:
        """One row.

        encoded: (charts, 2 * hidden) of the row in each chart, which the batch has equally many versions of, in order
        before: (batch,) the symbol on the row before; echoes: (batch, len(ECHO_MEASURES)); held: (batch, panels)
        last: as this gave it for the row before; None for the first row
        """
        batch = len(before)
        nothing = torch.zeros(batch, self._size)
        hidden, cell = last or (nothing, nothing)
        told = embedding_bag(torch.cat([before[:, None], echoes], dim=1) + self._starts, self._table, mode="sum")
        told += linear(encoded, self._known, self._bias).repeat_interleave(batch // len(encoded), 0)
        gates = torch.addmm(told, torch.cat([hidden, held.to(hidden.dtype)], dim=1), self._kept.T)
        enter, keep, new, show = gates.chunk(4, dim=1)
        cell = keep.sigmoid() * cell + enter.sigmoid() * new.tanh()
        return Written(show.sigmoid() * cell.tanh(), cell)
