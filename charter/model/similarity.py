"""A song told of itself: what was heard wherever it sounds like here."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_KEY = 32  # numbers by which two places are compared, per head
_VALUE = 16  # numbers that a place tells, per head
_BLOCK = 512  # tokens compared with all others at a time: an hour of music would need gigabytes at once
_SELF = -30_000.0  # a place is no news to itself


class SelfSimilarity(nn.Module):
    """Attention of every token to those most like it: human charts repeat where the music does.

    Places are compared by the cosine of one projection, so that likeness is mutual.
    """

    def __init__(self, features: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.features = heads * _VALUE
        self.key = nn.Linear(features, heads * _KEY)
        self.value = nn.Linear(features, self.features)
        self.sharpness = nn.Parameter(torch.full((heads, 1, 1), 10.0))

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, tokens, features in) -> (batch, tokens, features)."""
        keys = F.normalize(self._by_head(self.key(tokens)), dim=-1)
        values = self._by_head(self.value(tokens))
        told = []
        for start in range(0, tokens.shape[1], _BLOCK):
            likeness = keys[:, :, start : start + _BLOCK] @ keys.transpose(2, 3) * self.sharpness
            likeness.diagonal(start, 2, 3).fill_(_SELF)
            told.append(likeness.softmax(dim=-1) @ values)
        return torch.cat(told, dim=2).transpose(1, 2).flatten(2)

    def _by_head(self, tokens: Tensor) -> Tensor:
        """(batch, tokens, heads * n) -> (batch, heads, tokens, n)."""
        return tokens.reshape(*tokens.shape[:2], self.heads, -1).transpose(1, 2)
