"""The beat net: at which moments of a recording a beat falls, and which of them are downbeats."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from charter.model.config import BeatConfig
from charter.model.conv_stack import convolution


class BeatNet(nn.Module):
    """A conv-stack on plain time, since there are no beats yet to align it with.

    Three convolutions over time and bands, then convolutions over time alone, each looking twice as far as the one
    before: from an attack to about ten measures to either side. (The shape is that of Davies and Böck's temporal
    convolutional network, EUSIPCO 2019, doi 10.23919/EUSIPCO.2019.8902578, at a fifth of its frames.)
    """

    def __init__(self, config: BeatConfig) -> None:
        super().__init__()
        self.config = config
        narrow, wide = config.channels, 2 * config.channels
        self.sound = nn.Sequential(
            convolution(len(config.audio.windows), narrow, stride=(config.hops_per_token, 2)),
            nn.MaxPool2d((1, 2)),
            convolution(narrow, wide),
            nn.MaxPool2d((1, 2)),
            convolution(wide, wide),
            nn.MaxPool2d((1, 2)),
        )
        self.narrow = nn.Conv1d(wide * (config.audio.mels // 16), config.width, 1)
        self.scales = nn.ModuleList(_Dilated(config.width, 2**n, config.dropout) for n in range(config.scales))
        self.out = nn.Conv1d(config.width, 2, 1)

    @property
    def reach(self) -> int:
        """How many tokens to either side an answer depends on."""
        return 2 * ((1 << self.config.scales) - 1) + 3

    def forward(self, mel: Tensor) -> Tensor:
        """Log-odds of a beat and of a downbeat: (batch, windows, frames, mels) -> (batch, 2, tokens).

        Token ``i`` is centred on frame ``i * hops_per_token``.
        """
        seen = self.sound(mel).permute(0, 1, 3, 2).flatten(1, 2)  # (batch, wide * bands, tokens)
        seen = F.elu(self.narrow(seen))
        for scale in self.scales:
            seen = scale(seen)
        return torch.as_tensor(self.out(seen))


class _Dilated(nn.Module):
    """Adds to each token what it makes of the tokens ``dilation`` and twice that away."""

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.around = nn.Conv1d(width, width, 5, padding=2 * dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(width)
        self.mix = nn.Conv1d(width, width, 1)
        self.dropout = dropout

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, width, tokens), the same shape back."""
        seen = F.dropout(F.elu(self.norm(self.around(tokens))), self.dropout, self.training)
        return torch.as_tensor(tokens + self.mix(seen))
