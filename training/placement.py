"""The placement net's Lightning task: loss, optimiser, and validation by the decoder that users run."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader

from charter.decode.rows import candidate_ticks, choose_rows, tick_logits
from charter.model.config import PlacementConfig
from charter.model.placement import Condition, PlacementNet
from charter.notation import Difficulty
from datasets.placement import UNKNOWN, PlacementExample
from training.crops import PlacementBatch, WholeSongs
from training.optimiser import OptimiserConfig
from training.processes import Mean
from training.task import Task


@dataclass(frozen=True)
class ToldConfig:
    """How much of what a chart is asked to be the net is told.

    drop_difficulty, drop_density: chance that a chart's condition is left out (never both, and never the density of a
        chart whose difficulty is unknown)
    density_noise: standard deviation, in octaves, of the density told: what a user asks for is not exact
    """

    drop_difficulty: float = 0.25
    drop_density: float = 0.25
    density_noise: float = 0.1


class PlacementTask(Task):
    """Trains a `PlacementNet`.

    start: a checkpoint or weights file to start from, or None; its network must be the same
    steady: what it counts in the loss that a crop's two hearings get unlike answers, where it was heard twice; as in
        R-Drop (Liang et al., 2021), with another hearing in place of another dropout
    """

    config: PlacementConfig
    shown: ClassVar[str] = "f1"

    def __init__(
        self,
        net: PlacementConfig | None = None,
        optimiser: OptimiserConfig | None = None,
        told: ToldConfig | None = None,
        start: Path | None = None,
        steady: float = 40.0,
    ) -> None:
        config = net or PlacementConfig()
        super().__init__(config, optimiser, start)
        self.net: PlacementNet = PlacementNet(config)
        self.told = told or ToldConfig()
        self.steady = steady

    def training_step(self, batch: PlacementBatch, _index: int) -> Tensor:
        """Binary cross-entropy per step, over the music of the charts that exist, and of both hearings if there are."""
        told = self._partly_told(batch)
        device = batch.mel.device
        with torch.random.fork_rng([device] if device.type == "cuda" else []):  # both have the same dropout
            logits = self.net(batch.mel, batch.guide, told).float()
        loss = weighted_bce(logits, batch.rows, batch.weight).over_all()
        if batch.again.shape == batch.mel.shape:
            other = self.net(batch.again, batch.guide, told).float()
            apart = unlike(logits, other, batch.weight).over_all()
            loss = (loss + weighted_bce(other, batch.rows, batch.weight).over_all()) / 2 + self.steady * apart
            self.log("train/unlike", apart, sync_dist=True)
        self.log("train/loss", loss, prog_bar=True, sync_dist=True)
        return loss

    def _partly_told(self, batch: PlacementBatch) -> Condition:
        chance = self.drawn(torch.rand, *batch.density.shape)
        noise = self.drawn(torch.randn, *batch.density.shape) * self.told.density_noise
        density = batch.density * torch.exp2(noise)
        untold = (chance > 1 - self.told.drop_density) & (batch.difficulty != UNKNOWN)
        return Condition(
            torch.where(chance < self.told.drop_difficulty, UNKNOWN, batch.difficulty),
            torch.where(untold, math.nan, density),
            batch.bpm,
        )

    def measure(self, batch: tuple[int, PlacementBatch], stage: str) -> None:
        """The loss, and F1 of the rows that the decoder finds when it is asked for as many as the human chart has.

        F1 (precision and recall are one then) is over all rows, also by difficulty, and where no density was told.
        """
        number, tensors = batch
        example = self._songs().examples[number]
        charts = len(example.difficulty)
        told = tensors.condition
        logits = self.net(tensors.mel, tensors.guide, told).float()
        self.tally(f"{stage}/loss", weighted_bce(logits, tensors.rows, tensors.weight).value)
        hits = matched_rows(example, logits[0, :charts].cpu().numpy())
        untold = replace(told, density=torch.full_like(tensors.density, math.nan))
        logits = self.net(tensors.mel, tensors.guide, untold).float()
        hits_untold = matched_rows(example, logits[0, :charts].cpu().numpy())
        for chart, (difficulty, ticks) in enumerate(zip(example.difficulty, example.ticks, strict=True)):
            name = Difficulty(int(difficulty)).name.lower()
            self.tally(f"{stage}/f1_{name}", hits[chart], len(ticks))
            self.tally(f"{stage}/f1", hits[chart], len(ticks))
            self.tally(f"{stage}/f1_untold", hits_untold[chart], len(ticks))

    def _songs(self) -> WholeSongs:
        loader = self.trainer.test_dataloaders if self.trainer.testing else self.trainer.val_dataloaders
        return cast(WholeSongs, cast(DataLoader[object], loader).dataset)


def weighted_bce(logits: Tensor, rows: Tensor, weight: Tensor) -> Mean:
    """Binary cross-entropy over the steps that count; all of shape (batch, charts, steps)."""
    return Mean(F.binary_cross_entropy_with_logits(logits, rows, weight=weight, reduction="sum"), weight.sum())


def unlike(one: Tensor, other: Tensor, weight: Tensor) -> Mean:
    """Jeffreys divergence of two answers, over the steps that count; logits and weight of shape (batch, charts, steps).

    For a yes or a no it is the difference of the chances times that of the logits.
    """
    return Mean(((one.sigmoid() - other.sigmoid()) * (one - other) * weight).sum(), weight.sum())


def matched_rows(example: PlacementExample, logits: NDArray[np.float32]) -> list[int]:
    """How many human rows each chart's best ticks hit exactly, when as many are taken; each chart by itself."""
    music = example.grid.seconds[example.music]
    ticks = candidate_ticks(example.grid, float(music[0]), float(music[-1]))
    found = []
    for scores, human in zip(tick_logits(logits, example.grid, ticks), example.ticks, strict=True):
        rows = choose_rows(scores[None], np.array([len(human)]))[0]
        found.append(int(np.isin(human, ticks[rows]).sum()))
    return found
