"""From a spectrogram on a grid to one vector per token: three ways of looking at the same sound.

Every stack takes (batch, windows, steps, mels) and gives (batch, tokens, features).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from charter.model.config import PlacementConfig, Stack


def build_stack(config: PlacementConfig) -> "ConvStack":
    """The stack that a config names."""
    kinds = {Stack.MUSICAL: MusicalStack, Stack.GENELIVE: GeneliveStack, Stack.DDC: DdcStack, Stack.NONE: DeafStack}
    return kinds[config.stack](config)


class ConvStack(nn.Module):
    """A stack knows how many features it gives per token."""

    features: int


def convolution(inputs: int, outputs: int, stride: tuple[int, int] = (1, 1)) -> nn.Sequential:
    """3 by 3 over steps and bands, normalised by the batch, without its negative part."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class MusicalStack(ConvStack):
    """Convolutions at the step, and at as many tokens at once as each of the config's scales.

    On the beat grid these are musical lengths, the same for every song: a token is a sixteenth. The finest branch keeps
    the order of the steps inside a token: it decides which of them an attack falls on. The others see the sound
    around it.
    """

    def __init__(self, config: PlacementConfig) -> None:
        super().__init__()
        narrow, wide = config.channels, 2 * config.channels
        self.steps_per_token = config.steps_per_token
        self.first = convolution(len(config.audio.windows), narrow, stride=(1, 2))
        self.second = nn.Sequential(nn.MaxPool2d((1, 2)), convolution(narrow, wide))
        self.third = nn.Sequential(nn.MaxPool2d((1, 2)), convolution(wide, wide))
        bands = config.audio.mels // 8
        self.attack = nn.Sequential(
            nn.Conv1d(wide * (bands // 2), 4 * wide, 2 * self.steps_per_token, stride=self.steps_per_token, bias=False),
            nn.BatchNorm1d(4 * wide),
            nn.ReLU(),
        )
        self.tokens_per_scale = config.scales
        self.scales = nn.ModuleList(convolution(wide, wide) for _ in config.scales)
        self.dropout = config.dropout
        self.features = 4 * wide + len(config.scales) * wide * (bands // 2)

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, windows, steps, mels) -> (batch, tokens, features)."""
        # Channels last in memory: on a CPU the convolutions run three to four times as fast.
        mel = mel.contiguous(memory_format=torch.channels_last)
        steps = self.third(self.second(self.first(mel)))  # (batch, wide, steps, mels / 8)
        steps = F.max_pool2d(steps, (1, 2))
        spare = self.steps_per_token // 2
        flat = steps.permute(0, 1, 3, 2).flatten(1, 2)  # (batch, wide * bands, steps)
        parts = [self.attack(F.pad(flat, (spare, self.steps_per_token - spare)))]
        tokens = parts[0].shape[-1]
        for convolution, scale in zip(self.scales, self.tokens_per_scale, strict=True):
            wider = F.max_pool2d(steps, (scale * self.steps_per_token, 1), ceil_mode=True)
            seen = convolution(wider).permute(0, 1, 3, 2).flatten(1, 2)
            parts.append(seen.repeat_interleave(scale, dim=2)[:, :, :tokens])
        return F.dropout(torch.cat(parts, dim=1).transpose(1, 2), self.dropout, self.training)


class DropBlock(nn.Module):
    """Dropout of whole squares of a feature map (Ghiasi et al., arXiv 1810.12890); identity outside training."""

    def __init__(self, probability: float, size: int) -> None:
        super().__init__()
        self.probability, self.size = probability, size

    def forward(self, maps: Tensor) -> Tensor:
        """(batch, channels, height, width), the same shape back."""
        if not self.training:
            return maps
        seeds = torch.rand_like(maps) < self.probability / self.size**2
        dropped = F.max_pool2d(seeds.to(maps.dtype), self.size, stride=1, padding=self.size // 2)
        kept = 1 - dropped[..., : maps.shape[-2], : maps.shape[-1]]
        return maps * kept * (kept.numel() / kept.sum().clamp(min=1))


class GeneliveStack(ConvStack):
    """ConvStackV7 of GenéLive! (Takada et al., arXiv 2202.12823): branches pooled 1, 16, 64 and 128 steps in time.

    A token is one step. Time is padded to a multiple of 128 and brought back by repeating.
    """

    TIME_POOLS = ((1, 1), (2, 8), (2, 32), (2, 64))

    def __init__(self, config: PlacementConfig) -> None:
        super().__init__()
        windows, width = len(config.audio.windows), config.channels
        self.branches = nn.ModuleList(
            nn.Sequential(
                convolution(windows, width),
                convolution(width, width),
                nn.MaxPool2d((first, 4)),
                DropBlock(0.25 * 0.25, 5),
                convolution(width, 2 * width),
                nn.MaxPool2d((second, 4)),
                DropBlock(0.25, 3),
                convolution(2 * width, 4 * width),
                nn.AdaptiveAvgPool2d((None, 1)),
            )
            for first, second in self.TIME_POOLS
        )
        self.dropout = 0.5
        self.features = 4 * 4 * width

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, windows, steps, mels) -> (batch, steps, features)."""
        steps = mel.shape[2]
        padded = F.pad(mel, (0, 0, 0, -steps % 128))
        parts = []
        for branch, (first, second) in zip(self.branches, self.TIME_POOLS, strict=True):
            seen = branch(padded).squeeze(3)
            parts.append(seen.repeat_interleave(first * second, dim=2)[:, :, :steps])
        return F.dropout(torch.cat(parts, dim=1).transpose(1, 2), self.dropout, self.training)


class DdcStack(ConvStack):
    """The convolutions of Dance Dance Convolution (Donahue et al., arXiv 1703.06891, section 4.1).

    10 filters of 7 steps by 3 bands and 20 of 3 by 3, each pooled by 3 in frequency; 7 steps of the result side by
    side, so that each step sees its 15 neighbours as in the original's context window. A token is one step.
    """

    CONTEXT = 7

    def __init__(self, config: PlacementConfig) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(len(config.audio.windows), 10, (7, 3), padding=(3, 0)),
            nn.ReLU(),
            nn.MaxPool2d((1, 3)),
            nn.Conv2d(10, 20, (3, 3), padding=(1, 0)),
            nn.ReLU(),
            nn.MaxPool2d((1, 3)),
        )
        bands = ((config.audio.mels - 2) // 3 - 2) // 3
        self.features = 20 * bands * self.CONTEXT

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, windows, steps, mels) -> (batch, steps, features)."""
        seen = self.layers(mel).permute(0, 2, 1, 3).flatten(2)  # (batch, steps, 20 * bands)
        padded = F.pad(seen, (0, 0, self.CONTEXT // 2, self.CONTEXT // 2))
        return padded.unfold(1, self.CONTEXT, 1).flatten(2)


class DeafStack(ConvStack):
    """No features at all, as many tokens as the others give: the network beside which a net that listens is read."""

    features = 0

    def __init__(self, config: PlacementConfig) -> None:
        super().__init__()
        self.steps_per_token = config.steps_per_token

    def forward(self, mel: Tensor) -> Tensor:
        """(batch, windows, steps, mels) -> (batch, tokens, 0)."""
        return mel.new_zeros(len(mel), mel.shape[2] // self.steps_per_token, 0)
