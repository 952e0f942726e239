"""The beat net's Lightning task."""

from typing import Any, NamedTuple

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional as F

from charter.model.beats import BeatNet
from charter.model.config import BeatConfig
from training.checkpoint import PROVENANCE, provenance
from training.optimiser import OptimiserConfig, configured


class BeatBatch(NamedTuple):
    """Crops of recordings side by side.

    mel: (batch, windows, frames, mels); targets: (batch, 2, tokens) 0..1, of a beat and of a downbeat
    weight: (batch, 1, tokens), 0 where the beat is not known
    """

    mel: Tensor
    targets: Tensor
    weight: Tensor


class BeatTask(pl.LightningModule):
    """Trains a `BeatNet` on binary cross-entropy per token, so that what it says are probabilities."""

    def __init__(self, net: BeatConfig | None = None, optimiser: OptimiserConfig | None = None) -> None:
        super().__init__()
        self.config = net or BeatConfig()
        self.net = BeatNet(self.config)
        self.optimiser = optimiser or OptimiserConfig()

    def training_step(self, batch: BeatBatch, _index: int) -> Tensor:
        """The sum of both losses."""
        loss = beat_losses(self.net(batch.mel).float(), batch).sum()
        self.log("train/loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: BeatBatch, _index: int) -> None:
        """Log the losses on whole recordings."""
        self._evaluate(batch, "val")

    def test_step(self, batch: BeatBatch, _index: int) -> None:
        """As `validation_step`, on the test split."""
        self._evaluate(batch, "test")

    def _evaluate(self, batch: BeatBatch, stage: str) -> None:
        beat, downbeat = beat_losses(self.net(batch.mel).float(), batch)
        size = len(batch.mel)
        self.log(f"{stage}/beat_loss", beat, batch_size=size, sync_dist=True)
        self.log(f"{stage}/downbeat_loss", downbeat, batch_size=size, sync_dist=True)
        self.log(f"{stage}/loss", beat + downbeat, prog_bar=True, batch_size=size, sync_dist=True)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """A checkpoint says what it is."""
        checkpoint[PROVENANCE] = provenance(self.config)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """As `training.optimiser` has it."""
        return configured(self, self.optimiser)


def beat_losses(logits: Tensor, batch: BeatBatch) -> Tensor:
    """Mean binary cross-entropy of beats and of downbeats over the tokens that count; (2,)."""
    each = F.binary_cross_entropy_with_logits(logits, batch.targets, weight=batch.weight, reduction="none")
    return torch.as_tensor(each.sum((0, 2)) / batch.weight.sum().clamp(min=1))
