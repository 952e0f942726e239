"""The section net: what a bar of music sounds like, as a point that lies near to those of bars like it."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from charter.model.config import SectionConfig
from charter.model.conv_stack import convolution


class SectionNet(nn.Module):
    """Convolutions over the steps and bands of a bar, then its mean and its loudest moment over the steps.

    It is trained on closeness in time alone, after McCallum, "Unsupervised Learning of Deep Features for Music
    Segmentation" (ICASSP 2019, arXiv 2108.12955): bars of one song that lie near to each other mostly belong to one
    section, bars that lie far from each other mostly do not.
    """

    def __init__(self, config: SectionConfig) -> None:
        super().__init__()
        self.config = config
        narrow = config.channels
        self.sound = nn.Sequential(
            convolution(len(config.audio.windows), narrow, stride=(1, 2)),
            nn.MaxPool2d((1, 2)),
            convolution(narrow, 2 * narrow),
            nn.MaxPool2d((2, 2)),
            convolution(2 * narrow, 4 * narrow),
        )
        self.dropout = nn.Dropout(config.dropout)
        self.out = nn.Linear(2 * 4 * narrow * (config.audio.mels // 8), config.width)

    def forward(self, steps: Tensor) -> Tensor:
        """Unit vectors: (bars, windows, steps, mels) -> (bars, width)."""
        seen = self.sound(steps)  # (bars, channels, steps / 2, mels / 8)
        over_time = torch.cat([seen.mean(2), seen.amax(2)], dim=1).flatten(1)
        return F.normalize(self.out(self.dropout(over_time)), dim=1)
