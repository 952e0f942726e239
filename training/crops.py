"""Placement examples as batches of random crops, and whole songs for validation."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from charter.audio.features import SILENCE
from charter.model.config import PlacementConfig
from charter.model.grid import GridKind, Guide
from charter.model.placement import Condition
from charter.notation import BEATS_PER_MEASURE, Difficulty
from datasets.augment import AugmentConfig, augment_bar_guide, augment_mel
from datasets.placement import PlacementExample


class PlacementBatch(NamedTuple):
    """Crops side by side; charts that a song does not have carry weight 0.

    mel: (batch, windows, steps, mels); guide: (batch, tokens, channels); rows: (batch, charts, steps)
    again: as mel, of the recording played a little faster or slower; without windows where it was heard once
    weight: (batch, charts, steps), 0 where there is nothing to learn
    difficulty: (batch, charts) 0..4 or -1; density: (batch, charts) rows per second; bpm: (batch,) mean tempo
    """

    mel: Tensor
    again: Tensor
    guide: Tensor
    rows: Tensor
    weight: Tensor
    difficulty: Tensor
    density: Tensor
    bpm: Tensor

    @property
    def condition(self) -> Condition:
        """What the charts were asked to be, all of it told."""
        return Condition(self.difficulty, self.density, self.bpm)


class CropDataset(Dataset[PlacementBatch]):
    """Random crops of ``crop_steps`` steps, less what makes no whole token.

    In an epoch each song comes as often as it is long. The crop and its augmentation are drawn from torch's generator,
    so that a seeded run repeats.
    """

    def __init__(
        self,
        examples: list[PlacementExample],
        config: PlacementConfig,
        crop_steps: int,
        augment: AugmentConfig | None = None,
    ) -> None:
        self.examples, self.config, self.augment = examples, config, augment
        self.crop_steps = crop_steps - crop_steps % config.steps_per_token
        repeats = [max(1, round(len(example.grid) / crop_steps)) for example in examples]
        self.order = np.repeat(np.arange(len(examples)), repeats)
        self.on_beats = config.grid is GridKind.BEATS
        # On the beat grid a crop starts on a measure, as songs do.
        self.stride = BEATS_PER_MEASURE * config.steps_per_beat if self.on_beats else config.steps_per_token

    def __len__(self) -> int:
        """Crops in an epoch."""
        return len(self.order)

    def __getitem__(self, index: int) -> PlacementBatch:
        """A crop as a batch of one (without the batch axis)."""
        example = self.examples[self.order[index]]
        rng = np.random.default_rng(int(torch.randint(2**31, ()).item()))
        last = max(0, len(example.grid) - self.crop_steps)
        start = int(rng.integers(0, last // self.stride + 1)) * self.stride
        sound, guide, rows, weight = self._cut(example, start)
        if self.augment is not None:
            steps_per_beat = self.config.steps_per_beat if self.on_beats else self.stride
            sound = augment_mel(sound, steps_per_beat, self.augment, rng)
            if self.config.guide is Guide.BAR:
                guide = augment_bar_guide(guide, self.augment, rng)
        return to_batch(example, sound, guide, rows, weight)

    def _cut(
        self, example: PlacementExample, start: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
        stop = start + self.crop_steps
        missing = max(0, stop - len(example.grid))
        token = self.config.steps_per_token
        pad = ((0, missing), (0, 0))
        hearings = [example.mel] if example.again is None else [example.mel, example.again]
        sound = np.concatenate([mel[start:stop].astype(np.float32) for mel in hearings], axis=2)
        sound = np.pad(sound, (*pad, (0, 0)), constant_values=SILENCE)
        guide = np.pad(example.guide[start // token : stop // token], ((0, missing // token), (0, 0)))
        rows = np.pad(example.rows[:, start:stop], pad[::-1])
        return sound, guide, rows, np.pad(example.music[start:stop], (0, missing))


def to_batch(
    example: PlacementExample,
    sound: NDArray[np.float32],
    guide: NDArray[np.float32],
    rows: NDArray[np.bool_],
    weight: NDArray[np.bool_],
) -> PlacementBatch:
    """Arrays of one example as tensors, its charts padded to five with weight 0 (no batch axis).

    sound: (steps, mels, windows), and as many windows more where it was heard again
    """
    slots = len(Difficulty)
    charts = len(example.difficulty)
    padded_rows = np.zeros((slots, rows.shape[1]), dtype=np.float32)
    padded_rows[:charts] = rows
    weights = np.zeros_like(padded_rows)
    weights[:charts] = weight
    difficulty = np.zeros(slots, dtype=np.int64)
    difficulty[:charts] = example.difficulty
    density = np.ones(slots, dtype=np.float32)
    density[:charts] = example.density
    heard = torch.from_numpy(np.ascontiguousarray(sound.transpose(2, 0, 1)))
    windows = example.mel.shape[2]
    return PlacementBatch(
        heard[:windows],
        heard[windows:],
        torch.from_numpy(guide),
        torch.from_numpy(padded_rows),
        torch.from_numpy(weights),
        torch.from_numpy(difficulty),
        torch.from_numpy(density),
        torch.tensor(example.bpm, dtype=torch.float32),
    )


class WholeSongs(Dataset[tuple[int, PlacementBatch]]):
    """Each song whole, as it is when a chart is generated, with its number among the examples.

    The number, not the example: Lightning takes apart whatever a loader yields, and may not do so to frozen values.
    """

    def __init__(self, examples: list[PlacementExample]) -> None:
        self.examples = examples

    def __len__(self) -> int:
        """Songs."""
        return len(self.examples)

    def __getitem__(self, index: int) -> tuple[int, PlacementBatch]:
        """A song's number and its tensors, with a batch axis of one."""
        example = self.examples[index]
        batch = to_batch(example, example.mel.astype(np.float32), example.guide, example.rows, example.music)
        return index, PlacementBatch(*(tensor[None] for tensor in batch))
