"""Half precision where the machine has it."""

import torch
from torch import nn

WHOLE = "32-true"


def workable(precision: str, accelerator: str) -> str:
    """The precision asked for, or 32 bits where it is ``bf16-mixed`` and the networks train on a CPU that lacks it.

    accelerator: as Lightning's trainer takes it
    """
    on_cpu = accelerator == "cpu" or (accelerator == "auto" and not torch.accelerator.is_available())
    return WHOLE if precision == "bf16-mixed" and on_cpu and not _cpu_has_bf16() else precision


def _cpu_has_bf16() -> bool:
    """Whether an LSTM runs in it: on many CPUs torch has none that does, and says so only when it is asked to."""
    try:
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            nn.LSTM(1, 1)(torch.zeros(1, 1, 1))
    except RuntimeError:
        return False
    return True
