"""Songs as batches of bars for the section net."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from charter.model.config import SectionConfig
from charter.notation import Timing
from charter.sections.bars import STEPS_PER_BAR, Bars, bar_steps
from datasets.augment import mask, shift_pitch
from datasets.cache import Heard, heard
from datasets.other_games import game_songs
from datasets.songs import labelled_songs
from training.batches import TrainLoader, held_out_loader
from training.sections import SectionBatch, SectionTask
from training.splits import nothing_in

_STEPS_PER_BEAT = STEPS_PER_BAR // 4
_FEWEST_BARS = 16  # a shorter song has hardly two sections


@dataclass(frozen=True)
class SectionAugmentConfig:
    """How far each augmentation goes; 0 turns one off.

    pitch: bands up or down, of all bars alike; loudness: of the features' range, up or down, of each bar
    band_masks, band_width: of each bar, how many masks, and at most how many bands each
    """

    pitch: int = 3
    loudness: float = 0.05
    band_masks: int = 2
    band_width: int = 8


@dataclass(frozen=True)
class SectionLoaderConfig:
    """How songs become batches. songs: in a batch, of all processes together; bars: of each song."""

    songs: int = 4
    bars: int = 40


class SongBars(Dataset[SectionBatch]):
    """Of each song, ``bars`` bars that begin on any of its beats; without a number, its bars as they stand."""

    def __init__(
        self, songs: list[NDArray[np.float16]], bars: int | None, augment: SectionAugmentConfig | None = None
    ) -> None:
        self.songs, self.bars, self.augment = songs, bars, augment

    def __len__(self) -> int:
        """Songs."""
        return len(self.songs)

    def __getitem__(self, index: int) -> SectionBatch:
        """A song's bars, without the batch axis."""
        song = self.songs[index]
        rng = np.random.default_rng(int(torch.randint(2**31, ()).item()))
        if self.bars is None:
            starts = np.arange(0, len(song), STEPS_PER_BAR)
        else:
            starts = rng.integers(0, (len(song) - STEPS_PER_BAR) // _STEPS_PER_BEAT + 1, self.bars) * _STEPS_PER_BEAT
        steps = song[starts[:, None] + np.arange(STEPS_PER_BAR)].astype(np.float32)
        if self.augment is not None:
            steps = _changed(steps, self.augment, rng)
        return SectionBatch(
            torch.from_numpy(np.ascontiguousarray(steps.transpose(0, 3, 1, 2))),
            torch.from_numpy((starts / STEPS_PER_BAR).astype(np.float32)),
        )


def _changed(steps: NDArray[np.float32], config: SectionAugmentConfig, rng: np.random.Generator) -> NDArray[np.float32]:
    pitch = int(rng.integers(-config.pitch, config.pitch + 1))
    changed = np.stack([shift_pitch(bar, pitch) for bar in steps])
    changed += rng.uniform(-config.loudness, config.loudness, (len(changed), 1, 1, 1)).astype(np.float32)
    for bar in changed:
        for _ in range(config.band_masks):
            mask(bar, 1, config.band_width, rng)
    return changed


class SectionData(pl.LightningDataModule):
    """Bars of the train split and of other games' songs; whole songs of valid and test.

    corpus, manifest, cache: as in `PlacementData`; other_games: a folder of `chart.json` songs, for training
    """

    def __init__(
        self,
        corpus: Path,
        manifest: Path | None = None,
        other_games: Path | None = None,
        cache: Path | None = None,
        augment: SectionAugmentConfig | None = None,
        loader: SectionLoaderConfig | None = None,
    ) -> None:
        super().__init__()
        self.corpus, self.manifest, self.other_games, self.cache = corpus, manifest, other_games, cache
        self.augment = augment
        self.loader = loader or SectionLoaderConfig()
        self.songs: dict[str, list[NDArray[np.float16]]] = {}

    @property
    def net(self) -> SectionConfig:
        """The config of the network that is being trained."""
        assert self.trainer is not None
        return cast(SectionTask, self.trainer.lightning_module).config

    def setup(self, stage: str) -> None:
        """Read the splits that a stage needs; a split once read is kept."""
        wanted = {"fit": ("train", "valid"), "validate": ("valid",), "test": ("test",)}[stage]
        found: dict[str, list[NDArray[np.float16]]] = {split: [] for split in wanted if split not in self.songs}
        for song in labelled_songs(self.corpus, self.manifest) if found else ():
            if song.split in found and song.audio is not None:
                found[song.split].append(self._steps(heard(song.audio, self.net.audio, self.cache), song.timing))
        if "train" in found and self.other_games is not None:
            for game_song in game_songs(self.other_games):
                features = heard(game_song.audio, self.net.audio, self.cache)
                found["train"].append(self._steps(features, game_song.timing))
        for split, songs in found.items():
            self.songs[split] = [song for song in songs if len(song) >= _FEWEST_BARS * STEPS_PER_BAR]
            if not self.songs[split]:
                raise nothing_in(split, self.corpus, f"song of {_FEWEST_BARS} bars")

    def _steps(self, song: Heard, timing: Timing) -> NDArray[np.float16]:
        """The steps of a song's bars where its music sounds."""
        bars = Bars.of(timing, song.span.end if song.span else 0.0)
        return bar_steps(song.mel, self.net.audio, bars).astype(np.float16)

    def train_dataloader(self) -> DataLoader[SectionBatch]:
        """Shuffled songs, some bars of each."""
        dataset = SongBars(self.songs["train"], self.loader.bars, self.augment)
        return TrainLoader(dataset, self.loader.songs, drop_rest=len(dataset) > self.loader.songs)

    def val_dataloader(self) -> DataLoader[SectionBatch]:
        """Whole songs of the valid split, one at a time."""
        return held_out_loader(SongBars(self.songs["valid"], None), batch_size=1)

    def test_dataloader(self) -> DataLoader[SectionBatch]:
        """Whole songs of the test split, one at a time."""
        return held_out_loader(SongBars(self.songs["test"], None), batch_size=1)
