"""The placement net: which steps of a song carry a row, for any charts asked for, in one pass over the audio."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from charter.model.config import Head, PlacementConfig
from charter.model.conv_stack import build_stack
from charter.model.grid import Grid, GridKind, guide_size
from charter.model.similarity import SelfSimilarity
from charter.notation import Difficulty, Timing

# Rows per second of the median chart for feet of the train split, by difficulty.
TYPICAL_DENSITY = (0.93, 1.76, 2.49, 3.28, 4.30)


@dataclass(frozen=True, eq=False)
class Condition:
    """What is asked of each chart; either may be left out.

    difficulty: (batch, charts) 0..4, or -1 where unknown
    density: (batch, charts) rows per second, or NaN where unknown
    bpm: (batch,) mean tempo of the music
    """

    difficulty: Tensor
    density: Tensor
    bpm: Tensor


def make_grid(config: PlacementConfig, timing: Timing, duration: float) -> Grid:
    """The grid that a config asks for, over audio of ``duration`` seconds."""
    if config.grid is GridKind.BEATS:
        return Grid.of_beats(timing, duration, config.steps_per_beat)
    step_seconds = config.hops_per_step / config.audio.frames_per_second
    return Grid.of_frames(timing, duration, step_seconds, config.steps_per_token)


class PlacementNet(nn.Module):
    """Conv-stack, BiLSTM over tokens, and a head that reads every chart off the same pass where it can."""

    def __init__(self, config: PlacementConfig) -> None:
        super().__init__()
        self.config = config
        self.stack = build_stack(config)
        told = guide_size(config.guide) + (1 if config.head is Head.SCALAR else 0)
        width = self.stack.features
        self.narrow: nn.Module = nn.Identity()
        if width > 2 * config.hidden and config.head is Head.LEVELS:
            self.narrow, width = nn.Linear(width, 2 * config.hidden), 2 * config.hidden
        self.reader = Reader(width + told, config)
        head = LevelHead if config.head is Head.LEVELS else ScalarHead
        self.head: LevelHead | ScalarHead = head(2 * config.hidden, config.steps_per_token)

    def forward(self, mel: Tensor, guide: Tensor, condition: Condition) -> Tensor:
        """Logits of a row on each step.

        mel: (batch, windows, steps, mels); guide: (batch, tokens, channels) -> (batch, charts, steps)
        """
        return self.answer(self.listen(mel, guide), condition)

    def listen(self, mel: Tensor, guide: Tensor) -> Tensor:
        """All that does not depend on what is asked, to be kept while several questions are put: (batch, tokens, …)."""
        tokens = torch.cat([self.narrow(self.stack(mel)), guide], dim=2)
        return torch.as_tensor(self.reader(tokens)) if isinstance(self.head, LevelHead) else tokens

    def answer(self, heard: Tensor, condition: Condition) -> Tensor:
        """Logits of a row on each step, (batch, charts, steps), of what `listen` gave."""
        if isinstance(self.head, LevelHead):
            levels: Tensor = self.head(heard, condition)
            return levels
        charts = condition.difficulty.shape[1]
        level = (condition.difficulty.clamp(min=0).to(heard.dtype) + 1) / len(Difficulty)
        each = heard.repeat_interleave(charts, dim=0)
        asked = level.reshape(-1, 1, 1).expand(-1, each.shape[1], 1)
        logits: Tensor = self.head(self.reader(torch.cat([each, asked], dim=2)))
        return logits.reshape(len(heard), charts, -1)


class Reader(nn.Module):
    """A BiLSTM over the tokens, which between its layers is told of like places of the song if the config says so."""

    def __init__(self, features: int, config: PlacementConfig) -> None:
        super().__init__()
        self.dropout = config.dropout
        told = config.similarity > 0 and config.layers > 1
        self.lstm = _bilstm(features, 1 if told else config.layers, config)
        self.similarity = SelfSimilarity(2 * config.hidden, config.similarity) if told else None
        if self.similarity is not None:
            self.second = _bilstm(2 * config.hidden + self.similarity.features, config.layers - 1, config)

    def forward(self, tokens: Tensor) -> Tensor:
        """(batch, tokens, features) -> (batch, tokens, 2 * hidden)."""
        read = F.dropout(self.lstm(tokens)[0], self.dropout, self.training)
        if self.similarity is not None:
            read = self.second(torch.cat([read, self.similarity(read)], dim=2))[0]
            read = F.dropout(read, self.dropout, self.training)
        return read


def _bilstm(features: int, layers: int, config: PlacementConfig) -> nn.LSTM:
    return nn.LSTM(
        features,
        config.hidden,
        layers,
        batch_first=True,
        bidirectional=True,
        dropout=config.dropout if layers > 1 else 0.0,
    )


class ScalarHead(nn.Module):
    """One logit per step; the difficulty came in with the tokens."""

    def __init__(self, features: int, steps_per_token: int) -> None:
        super().__init__()
        self.out = nn.Linear(features, steps_per_token)

    def forward(self, hidden: Tensor) -> Tensor:
        """(batch, tokens, features) -> (batch, steps)."""
        return torch.as_tensor(self.out(hidden)).flatten(1)


class LevelHead(nn.Module):
    """Each step's level: how easy a chart still plays it.

    A step's logit starts at that of the sparsest beginner chart and only rises: by a step of at least 0 for every
    difficulty up to the one asked for, and by ramps of at least 0 along the density asked for. So a harder or denser
    chart plays whatever an easier one plays, by construction, as human charts nearly do. An unknown difficulty is
    placed by its density and an unknown density by its difficulty, on the scale of `TYPICAL_DENSITY`.

    The ramps count rows per beat: a row every other beat is a rhythm, a row a second is none. How hard a chart is goes
    by rows per second.
    """

    RAMPS = 6
    ROWS_PER_BEAT = (1 / 6, 4.0)  # the ramps divide the octaves between

    def __init__(self, features: int, steps_per_token: int) -> None:
        super().__init__()
        self.steps_per_token = steps_per_token
        self.outputs = 1 + (len(Difficulty) - 1) + self.RAMPS
        self.out = nn.Linear(features, steps_per_token * self.outputs)
        low, high = (math.log(rows) for rows in self.ROWS_PER_BEAT)
        self.register_buffer("starts", low + torch.arange(self.RAMPS) * (high - low) / self.RAMPS, persistent=False)
        self.ramp = (high - low) / self.RAMPS
        self.register_buffer("typical", torch.tensor(TYPICAL_DENSITY).log(), persistent=False)
        with torch.no_grad():  # about one step in thirty carries a row; gains start small
            self.out.bias.view(steps_per_token, self.outputs)[:, 0] = -4.5
            self.out.bias.view(steps_per_token, self.outputs)[:, 1:] = -1.0

    starts: Tensor
    typical: Tensor

    def forward(self, hidden: Tensor, condition: Condition) -> Tensor:
        """(batch, tokens, features) -> (batch, charts, steps)."""
        values = self.out(hidden).unflatten(2, (self.steps_per_token, self.outputs)).flatten(1, 2)
        base, gains = values[..., 0], F.softplus(values[..., 1:])  # (batch, steps[, gains])
        reached = self.reached(condition).to(gains.dtype)  # (batch, charts, gains)
        risen: Tensor = torch.einsum("bsg,bcg->bcs", gains, reached)
        return torch.add(base[:, None], risen)

    def reached(self, condition: Condition) -> Tensor:
        """How much of each gain a chart has, (batch, charts, gains), each within 0..1 and rising with what is asked."""
        level, log_density = self.scale(condition)
        steps = torch.arange(len(Difficulty) - 1, device=level.device)
        by_level = (level[..., None] - steps).clamp(0, 1)
        rows_per_beat = log_density + (60 / condition.bpm).log()[:, None]
        by_density = ((rows_per_beat[..., None] - self.starts) / self.ramp).clamp(0, 1)
        return torch.cat([by_level, by_density], dim=2)

    def scale(self, condition: Condition) -> tuple[Tensor, Tensor]:
        """(level 0..4, log density) of each chart, the unknown one filled in from the other."""
        known_level = condition.difficulty.clamp(min=0)
        log_density = torch.where(condition.density.isnan(), self.typical[known_level], condition.density.log())
        above = torch.bucketize(log_density, self.typical).clamp(1, len(Difficulty) - 1)
        low, high = self.typical[above - 1], self.typical[above]
        placed = (above - 1 + (log_density - low) / (high - low)).clamp(0, len(Difficulty) - 1)
        level = torch.where(condition.difficulty < 0, placed, known_level.to(placed.dtype))
        return level, log_density
