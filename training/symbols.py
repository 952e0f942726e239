"""The symbol net's Lightning task, and what it shares with its rivals."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, cast

import torch
from torch import Tensor
from torch.nn import functional as F

from charter.audio.spec import AudioSpec
from charter.model.config import SymbolConfig
from charter.model.symbols import SymbolNet, SymbolScores
from datasets.symbols import NO_LENGTH, usual_rates
from training.optimiser import OptimiserConfig
from training.processes import Mean
from training.task import Task


class SymbolBatch(NamedTuple):
    """Passages of charts side by side; rows that pad a short chart have symbol NO_LENGTH.

    context, sound: (batch, rows, features); symbols, lengths: (batch, rows)
    echoes: (batch, rows, len(ECHO_MEASURES)); held: (batch, rows, panels)
    mines: (batch, rows, places * panels); difficulty, density: (batch,)
    """

    context: Tensor
    sound: Tensor
    symbols: Tensor
    echoes: Tensor
    lengths: Tensor
    held: Tensor
    mines: Tensor
    difficulty: Tensor
    density: Tensor


class NextSymbolTask(Task):
    """What networks that name the next symbol share: the figures they log, and what their checkpoints say of them.

    config, optimiser, start: as `Task` has them; audio: the features it hears, None if it hears nothing
    """

    shown: ClassVar[str] = "accuracy"

    def __init__(
        self, config: Any, audio: AudioSpec | None, optimiser: OptimiserConfig | None, start: Path | None = None
    ) -> None:
        super().__init__(config, optimiser, start)
        self.audio = audio

    @abstractmethod
    def judged(self, batch: SymbolBatch) -> tuple[Tensor, Mean]:
        """Logits of the symbols given the human's before them, (batch, rows, SYMBOLS); and the loss of it all."""

    def measure(self, batch: SymbolBatch, stage: str) -> None:
        """The loss, and the `next_symbol_figures`."""
        logits, loss = self.judged(batch)
        real = batch.symbols != NO_LENGTH
        figures = {"loss": loss.value, **next_symbol_figures(logits[real], batch.symbols[real])}
        rows = int(real.sum())
        for name, value in figures.items():
            self.tally(f"{stage}/{name}", value * rows, rows)


class SymbolTask(NextSymbolTask):
    """Trains a `SymbolNet` on cross-entropy of symbols and lengths, and binary cross-entropy of mines.

    drop_sound: chance that a song's audio is left out, as it is in charts without; drop_difficulty: likewise
    start: a checkpoint or weights file to start from, or None; its network must be the same
    """

    def __init__(
        self,
        net: SymbolConfig | None = None,
        optimiser: OptimiserConfig | None = None,
        drop_sound: float = 0.3,
        drop_difficulty: float = 0.1,
        start: Path | None = None,
    ) -> None:
        config = net or SymbolConfig()
        super().__init__(config, config.audio, optimiser, start)
        self.net: SymbolNet = SymbolNet(config)
        self.drop_sound, self.drop_difficulty = drop_sound, drop_difficulty

    def on_fit_start(self) -> None:
        """Note how common each kind of row is in what is learnt from: decoding keeps to that."""
        examples = cast(Any, self.trainer).datamodule.examples["train"]
        self.net.rates.copy_(torch.from_numpy(usual_rates(examples)))

    def training_step(self, batch: SymbolBatch, _index: int) -> Tensor:
        """The sum of the three losses."""
        count = len(batch.difficulty)
        kept = (self.drawn(torch.rand, count, 1, 1) >= self.drop_sound).to(batch.sound.dtype)
        untold = self.drawn(torch.rand, count) < self.drop_difficulty
        partly = batch._replace(sound=batch.sound * kept, difficulty=torch.where(untold, -1, batch.difficulty))
        loss = symbol_loss(net_scores(self.net, partly), batch).over_all()
        self.log("train/loss", loss, prog_bar=True, sync_dist=True)
        return loss

    def judged(self, batch: SymbolBatch) -> tuple[Tensor, Mean]:
        """As `NextSymbolTask` has it; the loss is the sum of the three."""
        scores = net_scores(self.net, batch)
        return scores.symbol, symbol_loss(scores, batch)


def net_scores(net: SymbolNet, batch: SymbolBatch) -> SymbolScores:
    """What the net says of every row, given the human's symbols before it."""
    encoded = net.encode(batch.context, batch.sound, batch.difficulty, batch.density)
    scores = net(encoded, batch.symbols.clamp(min=0), batch.echoes, batch.held)
    return SymbolScores(*(part.float() for part in scores))


def next_symbol_figures(logits: Tensor, symbols: Tensor) -> dict[str, Tensor]:
    """How well symbols were foretold, as means over rows: accuracy, that of the best three, cross-entropy in nats.

    logits: (rows, SYMBOLS), or log-probabilities; symbols: (rows,) what the human wrote
    """
    best = logits.topk(3, dim=1).indices == symbols[:, None]
    return {
        "accuracy": best[:, 0].float().mean(),
        "top3": best.any(dim=1).float().mean(),
        "cross_entropy": F.cross_entropy(logits, symbols),
    }


def symbol_loss(scores: SymbolScores, batch: SymbolBatch) -> Mean:
    """Cross-entropy of symbols, plus that of lengths (where there are any) and of mines, over real rows."""
    real = batch.symbols != NO_LENGTH
    symbol = F.cross_entropy(scores.symbol[real], batch.symbols[real], reduction="sum")
    length = F.cross_entropy(
        scores.length.flatten(0, 1), batch.lengths.flatten(), ignore_index=NO_LENGTH, reduction="sum"
    )
    mines = F.binary_cross_entropy_with_logits(scores.mines[real], batch.mines[real], reduction="sum")
    return Mean(symbol + length + mines, real.sum())
