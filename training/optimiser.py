"""The optimiser and learning-rate schedule of every task."""

import math
from dataclasses import dataclass

import pytorch_lightning as pl
from pytorch_lightning.utilities.types import OptimizerLRScheduler
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR


@dataclass(frozen=True)
class OptimiserConfig:
    """AdamW with a linear warm-up, then a cosine over the run down to a share of the rate, by default to nothing."""

    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    warmup_steps: int = 100
    final_share: float = 0.0


def configured(task: pl.LightningModule, config: OptimiserConfig) -> OptimizerLRScheduler:
    """The optimiser of a task, its rate stepped every batch; as Lightning wants it."""
    optimizer = AdamW(task.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    total = max(int(task.trainer.estimated_stepping_batches), 1)

    def factor(step: int) -> float:
        warm = min(1.0, (step + 1) / max(config.warmup_steps, 1))
        falling = 0.5 * (1 + math.cos(math.pi * min(1.0, step / total)))
        return warm * (config.final_share + (1 - config.final_share) * falling)

    return {"optimizer": optimizer, "lr_scheduler": {"scheduler": LambdaLR(optimizer, factor), "interval": "step"}}
