"""The beat net's Lightning task."""

from typing import NamedTuple

from torch import Tensor
from torch.nn import functional as F

from charter.model.beats import BeatNet
from charter.model.config import BeatConfig
from training.optimiser import OptimiserConfig
from training.processes import Mean
from training.task import Task


class BeatBatch(NamedTuple):
    """Crops of recordings side by side.

    mel: (batch, windows, frames, mels); targets: (batch, 2, tokens) 0..1, of a beat and of a downbeat
    weight: (batch, 1, tokens), 0 where the beat is not known
    """

    mel: Tensor
    targets: Tensor
    weight: Tensor


class BeatTask(Task):
    """Trains a `BeatNet` on binary cross-entropy per token, so that what it says are probabilities."""

    config: BeatConfig

    def __init__(self, net: BeatConfig | None = None, optimiser: OptimiserConfig | None = None) -> None:
        config = net or BeatConfig()
        super().__init__(config, optimiser)
        self.net = BeatNet(config)

    def training_step(self, batch: BeatBatch, _index: int) -> Tensor:
        """The sum of both losses."""
        loss = beat_losses(self.net(batch.mel).float(), batch).over_all().sum()
        self.log("train/loss", loss, prog_bar=True, sync_dist=True)
        return loss

    def measure(self, batch: BeatBatch, stage: str) -> None:
        """The losses on a whole recording."""
        beat, downbeat = beat_losses(self.net(batch.mel).float(), batch).value
        self.tally(f"{stage}/beat_loss", beat)
        self.tally(f"{stage}/downbeat_loss", downbeat)
        self.tally(f"{stage}/loss", beat + downbeat)


def beat_losses(logits: Tensor, batch: BeatBatch) -> Mean:
    """Binary cross-entropy of beats and of downbeats, (2,), over the tokens that count."""
    each = F.binary_cross_entropy_with_logits(logits, batch.targets, weight=batch.weight, reduction="none")
    return Mean(each.sum((0, 2)), batch.weight.sum())
