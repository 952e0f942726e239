"""Human charts, with or without their audio, as batches of passages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytorch_lightning as pl
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from charter.audio.spec import AudioSpec
from charter.errors import RequestError
from charter.model.vocabulary import START, SYMMETRIES
from datasets.cache import heard
from datasets.songs import LabelledSong, labelled_songs, same_title
from datasets.splits import read_style
from datasets.symbols import NO_LENGTH, SymbolExample, symbol_example, turned
from training.symbols import SymbolBatch, SymbolTask


class PassageDataset(Dataset[SymbolBatch]):
    """Passages of ``rows`` rows: in training random and mirrored at random, else each chart's first."""

    def __init__(self, examples: list[SymbolExample], rows: int, *, training: bool) -> None:
        self.examples, self.rows, self.training = examples, rows, training
        repeats = [max(1, round(len(e.symbols) / rows)) if training else 1 for e in examples]
        self.order = np.repeat(np.arange(len(examples)), repeats)

    def __len__(self) -> int:
        """Passages in an epoch."""
        return len(self.order)

    def __getitem__(self, index: int) -> SymbolBatch:
        """A passage, without the batch axis."""
        example = self.examples[self.order[index]]
        start, symmetry = 0, 0
        if self.training:
            last = max(0, len(example.symbols) - self.rows)
            start = int(torch.randint(last + 1, ()))
            symmetry = int(torch.randint(len(SYMMETRIES), ()))
        example = turned(example, symmetry)
        part = slice(start, start + self.rows)
        missing = max(0, start + self.rows - len(example.symbols))

        def padded(values: NDArray[Any], fill: float = 0) -> Tensor:
            around = ((0, missing), *((0, 0),) * (values.ndim - 1))
            return torch.from_numpy(np.pad(values[part], around, constant_values=fill))

        return SymbolBatch(
            padded(example.features.context),
            padded(example.features.sound),
            padded(example.symbols, NO_LENGTH),
            padded(example.echoes, START),
            padded(example.lengths, NO_LENGTH),
            padded(example.held),
            padded(example.mines.reshape(len(example.mines), -1)),
            torch.tensor(example.difficulty),
            torch.tensor(example.density),
        )


@dataclass(frozen=True)
class PassageConfig:
    """How charts become batches.

    rows: length of a training passage; styles: of a manifest's styles those to learn from, all if empty
    only: learn from the songs and charts of this list alone (see `datasets.splits.read_style`)
    """

    batch_size: int = 32
    rows: int = 256
    styles: tuple[str, ...] = ()
    only: str | None = None


class SymbolData(pl.LightningDataModule):
    """Charts of the train and valid splits.

    corpus, manifest, cache: as in `PlacementData`; charts_only: a folder of simfiles without audio, for training
    """

    def __init__(
        self,
        corpus: Path,
        manifest: Path | None = None,
        charts_only: Path | None = None,
        cache: Path | None = None,
        loader: PassageConfig | None = None,
    ) -> None:
        super().__init__()
        self.corpus, self.manifest, self.charts_only, self.cache = corpus, manifest, charts_only, cache
        self.loader = loader or PassageConfig()
        self.examples: dict[str, list[SymbolExample]] = {}

    def setup(self, stage: str) -> None:
        """Read every split once: the symbols of a corpus fit into memory."""
        if self.examples:
            return
        self.examples = {"train": [], "valid": [], "test": []}
        only = read_style(self.loader.only) if self.loader.only else None
        held_back: list[str] = []
        for song in labelled_songs(self.corpus, self.manifest):
            if song.split != "train":
                held_back.append(song.title)
            learnt = song.split != "train" or only is None or song.id in only
            if learnt and (not (self.loader.styles and song.style) or song.style in self.loader.styles):
                self.examples[song.split] += self._of(song)
        if self.charts_only is not None:
            for song in labelled_songs(self.charts_only):
                is_new = not any(same_title(song.title, title) for title in held_back)
                if is_new and (only is None or song.id in only):
                    self.examples["train"] += self._of(song)
        for split in ("train", "valid"):
            if not self.examples[split]:
                raise RequestError(f"{self.corpus}: holds no usable chart in the {split} split")

    @property
    def spec(self) -> AudioSpec:
        """The features that the network in training takes."""
        assert self.trainer is not None
        return cast(SymbolTask, self.trainer.lightning_module).config.audio

    def _of(self, song: LabelledSong) -> list[SymbolExample]:
        mel = heard(song.audio, self.spec, self.cache).mel if song.audio is not None else None
        found = [
            symbol_example(f"{song.id} {level.label}", level, chart, song.timing, (mel, self.spec))
            for level, chart in song.charts.items()
        ]
        return [example for example in found if example is not None]

    def train_dataloader(self) -> DataLoader[SymbolBatch]:
        """Shuffled passages, mirrored at random."""
        passages = PassageDataset(self.examples["train"], self.loader.rows, training=True)
        return DataLoader(passages, batch_size=self.loader.batch_size, shuffle=True)

    def val_dataloader(self) -> DataLoader[SymbolBatch]:
        """The first rows of each chart of the valid split."""
        return self._evaluated("valid")

    def test_dataloader(self) -> DataLoader[SymbolBatch]:
        """The first rows of each chart of the test split."""
        return self._evaluated("test")

    def _evaluated(self, split: str) -> DataLoader[SymbolBatch]:
        return DataLoader(PassageDataset(self.examples[split], 2048, training=False), batch_size=4)
