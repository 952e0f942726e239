"""Several processes that train one network together: what is whose, and sums over all of them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor


class Place(NamedTuple):
    """Which of how many processes this one is."""

    rank: int
    size: int


@dataclass(frozen=True, eq=False)
class Mean:
    """A mean as its two parts, so that means over parts of a batch become the mean over all of it.

    total: (...) sums; count: () how many each is over
    """

    total: Tensor
    count: Tensor

    @property
    def value(self) -> Tensor:
        """The mean over what this process has; 0 of nothing."""
        return torch.as_tensor(self.total / self.count.clamp(min=1))

    def over_all(self) -> Tensor:
        """A loss whose mean over all processes, and that of its gradients, is that of one process with all samples.

        Processes that share a batch seldom have equally much to learn from in their parts of it.
        """
        return torch.as_tensor(self.total * this_place().size / summed(self.count).clamp(min=1))


def this_place() -> Place:
    """The place of this process; alone, it is the first of one."""
    if dist.is_available() and dist.is_initialized():
        return Place(dist.get_rank(), dist.get_world_size())
    return Place(0, 1)


def summed(values: Tensor) -> Tensor:
    """The sum over all processes; no gradient passes."""
    values = values.detach()
    if this_place().size > 1:
        values = values.clone()
        dist.all_reduce(values)
    return values


def gathered(value: Any) -> list[Any]:
    """What each process has, in their order."""
    size = this_place().size
    if size == 1:
        return [value]
    values: list[Any] = [None] * size
    dist.all_gather_object(values, value)
    return values
