"""The symbol net: which panels a placed row hits, how long its holds last, where mines lie."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from charter.model.config import SymbolConfig
from charter.model.rows import CONTEXT_SIZE, sound_size
from charter.model.vocabulary import LENGTHS, START, SYMBOLS
from charter.notation import PANELS, Difficulty

MINE_PLACES = 2  # on the row, and halfway to the next
State = tuple[Tensor, Tensor]


class SymbolScores(NamedTuple):
    """Logits of each row: symbol (…, SYMBOLS), length of its holds (…, lengths), mines (…, places * panels)."""

    symbol: Tensor
    length: Tensor
    mines: Tensor


class SymbolNet(nn.Module):
    """A BiLSTM over the rows' rhythm and sound, and an LSTM that writes symbols one after the other."""

    def __init__(self, config: SymbolConfig) -> None:
        super().__init__()
        self.config = config
        hidden = config.hidden
        self.sound = nn.Sequential(nn.Linear(sound_size(config.audio), hidden // 2), nn.ReLU())
        told = CONTEXT_SIZE + hidden // 2 + 1 + len(Difficulty) + 1
        self.encoder = nn.LSTM(
            told, hidden, config.layers, batch_first=True, bidirectional=True, dropout=config.dropout
        )
        self.before = nn.Embedding(SYMBOLS + 1, config.embedding)
        self.writer = nn.LSTM(2 * hidden + config.embedding + PANELS, 2 * hidden, batch_first=True)
        self.dropout = config.dropout
        self.symbol = nn.Linear(2 * hidden, SYMBOLS)
        self.length = nn.Linear(2 * hidden + config.embedding, len(LENGTHS))
        self.mines = nn.Linear(2 * hidden + config.embedding, MINE_PLACES * PANELS)

    def encode(self, context: Tensor, sound: Tensor, difficulty: Tensor, density: Tensor) -> Tensor:
        """What is known before any symbol is written.

        context: (batch, rows, CONTEXT_SIZE); sound: (batch, rows, sound), all zeros for a chart without audio
        difficulty: (batch,) 0..4, or -1 where unknown; density: (batch,) rows per second
        -> (batch, rows, 2 * hidden)
        """
        rows = context.shape[1]
        has_sound = (sound != 0).flatten(1).any(dim=1).to(context.dtype)
        level = nn.functional.one_hot(difficulty + 1, len(Difficulty) + 1)[:, 1:].to(context.dtype)
        asked = torch.cat([has_sound[:, None], level, density.log()[:, None]], dim=1)
        heard = self.sound(sound) * has_sound[:, None, None]
        told = torch.cat([context, heard, asked[:, None].expand(-1, rows, -1)], dim=2)
        return nn.functional.dropout(self.encoder(told)[0], self.dropout, self.training)

    def forward(self, encoded: Tensor, symbols: Tensor, held: Tensor) -> SymbolScores:
        """Scores of whole charts that are known (training).

        encoded: (batch, rows, 2 * hidden); symbols: (batch, rows) classes; held: (batch, rows, panels) 1 where a hold
        goes through the row
        """
        start = torch.full_like(symbols[:, :1], START)
        hidden, _ = self.write(encoded, torch.cat([start, symbols[:, :-1]], dim=1), held, None)
        return self.scores(hidden, symbols)

    def write(self, encoded: Tensor, before: Tensor, held: Tensor, state: State | None) -> tuple[Tensor, State]:
        """The writer's hidden values of some rows, (batch, rows, 2 * hidden), and its state behind them.

        before: (batch, rows) the symbol on the row before each
        """
        inputs = torch.cat([encoded, self.before(before), held.to(encoded.dtype)], dim=2)
        hidden, after = self.writer(inputs, state)
        return nn.functional.dropout(hidden, self.dropout, self.training), after

    def scores(self, hidden: Tensor, symbols: Tensor) -> SymbolScores:
        """Symbol logits of the rows, and the logits of lengths and mines given the symbols that stand there."""
        known = torch.cat([hidden, self.before(symbols)], dim=-1)
        return SymbolScores(self.symbol(hidden), self.length(known), self.mines(known))
