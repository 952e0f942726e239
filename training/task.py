"""What all tasks share: where they start, what is random, means over all processes, what a checkpoint says."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.utilities.types import OptimizerLRScheduler
from torch import Tensor, nn

from training.batch_norm import share_batch_norms
from training.batches import run_seed
from training.checkpoint import PROVENANCE, load_start, provenance
from training.optimiser import OptimiserConfig, configured
from training.processes import gathered, summed, this_place


class Task(pl.LightningModule):
    """Trains a network ``net``, built as ``config`` says.

    config: a dataclass of plain values; start: a checkpoint or weights file to start from, or None; its network must
        be the same
    """

    shown: ClassVar[str] = "loss"  # what of the figures the progress bar shows
    net: nn.Module

    def __init__(self, config: Any, optimiser: OptimiserConfig | None, start: Path | None = None) -> None:
        super().__init__()
        self.config = config
        self.optimiser = optimiser or OptimiserConfig()
        self.start = start
        self._chances = torch.Generator()
        self._sums: dict[str, list[tuple[float, int]]] = defaultdict(list)

    def setup(self, stage: str) -> None:
        """Take the weights to start from; a training that goes on has its own."""
        if self.start is not None and self.trainer.ckpt_path is None:
            load_start(self, self.start, self.config)
        if this_place().size > 1:
            share_batch_norms(self.net)

    def on_train_batch_start(self, batch: object, batch_idx: int) -> None:
        """Seed what is random in a step by its place in the run: a run that goes on repeats one that never broke.

        What a batch is not told is the same for any number of processes; dropout is each process's own.
        """
        step = [run_seed(), self.current_epoch, batch_idx]
        self._chances.manual_seed(_seed(step))
        torch.manual_seed(_seed([*step, 1 + this_place().rank]))

    def drawn(self, draw: Callable[..., Tensor], count: int, *shape: int) -> Tensor:
        """Random numbers for this process's samples of a batch: those that one process would draw for them.

        draw: torch.rand or its like -> (count, *shape)
        """
        rank, size = this_place()
        samples = count if size == 1 else int(summed(torch.tensor(count, device=self.device)))
        return draw((samples, *shape), generator=self._chances)[rank::size].to(self.device)

    @abstractmethod
    def measure(self, batch: Any, stage: str) -> None:
        """Tally what is measured of a batch of the valid or test split; stage: the prefix of the names."""

    def validation_step(self, batch: Any, _index: int) -> None:
        """Measure a batch, if this process has one."""
        if batch is not None:
            self.measure(batch, "val")

    def test_step(self, batch: Any, _index: int) -> None:
        """As `validation_step`, on the test split."""
        if batch is not None:
            self.measure(batch, "test")

    def on_validation_epoch_start(self) -> None:
        """Forget what a validation that was broken off has noted."""
        self._sums.clear()

    def on_test_epoch_start(self) -> None:
        """As `on_validation_epoch_start`."""
        self._sums.clear()

    def on_validation_epoch_end(self) -> None:
        """Log what was measured."""
        self.log_tallied()

    def on_test_epoch_end(self) -> None:
        """As `on_validation_epoch_end`."""
        self.log_tallied()

    def tally(self, name: str, total: Tensor | float, count: int = 1) -> None:
        """Note a sum over ``count`` of what is measured; the mean over all is logged at the epoch's end."""
        self._sums[name].append((float(total), count))

    def log_tallied(self) -> None:
        """Log the means over what all processes noted."""
        every = gathered(dict(self._sums))
        for name in sorted({name for sums in every for name in sums}):
            noted = [pair for sums in every for pair in sums.get(name, [])]
            mean = sum(total for total, _ in noted) / max(sum(count for _, count in noted), 1)
            self.log(name, mean, prog_bar=name.endswith(f"/{self.shown}"), sync_dist=True)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """A checkpoint says what it is."""
        checkpoint[PROVENANCE] = provenance(self.config)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """As `training.optimiser` has it."""
        return configured(self, self.optimiser)


def _seed(words: list[int]) -> int:
    return int(np.random.SeedSequence(words).generate_state(1)[0])
