"""The symbol net's Lightning task, and what it shares with its rivals."""

from abc import abstractmethod
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional as F

from charter.audio.spec import AudioSpec
from charter.model.config import SymbolConfig
from charter.model.symbols import SymbolNet, SymbolScores
from datasets.symbols import NO_LENGTH, usual_rates
from training.checkpoint import PROVENANCE, load_start, provenance
from training.optimiser import OptimiserConfig, configured


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


class NextSymbolTask(pl.LightningModule):
    """What networks that name the next symbol share: the figures they log, and what their checkpoints say of them.

    config: of the network, a dataclass of plain values; audio: the features it hears, None if it hears nothing
    """

    def __init__(self, config: Any, audio: AudioSpec | None, optimiser: OptimiserConfig | None) -> None:
        super().__init__()
        self.config, self.audio = config, audio
        self.optimiser = optimiser or OptimiserConfig()

    @abstractmethod
    def judged(self, batch: SymbolBatch) -> tuple[Tensor, Tensor]:
        """Logits of the symbols given the human's before them, (batch, rows, SYMBOLS); and the loss of it all, ()."""

    def validation_step(self, batch: SymbolBatch, _index: int) -> None:
        """Log the loss, and the `next_symbol_figures`."""
        self._evaluate(batch, "val")

    def test_step(self, batch: SymbolBatch, _index: int) -> None:
        """As `validation_step`, on the test split."""
        self._evaluate(batch, "test")

    def _evaluate(self, batch: SymbolBatch, stage: str) -> None:
        logits, loss = self.judged(batch)
        real = batch.symbols != NO_LENGTH
        figures = {"loss": loss, **next_symbol_figures(logits[real], batch.symbols[real])}
        rows = int(real.sum())
        for name, value in figures.items():
            self.log(f"{stage}/{name}", value, batch_size=rows, prog_bar=name == "accuracy", sync_dist=True)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """A checkpoint says what it is."""
        checkpoint[PROVENANCE] = provenance(self.config)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """As `training.optimiser` has it."""
        return configured(self, self.optimiser)


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
        super().__init__(config, config.audio, optimiser)
        self.net = SymbolNet(config)
        self.drop_sound, self.drop_difficulty = drop_sound, drop_difficulty
        self.start = start

    def setup(self, stage: str) -> None:
        """Take the weights to start from; a training that goes on has its own."""
        if self.start is not None and self.trainer.ckpt_path is None:
            load_start(self, self.start, self.config)

    def on_fit_start(self) -> None:
        """Note how common each kind of row is in what is learnt from: decoding keeps to that."""
        examples = cast(Any, self.trainer).datamodule.examples["train"]
        self.net.rates.copy_(torch.from_numpy(usual_rates(examples)))

    def training_step(self, batch: SymbolBatch, _index: int) -> Tensor:
        """The sum of the three losses."""
        count = len(batch.difficulty)
        kept = (torch.rand(count, 1, 1, device=batch.sound.device) >= self.drop_sound).to(batch.sound.dtype)
        untold = torch.rand(count, device=batch.sound.device) < self.drop_difficulty
        partly = batch._replace(sound=batch.sound * kept, difficulty=torch.where(untold, -1, batch.difficulty))
        loss = symbol_loss(net_scores(self.net, partly), batch)
        self.log("train/loss", loss, prog_bar=True)
        return loss

    def judged(self, batch: SymbolBatch) -> tuple[Tensor, Tensor]:
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


def symbol_loss(scores: SymbolScores, batch: SymbolBatch) -> Tensor:
    """Mean cross-entropy of symbols, plus that of lengths (where there are any) and of mines, over real rows."""
    real = batch.symbols != NO_LENGTH
    symbol = F.cross_entropy(scores.symbol[real], batch.symbols[real])
    length = F.cross_entropy(
        scores.length.flatten(0, 1), batch.lengths.flatten(), ignore_index=NO_LENGTH, reduction="sum"
    ) / real.sum().clamp(min=1)
    mines = F.binary_cross_entropy_with_logits(scores.mines[real], batch.mines[real], reduction="sum")
    return symbol + length + mines / real.sum().clamp(min=1)
