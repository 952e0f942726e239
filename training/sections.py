"""The section net's Lightning task."""

from typing import NamedTuple

import torch
from torch import Tensor

from charter.model.config import SectionConfig
from charter.model.sections import SectionNet
from training.optimiser import OptimiserConfig
from training.processes import Mean
from training.task import Task


class SectionBatch(NamedTuple):
    """Bars of several songs.

    steps: (songs, bars, windows, steps, mels); places: (songs, bars) when each begins, in bars from the song's start
    """

    steps: Tensor
    places: Tensor


class SectionTask(Task):
    """Trains a `SectionNet` on closeness in time.

    near: bars at most this far apart count as alike; far: bars at least this far apart as unlike, within one song
    temperature: of the similarities, in their loss
    """

    config: SectionConfig

    def __init__(
        self,
        net: SectionConfig | None = None,
        optimiser: OptimiserConfig | None = None,
        near: float = 3.0,
        far: float = 10.0,
        temperature: float = 0.15,
    ) -> None:
        config = net or SectionConfig()
        super().__init__(config, optimiser)
        self.net = SectionNet(config)
        self.near, self.far, self.temperature = near, far, temperature

    def training_step(self, batch: SectionBatch, _index: int) -> Tensor:
        """The loss of `contrast`."""
        loss = self._loss(batch).over_all()
        self.log("train/loss", loss, prog_bar=True, sync_dist=True)
        return loss

    def measure(self, batch: SectionBatch, stage: str) -> None:
        """The loss on a whole song."""
        self.tally(f"{stage}/loss", self._loss(batch).value)

    def _loss(self, batch: SectionBatch) -> Mean:
        songs, bars = batch.places.shape
        points = self.net(batch.steps.flatten(0, 1)).float().reshape(songs, bars, -1)
        apart = (batch.places[:, :, None] - batch.places[:, None, :]).abs()
        near = (apart <= self.near) & (apart > 0)
        return contrast(points @ points.transpose(1, 2) / self.temperature, near, apart >= self.far)


def contrast(similar: Tensor, near: Tensor, far: Tensor) -> Mean:
    """How well near bars are told from far ones: the mean of -log(share of the near one among it and the far ones).

    similar: (songs, bars, bars) scaled similarities; near, far: likewise, which pairs are so. 0 where no pair is near.
    (The loss is InfoNCE: van den Oord et al., arXiv 1807.03748.)
    """
    others = similar.masked_fill(~far, -torch.inf).logsumexp(2, keepdim=True)
    # Where nothing is far there is nothing to be told from: the pair costs nothing.
    each = torch.logaddexp(similar, others.expand_as(similar)) - similar
    counts = near & far.any(2, keepdim=True)
    return Mean(each.masked_fill(~counts, 0.0).sum(), counts.sum())
