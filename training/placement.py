"""The placement net's Lightning task: loss, optimiser, and validation by the decoder that users run."""

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray
from pytorch_lightning.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader

from charter.decode.rows import candidate_ticks, choose_rows, tick_logits
from charter.model.config import PlacementConfig
from charter.model.placement import Condition, PlacementNet
from charter.notation import Difficulty
from datasets.placement import UNKNOWN, PlacementExample
from training.checkpoint import PROVENANCE, load_start, provenance
from training.crops import PlacementBatch, WholeSongs
from training.optimiser import OptimiserConfig, configured


class PlacementTask(pl.LightningModule):
    """Trains a `PlacementNet`.

    drop_difficulty, drop_density: chance that a chart's condition is left out (never both, and never the density of a
        chart whose difficulty is unknown)
    start: a checkpoint or weights file to start from, or None; its network must be the same
    density_noise: standard deviation, in octaves, of the density told in training: what a user asks for is not exact
    """

    def __init__(
        self,
        net: PlacementConfig | None = None,
        optimiser: OptimiserConfig | None = None,
        drop_difficulty: float = 0.25,
        drop_density: float = 0.25,
        density_noise: float = 0.1,
        start: Path | None = None,
    ) -> None:
        super().__init__()
        self.config = net or PlacementConfig()
        self.net = PlacementNet(self.config)
        self.start = start
        self.optimiser = optimiser or OptimiserConfig()
        self.drop_difficulty, self.drop_density = drop_difficulty, drop_density
        self.density_noise = density_noise
        self.matched: dict[str, Counter[Difficulty]] = {}

    def setup(self, stage: str) -> None:
        """Take the weights to start from; a training that goes on has its own."""
        if self.start is not None and self.trainer.ckpt_path is None:
            load_start(self, self.start, self.config)

    def training_step(self, batch: PlacementBatch, _index: int) -> Tensor:
        """Binary cross-entropy per step, over the music of the charts that exist."""
        logits = self.net(batch.mel, batch.guide, self._partly_told(batch)).float()
        loss = weighted_bce(logits, batch.rows, batch.weight)
        self.log("train/loss", loss, prog_bar=True)
        return loss

    def _partly_told(self, batch: PlacementBatch) -> Condition:
        chance = torch.rand(batch.density.shape, device=batch.density.device)
        noise = torch.randn(batch.density.shape, device=batch.density.device) * self.density_noise
        density = batch.density * torch.exp2(noise)
        untold = (chance > 1 - self.drop_density) & (batch.difficulty != UNKNOWN)
        return Condition(
            torch.where(chance < self.drop_difficulty, UNKNOWN, batch.difficulty),
            torch.where(untold, math.nan, density),
            batch.bpm,
        )

    def on_validation_epoch_start(self) -> None:
        """Forget the counts of the last validation."""
        self.matched = {"hit": Counter(), "human": Counter(), "untold": Counter()}

    def validation_step(self, batch: tuple[int, PlacementBatch], _index: int) -> None:
        """Count the rows that the decoder finds when it is asked for as many as the human chart has."""
        number, tensors = batch
        example = self._songs().examples[number]
        charts = len(example.difficulty)
        told = tensors.condition
        untold = replace(told, density=torch.full_like(tensors.density, math.nan))
        for name, condition in (("hit", told), ("untold", untold)):
            logits = self.net(tensors.mel, tensors.guide, condition).float()
            if name == "hit":
                loss = weighted_bce(logits, tensors.rows, tensors.weight)
                self.log(f"{self.stage}/loss", loss, batch_size=1, sync_dist=True)
            found = matched_rows(example, logits[0, :charts].cpu().numpy())
            for difficulty, hits in zip(example.difficulty, found, strict=True):
                self.matched[name][Difficulty(int(difficulty))] += hits
        for difficulty, ticks in zip(example.difficulty, example.ticks, strict=True):
            self.matched["human"][Difficulty(int(difficulty))] += len(ticks)

    def on_test_epoch_start(self) -> None:
        """As `on_validation_epoch_start`."""
        self.on_validation_epoch_start()

    def test_step(self, batch: tuple[int, PlacementBatch], index: int) -> None:
        """As `validation_step`, on the test split."""
        self.validation_step(batch, index)

    def on_test_epoch_end(self) -> None:
        """As `on_validation_epoch_end`."""
        self.on_validation_epoch_end()

    @property
    def stage(self) -> str:
        """The prefix of what is logged."""
        return "test" if self.trainer.testing else "val"

    def _songs(self) -> WholeSongs:
        loader = self.trainer.test_dataloaders if self.trainer.testing else self.trainer.val_dataloaders
        return cast(WholeSongs, cast(DataLoader[object], loader).dataset)

    def on_validation_epoch_end(self) -> None:
        """Log micro F1 (at the human's count precision and recall are one) per difficulty and over all."""
        names = ("human", "hit", "untold")
        counted = torch.tensor([[self.matched[n][d] for d in Difficulty] for n in names], device=self.device)
        # Pooled over all processes, and logged by each of them: a rank without Beginner charts must not wait alone.
        human, hit, untold = self.trainer.strategy.reduce(counted, reduce_op="sum").tolist()
        for difficulty in Difficulty:
            if human[difficulty]:
                name = f"{self.stage}/f1_{difficulty.name.lower()}"
                self.log(name, hit[difficulty] / human[difficulty])
        total = max(sum(human), 1)
        self.log(f"{self.stage}/f1", sum(hit) / total, prog_bar=True)
        self.log(f"{self.stage}/f1_untold", sum(untold) / total)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """A checkpoint says what it is."""
        checkpoint[PROVENANCE] = provenance(self.config)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """As `training.optimiser` has it."""
        return configured(self, self.optimiser)


def weighted_bce(logits: Tensor, rows: Tensor, weight: Tensor) -> Tensor:
    """Mean binary cross-entropy over the steps that count; all of shape (batch, charts, steps)."""
    each = F.binary_cross_entropy_with_logits(logits, rows, weight=weight, reduction="sum")
    return each / weight.sum().clamp(min=1)


def matched_rows(example: PlacementExample, logits: NDArray[np.float32]) -> list[int]:
    """How many human rows each chart's best ticks hit exactly, when as many are taken; each chart by itself."""
    music = example.grid.seconds[example.music]
    ticks = candidate_ticks(example.grid, float(music[0]), float(music[-1]))
    found = []
    for scores, human in zip(tick_logits(logits, example.grid, ticks), example.ticks, strict=True):
        rows = choose_rows(scores[None], np.array([len(human)]))[0]
        found.append(int(np.isin(human, ticks[rows]).sum()))
    return found
