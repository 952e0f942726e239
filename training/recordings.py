"""Recordings with beats, and some without, as batches for the beat net."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from charter.audio.features import SILENCE, log_mel
from charter.model.config import BeatConfig
from datasets.augment import mask, shift_pitch
from datasets.beatless import beatless_recordings
from datasets.beats import BeatExample, beat_example
from datasets.cache import heard
from datasets.other_games import game_songs
from datasets.songs import labelled_songs
from datasets.splits import is_held_out
from training.batches import TrainLoader, held_out_loader
from training.beats import BeatBatch, BeatTask
from training.splits import nothing_in

# A target falls off from its beat to nothing at this many tokens: a beat between two tokens counts half on each.
_REACH_TOKENS = 2.0


@dataclass(frozen=True)
class BeatAugmentConfig:
    """How far each augmentation goes; 0 turns one off.

    stretch: octaves by which a crop is played faster or slower; unstretched: share of crops left at their tempo
    pitch: bands up or down; loudness: of the features' range, up or down, also as a tilt; noise: standard deviation
    band_masks, band_width: how many masks, and at most how many bands each; time_masks, time_width: likewise in frames
    """

    stretch: float = 0.2
    unstretched: float = 0.3
    pitch: int = 3
    loudness: float = 0.1
    noise: float = 0.04
    band_masks: int = 3
    band_width: int = 12
    time_masks: int = 4
    time_width: int = 80


class RecordingCrops(Dataset[BeatBatch]):
    """Random crops of ``tokens`` tokens: in an epoch, each recording as often as it is long."""

    def __init__(
        self, examples: list[BeatExample], config: BeatConfig, tokens: int, augment: BeatAugmentConfig | None
    ) -> None:
        self.examples, self.config, self.tokens, self.augment = examples, config, tokens, augment
        frames = tokens * config.hops_per_token
        self.order = np.repeat(
            np.arange(len(examples)), [max(1, round(len(example.mel) / frames)) for example in examples]
        )

    def __len__(self) -> int:
        """Crops in an epoch."""
        return len(self.order)

    def __getitem__(self, index: int) -> BeatBatch:
        """A crop, without the batch axis."""
        example = self.examples[self.order[index]]
        rng = np.random.default_rng(int(torch.randint(2**31, ()).item()))
        rate = 1.0
        if self.augment is not None and rng.random() >= self.augment.unstretched:
            rate = float(2 ** rng.uniform(-self.augment.stretch, self.augment.stretch))
        frames = self.tokens * self.config.hops_per_token
        start = int(rng.integers(0, max(1, len(example.mel) - int(frames * rate))))
        mel = stretched(example.mel, start, frames, rate)
        if self.augment is not None:
            mel = _changed(mel, self.augment, rng)
        return to_batch(example, mel, self.config, start, rate)


class WholeRecordings(Dataset[BeatBatch]):
    """Each recording whole, as it is when its timing is found."""

    def __init__(self, examples: list[BeatExample], config: BeatConfig) -> None:
        self.examples, self.config = examples, config

    def __len__(self) -> int:
        """Recordings."""
        return len(self.examples)

    def __getitem__(self, index: int) -> BeatBatch:
        """A recording, with a batch axis of one."""
        example = self.examples[index]
        frames = len(example.mel) // self.config.hops_per_token * self.config.hops_per_token
        batch = to_batch(example, example.mel[:frames].astype(np.float32), self.config)
        return BeatBatch(*(tensor[None] for tensor in batch))


def stretched(mel: NDArray[np.float16], start: int, frames: int, rate: float) -> NDArray[np.float32]:
    """``frames`` frames from frame ``start`` on, played ``rate`` times as fast; beyond the end there is silence."""
    source = start + np.arange(frames) * rate
    low = source.astype(np.int64)
    part = (source - low).astype(np.float32)[:, None, None]
    stop = int(low[-1]) + 2
    held = np.full((stop - start, *mel.shape[1:]), SILENCE, dtype=np.float32)
    inside = mel[start:stop]
    held[: len(inside)] = inside
    return np.asarray(held[low - start] * (1 - part) + held[low - start + 1] * part, dtype=np.float32)


def to_batch(
    example: BeatExample, mel: NDArray[np.float32], config: BeatConfig, start: int = 0, rate: float = 1.0
) -> BeatBatch:
    """Features from frame ``start`` on and the targets that belong to them, without the batch axis."""
    tokens = len(mel) // config.hops_per_token
    first = start / config.audio.frames_per_second
    scale = config.tokens_per_second / rate

    def position(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((seconds - first) * scale)

    targets = np.stack(
        [_triangles(position(beats), tokens) for beats in (example.beats, example.beats[example.downbeat])]
    )
    weight = np.zeros((1, tokens), dtype=np.float32)
    for begin, end in np.round(position(example.known)).astype(np.int64):
        weight[0, max(begin, 0) : max(end, 0)] = 1
    return BeatBatch(
        torch.from_numpy(np.ascontiguousarray(mel.transpose(2, 0, 1))),
        torch.from_numpy(targets),
        torch.from_numpy(weight),
    )


def _triangles(positions: NDArray[np.float64], tokens: int) -> NDArray[np.float32]:
    target = np.zeros(tokens, dtype=np.float32)
    for shift in (-1, 0, 1, 2):
        at = np.floor(positions).astype(np.int64) + shift
        inside = (at >= 0) & (at < tokens)
        height = 1 - np.abs(at - positions) / _REACH_TOKENS
        np.maximum.at(target, at[inside], height[inside].astype(np.float32))
    return target


def _changed(mel: NDArray[np.float32], config: BeatAugmentConfig, rng: np.random.Generator) -> NDArray[np.float32]:
    changed = shift_pitch(mel, int(rng.integers(-config.pitch, config.pitch + 1)))
    tilt = rng.uniform(-config.loudness, config.loudness) * np.linspace(-1, 1, mel.shape[1])
    changed = changed + (tilt + rng.uniform(-config.loudness, config.loudness)).astype(np.float32)[:, None]
    if config.noise:
        changed = changed + rng.standard_normal(mel.shape, dtype=np.float32) * np.float32(config.noise)
    for _ in range(config.band_masks):
        mask(changed, 1, config.band_width, rng)
    for _ in range(config.time_masks):
        mask(changed, 0, config.time_width, rng)
    return changed


@dataclass(frozen=True)
class RecordingConfig:
    """How recordings become batches.

    batch_size: of all processes together
    seconds: length of a training crop; beatless: recordings without a beat to add, of each kind
    held_out: of so many training songs one is left out, for `training.rivals` to fit the choice of tempo on; 0: none
    """

    batch_size: int = 8
    seconds: float = 30.0
    beatless: int = 4
    held_out: int = 0


class BeatData(pl.LightningDataModule):
    """Crops of the train split and of other games' songs, whole songs of valid and test.

    corpus, manifest, cache: as in `PlacementData`; other_games: a folder of `chart.json` songs, for training
    """

    def __init__(
        self,
        corpus: Path,
        manifest: Path | None = None,
        other_games: Path | None = None,
        cache: Path | None = None,
        augment: BeatAugmentConfig | None = None,
        loader: RecordingConfig | None = None,
    ) -> None:
        super().__init__()
        self.corpus, self.manifest, self.other_games, self.cache = corpus, manifest, other_games, cache
        self.augment = augment
        self.loader = loader or RecordingConfig()
        self.examples: dict[str, list[BeatExample]] = {}

    @property
    def net(self) -> BeatConfig:
        """The config of the network that is being trained."""
        assert self.trainer is not None
        return cast(BeatTask, self.trainer.lightning_module).config

    def setup(self, stage: str) -> None:
        """Read the splits that a stage needs; a split once read is kept."""
        wanted = {"fit": ("train", "valid"), "validate": ("valid",), "test": ("test",)}[stage]
        missing = [split for split in wanted if split not in self.examples]
        found: dict[str, list[BeatExample | None]] = {split: [] for split in missing}
        for song in labelled_songs(self.corpus, self.manifest) if missing else ():
            if song.split in found and song.audio is not None and not self._is_held_out(song.id, song.split):
                features = heard(song.audio, self.net.audio, self.cache)
                found[song.split].append(beat_example(song.id, song.timing, features))
        if "train" in found:
            found["train"] += self._from_other_games()
            found["train"] += self._without_beat()
        for split, examples in found.items():
            self.examples[split] = [example for example in examples if example is not None]
            if not self.examples[split]:
                raise nothing_in(split, self.corpus, "song with audio")

    def _from_other_games(self) -> list[BeatExample | None]:
        if self.other_games is None:
            return []
        return [
            beat_example(song.id, song.timing, heard(song.audio, self.net.audio, self.cache))
            for song in game_songs(self.other_games)
            if not self._is_held_out(song.id, "train")
        ]

    def _is_held_out(self, song_id: str, split: str) -> bool:
        return split == "train" and is_held_out(song_id, self.loader.held_out)

    def _without_beat(self) -> list[BeatExample]:
        spec, none = self.net.audio, np.zeros(0)
        recordings = beatless_recordings(self.loader.beatless, 2 * self.loader.seconds, spec.sample_rate)
        return [
            BeatExample(
                f"beatless {number}",
                log_mel(audio, spec).astype(np.float16),
                none,
                none.astype(np.bool_),
                np.array([[0.0, audio.duration]]),
            )
            for number, audio in enumerate(recordings)
        ]

    def train_dataloader(self) -> DataLoader[BeatBatch]:
        """Shuffled random crops."""
        tokens = round(self.loader.seconds * self.net.tokens_per_second)
        crops = RecordingCrops(self.examples["train"], self.net, tokens, self.augment)
        return TrainLoader(crops, self.loader.batch_size, drop_rest=len(crops) > max(64, self.loader.batch_size))

    def val_dataloader(self) -> DataLoader[BeatBatch]:
        """Whole songs of the valid split, one at a time."""
        return held_out_loader(WholeRecordings(self.examples["valid"], self.net))

    def test_dataloader(self) -> DataLoader[BeatBatch]:
        """Whole songs of the test split, one at a time."""
        return held_out_loader(WholeRecordings(self.examples["test"], self.net))
