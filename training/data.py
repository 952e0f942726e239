"""The placement data module: a corpus folder to batches."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pytorch_lightning as pl
from numpy.typing import NDArray
from torch.utils.data import DataLoader

from charter.model.config import PlacementConfig
from charter.model.grid import GridKind
from charter.notation import Chart, Difficulty, Timing
from datasets.augment import AugmentConfig
from datasets.cache import heard
from datasets.other_games import game_songs
from datasets.placement import UNKNOWN, PlacementExample, Replay, Rhythm, placement_example, rhythms
from datasets.songs import LabelledSong, labelled_songs
from datasets.splits import is_within_share
from training.batches import TrainLoader, held_out_loader
from training.crops import CropDataset, PlacementBatch, WholeSongs
from training.placement import PlacementTask
from training.splits import nothing_in


@dataclass(frozen=True)
class LoaderConfig:
    """How a corpus becomes batches.

    batch_size: of all processes together
    crop_beats: length of a training crop; on the frame grid, beats of half a second
    share: of the train split's songs, the same ones whenever it is the same or more (for a learning curve)
    only: one difficulty to learn, as if there were no other
    replay: octaves at most by which each song is heard again a little faster or slower, for answers that stay the same
        in another file of it; 0 where it is heard once
    """

    batch_size: int = 16
    crop_beats: int = 64
    share: float = 1.0
    only: Difficulty | None = None
    replay: float = 0.0


class PlacementData(pl.LightningDataModule):
    """Crops of the train split, whole songs of valid and test.

    corpus: folder of songs; manifest: its list, or None to take every fit song (see `datasets.songs`)
    other_games: folder of songs of other games to learn from besides, by density alone, or None
    cache: folder for features, or None to compute them anew
    The features are those that the task's network takes.
    """

    def __init__(
        self,
        corpus: Path,
        manifest: Path | None = None,
        cache: Path | None = None,
        augment: AugmentConfig | None = None,
        loader: LoaderConfig | None = None,
        other_games: Path | None = None,
    ) -> None:
        super().__init__()
        self.corpus, self.manifest, self.cache, self.other_games = corpus, manifest, cache, other_games
        self.augment = augment
        self.loader = loader or LoaderConfig()
        self.examples: dict[str, list[PlacementExample]] = {}

    @property
    def net(self) -> PlacementConfig:
        """The config of the network that is being trained."""
        assert self.trainer is not None
        return cast(PlacementTask, self.trainer.lightning_module).config

    def setup(self, stage: str) -> None:
        """Read the splits that a stage needs; a split once read is kept."""
        wanted = {"fit": ("train", "valid"), "validate": ("valid",), "test": ("test",)}[stage]
        missing = [split for split in wanted if split not in self.examples]
        if not missing:
            return
        found: dict[str, list[PlacementExample]] = {split: [] for split in missing}
        for song in labelled_songs(self.corpus, self.manifest):
            if song.split in found and song.audio is not None and self._is_wanted(song):
                replay = self._replay(song.id, song.audio) if song.split == "train" else None
                charts = rhythms(self._charts(song), song.timing)
                found[song.split] += self._example(song.id, song.audio, song.timing, charts, replay)
        for split, examples in found.items():
            if not examples:
                raise nothing_in(split, self.corpus, "song with audio and a usable chart")
        if "train" in found and self.other_games is not None:
            for other in game_songs(self.other_games):
                replay = self._replay(other.id, other.audio)
                found["train"] += self._example(other.id, other.audio, other.timing, spread(other.rhythms), replay)
        self.examples |= found

    def _is_wanted(self, song: LabelledSong) -> bool:
        return song.split != "train" or is_within_share(song.id, self.loader.share)

    def _charts(self, song: LabelledSong) -> Mapping[Difficulty, Chart]:
        only = self.loader.only
        return {level: chart for level, chart in song.charts.items() if only is None or level is only}

    def _example(
        self, song_id: str, audio: Path, timing: Timing, charts: Iterable[Rhythm], replay: Replay | None
    ) -> list[PlacementExample]:
        sound = heard(audio, self.net.audio, self.cache)
        example = placement_example(song_id, timing, charts, sound, self.net, replay=replay)
        return [] if example is None else [example]

    def _replay(self, song_id: str, audio: Path) -> Replay | None:
        if not self.loader.replay:
            return None
        spec, chance = self.net.audio, np.random.default_rng(zlib.crc32(song_id.encode()))
        rate = round(spec.sample_rate * 2 ** chance.uniform(-self.loader.replay, self.loader.replay))
        return Replay(heard(audio, spec, self.cache, rate), spec.sample_rate / rate)

    def train_dataloader(self) -> DataLoader[PlacementBatch]:
        """Shuffled random crops."""
        per_beat = self.net.steps_per_beat
        if self.net.grid is GridKind.FRAMES:
            per_beat = round(self.net.audio.frames_per_second / self.net.hops_per_step / 2)
        crops = CropDataset(self.examples["train"], self.net, self.loader.crop_beats * per_beat, self.augment)
        return TrainLoader(crops, self.loader.batch_size, drop_rest=len(crops) > max(64, self.loader.batch_size))

    def val_dataloader(self) -> DataLoader[tuple[int, PlacementBatch]]:
        """Whole songs of the valid split, one at a time."""
        return self._whole("valid")

    def test_dataloader(self) -> DataLoader[tuple[int, PlacementBatch]]:
        """Whole songs of the test split, one at a time."""
        return self._whole("test")

    def _whole(self, split: str) -> DataLoader[tuple[int, PlacementBatch]]:
        return held_out_loader(WholeSongs(self.examples[split]))


def spread(charts: Sequence[NDArray[np.int64]]) -> list[Rhythm]:
    """As many charts of another game as an example holds, evenly from the sparsest to the densest."""
    slots = min(len(charts), len(Difficulty))
    return [Rhythm(UNKNOWN, charts[round(place)]) for place in np.linspace(0, len(charts) - 1, slots)]
