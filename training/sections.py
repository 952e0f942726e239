"""The section net's Lightning task."""

from typing import Any, NamedTuple

import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities.types import OptimizerLRScheduler
from torch import Tensor

from charter.model.config import SectionConfig
from charter.model.sections import SectionNet
from training.checkpoint import PROVENANCE, provenance
from training.optimiser import OptimiserConfig, configured


class SectionBatch(NamedTuple):
    """Bars of several songs.

    steps: (songs, bars, windows, steps, mels); places: (songs, bars) when each begins, in bars from the song's start
    """

    steps: Tensor
    places: Tensor


class SectionTask(pl.LightningModule):
    """Trains a `SectionNet` on closeness in time.

    near: bars at most this far apart count as alike; far: bars at least this far apart as unlike, within one song
    temperature: of the similarities, in their loss
    """

    def __init__(
        self,
        net: SectionConfig | None = None,
        optimiser: OptimiserConfig | None = None,
        near: float = 3.0,
        far: float = 10.0,
        temperature: float = 0.15,
    ) -> None:
        super().__init__()
        self.config = net or SectionConfig()
        self.net = SectionNet(self.config)
        self.optimiser = optimiser or OptimiserConfig()
        self.near, self.far, self.temperature = near, far, temperature

    def training_step(self, batch: SectionBatch, _index: int) -> Tensor:
        """The loss of `contrast`."""
        loss = self._loss(batch)
        self.log("train/loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: SectionBatch, _index: int) -> None:
        """Log the loss on whole songs."""
        self.log("val/loss", self._loss(batch), prog_bar=True, batch_size=1, sync_dist=True)

    def test_step(self, batch: SectionBatch, _index: int) -> None:
        """As `validation_step`, on the test split."""
        self.log("test/loss", self._loss(batch), batch_size=1, sync_dist=True)

    def _loss(self, batch: SectionBatch) -> Tensor:
        songs, bars = batch.places.shape
        points = self.net(batch.steps.flatten(0, 1)).float().reshape(songs, bars, -1)
        apart = (batch.places[:, :, None] - batch.places[:, None, :]).abs()
        near = (apart <= self.near) & (apart > 0)
        return contrast(points @ points.transpose(1, 2) / self.temperature, near, apart >= self.far)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """A checkpoint says what it is."""
        checkpoint[PROVENANCE] = provenance(self.config)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """As `training.optimiser` has it."""
        return configured(self, self.optimiser)


def contrast(similar: Tensor, near: Tensor, far: Tensor) -> Tensor:
    """How well near bars are told from far ones: the mean of -log(share of the near one among it and the far ones).

    similar: (songs, bars, bars) scaled similarities; near, far: likewise, which pairs are so. 0 where no pair is near.
    (The loss is InfoNCE: van den Oord et al., arXiv 1807.03748.)
    """
    others = similar.masked_fill(~far, -torch.inf).logsumexp(2, keepdim=True)
    # Where nothing is far there is nothing to be told from: the pair costs nothing.
    each = torch.logaddexp(similar, others.expand_as(similar)) - similar
    counts = near & far.any(2, keepdim=True)
    return torch.as_tensor(each.masked_fill(~counts, 0.0).sum() / counts.sum().clamp(min=1))
