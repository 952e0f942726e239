"""The symbol net: which panels a placed row hits, how long its holds last, where mines lie."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from charter.model.config import SymbolConfig
from charter.model.rows import CONTEXT_SIZE, ECHO_MEASURES, sound_size
from charter.model.vocabulary import LENGTHS, START, SYMBOLS
from charter.notation import PANELS, Difficulty

MINE_PLACES = 2  # on the row, and halfway to the next
# What a row may be whose usual rate is kept: a jump, the head of a hold, that of a roll, a jump while a hold is down.
RATED_KINDS = 4
LOWEST_RATE = 0.001  # of any kind: what nobody wrote is rare, not impossible
State = tuple[Tensor, Tensor]


class SymbolScores(NamedTuple):
    """Logits of each row: symbol (…, SYMBOLS), length of its holds (…, lengths), mines (…, places * panels)."""

    symbol: Tensor
    length: Tensor
    mines: Tensor


class SymbolNet(nn.Module):
    """A BiLSTM over the rows' rhythm and sound, and an LSTM that writes symbols one after the other.

    The writer is told what stands on a row's echoes (the rows whole measures before it), and may copy one.
    rates: (difficulties + 1, RATED_KINDS) shares of the rows in the charts that it learnt from, the last line in all
    """

    rates: Tensor

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
        self.echo = nn.Embedding(SYMBOLS + 1, config.echo)
        inputs = 2 * hidden + config.embedding + len(ECHO_MEASURES) * config.echo + PANELS
        self.writer = nn.LSTM(inputs, 2 * hidden, batch_first=True)
        self.dropout = config.dropout
        self.symbol = nn.Linear(2 * hidden, SYMBOLS)
        self.copy = nn.Linear(2 * hidden, len(ECHO_MEASURES))
        self.length = nn.Linear(2 * hidden + config.embedding, len(LENGTHS))
        self.mines = nn.Linear(2 * hidden + config.embedding, MINE_PLACES * PANELS)
        self.register_buffer("rates", torch.full((len(Difficulty) + 1, RATED_KINDS), 0.05))

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

    def forward(self, encoded: Tensor, symbols: Tensor, echoes: Tensor, held: Tensor) -> SymbolScores:
        """Scores of whole charts that are known (training).

        encoded: (batch, rows, 2 * hidden); symbols: (batch, rows) classes
        echoes: (batch, rows, len(ECHO_MEASURES)) classes of the rows measures before, START where there is no row
        held: (batch, rows, panels) 1 where a hold goes through the row
        """
        start = torch.full_like(symbols[:, :1], START)
        hidden, _ = self.write(encoded, torch.cat([start, symbols[:, :-1]], dim=1), echoes, held, None)
        return SymbolScores(
            self.symbols(hidden, echoes), self.lengths(hidden, symbols), self.mine_odds(hidden, symbols)
        )

    def write(
        self, encoded: Tensor, before: Tensor, echoes: Tensor, held: Tensor, state: State | None
    ) -> tuple[Tensor, State]:
        """The writer's hidden values of some rows, (batch, rows, 2 * hidden), and its state behind them.

        before: (batch, rows) the symbol on the row before each; echoes: (batch, rows, len(ECHO_MEASURES))
        """
        inputs = torch.cat([encoded, self.before(before), self.echo(echoes).flatten(2), held.to(encoded.dtype)], dim=2)
        hidden, after = self.writer(inputs, state)
        return nn.functional.dropout(hidden, self.dropout, self.training), after

    def symbols(self, hidden: Tensor, echoes: Tensor) -> Tensor:
        """Symbol logits of rows, (…, SYMBOLS): the net's own, and what it would copy of each echo."""
        own = nn.functional.pad(self.symbol(hidden), (0, 1))  # one more, for echoes that are not there
        return own.scatter_add(-1, echoes, self.copy(hidden).to(own.dtype))[..., :SYMBOLS]

    def lengths(self, hidden: Tensor, symbols: Tensor) -> Tensor:
        """The logits of lengths, given the symbols (…) that stand on the rows."""
        return torch.as_tensor(self.length(torch.cat([hidden, self.before(symbols)], dim=-1)))

    def mine_odds(self, hidden: Tensor, symbols: Tensor) -> Tensor:
        """The logits of mines, given the symbols (…) that stand on the rows."""
        return torch.as_tensor(self.mines(torch.cat([hidden, self.before(symbols)], dim=-1)))
