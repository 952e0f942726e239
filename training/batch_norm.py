"""Batch normalisation over the batch of all processes, on any device (torch's own is for GPUs alone)."""

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from training.processes import this_place


class _Summing(torch.autograd.Function):
    """Sums over all processes, and so its gradient."""

    @staticmethod
    def forward(_ctx: Any, values: Tensor) -> Tensor:
        total = values.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(_ctx: Any, *gradients: Tensor) -> Tensor:
        total = gradients[0].contiguous().clone()
        dist.all_reduce(total)
        return total


def _summed(values: Tensor) -> Tensor:
    total: Tensor = _Summing.apply(values)  # type: ignore[no-untyped-call]
    return total


class SharedBatchNorm(_BatchNorm):
    """A batch norm that trains on the moments of all processes' parts of a batch, however unequal they are."""

    def forward(self, values: Tensor) -> Tensor:
        """values: (batch, channels, ...), same shape out."""
        if not self.training or this_place().size == 1:
            return torch.as_tensor(super().forward(values))
        within = [axis for axis in range(values.dim()) if axis != 1]
        shape = [1, -1] + [1] * (values.dim() - 2)
        own = values.float()
        count = torch.full((1,), own.numel() / own.shape[1], device=own.device)
        total = _summed(torch.cat([own.sum(within), count]))
        everything = total[-1].detach()
        mean = total[:-1] / everything
        centred = own - mean.reshape(shape)
        variance = _summed(centred.square().sum(within)) / everything
        self._remember(mean.detach(), variance.detach() * everything / (everything - 1).clamp(min=1))
        scaled = centred * (variance + self.eps).rsqrt().reshape(shape)
        return (scaled * self.weight.reshape(shape) + self.bias.reshape(shape)).to(values.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        assert self.momentum is not None
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)

    def _check_input_dim(self, input: Tensor) -> None:
        """Any: it stands for norms of one dimension and of two."""


def share_batch_norms(module: nn.Module) -> None:
    """Have the batch norms of a network train on the batch of all processes; parameters and names stay."""
    for name, child in module.named_children():
        if isinstance(child, _BatchNorm):
            shared = SharedBatchNorm(child.num_features, child.eps, child.momentum)
            shared.weight, shared.bias = child.weight, child.bias
            shared.running_mean, shared.running_var = child.running_mean, child.running_var
            shared.num_batches_tracked = child.num_batches_tracked
            setattr(module, name, shared)
        else:
            share_batch_norms(child)
