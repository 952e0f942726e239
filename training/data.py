"""The placement data module: a corpus folder to batches."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytorch_lightning as pl
from torch.utils.data import DataLoader

from charter.errors import RequestError
from charter.model.config import PlacementConfig
from charter.model.grid import GridKind
from datasets.augment import AugmentConfig
from datasets.cache import heard
from datasets.placement import PlacementExample, placement_example
from datasets.songs import labelled_songs
from training.crops import CropDataset, PlacementBatch, WholeSongs
from training.placement import PlacementTask


@dataclass(frozen=True)
class LoaderConfig:
    """How a corpus becomes batches.

    crop_beats: length of a training crop; on the frame grid, beats of half a second
    """

    batch_size: int = 16
    crop_beats: int = 64


class PlacementData(pl.LightningDataModule):
    """Crops of the train split, whole songs of valid and test.

    corpus: folder of songs; manifest: its list, or None to take every fit song (see `datasets.songs`)
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
    ) -> None:
        super().__init__()
        self.corpus, self.manifest, self.cache = corpus, manifest, cache
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
            if song.split in found and song.audio is not None:
                features = heard(song.audio, self.net.audio, self.cache)
                example = placement_example(song.id, song.timing, song.charts, features, self.net)
                if example is not None:
                    found[song.split].append(example)
        for split, examples in found.items():
            if not examples:
                raise RequestError(f"{self.corpus}: holds no song with audio and a usable chart in the {split} split")
        self.examples |= found

    def train_dataloader(self) -> DataLoader[PlacementBatch]:
        """Shuffled random crops."""
        per_beat = self.net.steps_per_beat
        if self.net.grid is GridKind.FRAMES:
            per_beat = round(self.net.audio.frames_per_second / self.net.hops_per_step / 2)
        crops = CropDataset(self.examples["train"], self.net, self.loader.crop_beats * per_beat, self.augment)
        return DataLoader(crops, batch_size=self.loader.batch_size, shuffle=True, drop_last=len(crops) > 64)

    def val_dataloader(self) -> DataLoader[tuple[int, PlacementBatch]]:
        """Whole songs of the valid split, one at a time."""
        return self._whole("valid")

    def test_dataloader(self) -> DataLoader[tuple[int, PlacementBatch]]:
        """Whole songs of the test split, one at a time."""
        return self._whole("test")

    def _whole(self, split: str) -> DataLoader[tuple[int, PlacementBatch]]:
        return DataLoader(WholeSongs(self.examples[split]), batch_size=None)
