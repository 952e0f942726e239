"""TensorBoard pictures: where the network would play, beside where people did."""

from typing import cast

import numpy as np
import pytorch_lightning as pl
import torch
from matplotlib.figure import Figure
from numpy.typing import NDArray
from pytorch_lightning.loggers import TensorBoardLogger
from torch.utils.data import DataLoader

from charter.model.placement import Condition
from charter.notation import Difficulty
from datasets.placement import PlacementExample
from training.crops import WholeSongs
from training.placement import PlacementTask


class RowPictures(pl.Callback):
    """After each validation, a passage from the middle of the first song, every difficulty below the other.

    seconds: length of the passage
    """

    def __init__(self, seconds: float = 20.0) -> None:
        self.seconds = seconds

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Draw and log, where there is a TensorBoard to log to."""
        if not isinstance(trainer.logger, TensorBoardLogger) or not trainer.is_global_zero:
            return
        task = cast(PlacementTask, pl_module)
        songs = cast(WholeSongs, cast("DataLoader[object]", trainer.val_dataloaders).dataset)
        example, (_, batch) = songs.examples[0], songs[0]
        device = task.device
        condition = Condition(batch.difficulty.to(device), batch.density.to(device), batch.bpm.to(device))
        with torch.no_grad():
            logits = task.net(batch.mel.to(device), batch.guide.to(device), condition)[0]
        chances = logits[: len(example.difficulty)].float().sigmoid().cpu().numpy()
        picture = draw_rows(example, chances, self.seconds)
        trainer.logger.experiment.add_figure("rows", picture, global_step=trainer.global_step)


def draw_rows(example: PlacementExample, chances: NDArray[np.float32], seconds: float) -> Figure:
    """A panel per chart: the chance of a row on each step as a curve, human rows as lines. chances: (charts, steps)."""
    middle = float(example.grid.seconds[len(example.grid) // 2])
    shown = np.abs(example.grid.seconds - middle) <= seconds / 2
    times = example.grid.seconds[shown]
    figure = Figure(figsize=(14, 1.6 * len(chances) + 0.6), layout="constrained")
    panels = figure.subplots(len(chances), 1, sharex=True, squeeze=False)[:, 0]
    for axes, difficulty, chance, rows in zip(panels, example.difficulty, chances, example.rows, strict=True):
        axes.vlines(times[rows[shown]], 0, 1, color="tab:orange", linewidth=1, label="human rows")
        axes.plot(times, chance[shown], color="tab:blue", linewidth=1, label="chance of a row")
        axes.set_ylabel(Difficulty(int(difficulty)).label)
        axes.set_ylim(0, 1)
    panels[0].legend(loc="upper right")
    panels[-1].set_xlabel(f"seconds of {example.name}")
    return figure
