"""Human charts, with or without their audio, as batches of passages."""

from collections.abc import Collection
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
from charter.model.vocabulary import START, SYMMETRIES
from datasets.cache import heard
from datasets.songs import LabelledSong, labelled_songs, same_title
from datasets.splits import SPLITS, read_style
from datasets.symbols import NO_LENGTH, SymbolExample, symbol_example, turned
from training.batches import TrainLoader, held_out_loader
from training.splits import nothing_in
from training.symbols import NextSymbolTask, SymbolBatch


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

    batch_size: of all processes together
    rows: length of a training passage; styles: of a manifest's styles those to learn from, all if empty
    only: learn from the songs and charts of this list alone (see `datasets.splits.read_style`)
    """

    batch_size: int = 32
    rows: int = 256
    styles: tuple[str, ...] = ()
    only: str | None = None


@dataclass(frozen=True)
class ChartSource:
    """Where human charts are read.

    corpus, manifest, cache: as in `PlacementData`; charts_only: a folder of simfiles without audio, for training
    styles: of a manifest's styles those to read, all if empty
    only: train on the songs and charts of this list alone (see `datasets.splits.read_style`)
    """

    corpus: Path
    manifest: Path | None = None
    charts_only: Path | None = None
    cache: Path | None = None
    styles: tuple[str, ...] = ()
    only: str | None = None


def read_splits(
    source: ChartSource, audio: AudioSpec | None, heard_splits: Collection[str] = SPLITS
) -> dict[str, list[SymbolExample]]:
    """The examples of the train, valid and test splits.

    audio: the features to hear the songs of ``heard_splits`` in; all other charts are read as ones without audio
    """
    examples: dict[str, list[SymbolExample]] = {"train": [], "valid": [], "test": []}
    only = read_style(source.only) if source.only else None
    held_back: list[str] = []
    for song in labelled_songs(source.corpus, source.manifest):
        if song.split != "train":
            held_back.append(song.title)
        is_listed = song.split != "train" or only is None or song.id in only
        if is_listed and (not (source.styles and song.style) or song.style in source.styles):
            examples[song.split] += _examples(song, audio if song.split in heard_splits else None, source.cache)
    if source.charts_only is not None:
        for song in labelled_songs(source.charts_only):
            is_listed = only is None or song.id in only
            if is_listed and not any(same_title(song.title, title) for title in held_back):
                examples["train"] += _examples(song, audio, source.cache)
    return examples


def _examples(song: LabelledSong, audio: AudioSpec | None, cache: Path | None) -> list[SymbolExample]:
    mel = heard(song.audio, audio, cache).mel if song.audio is not None and audio is not None else None
    found = [
        symbol_example(f"{song.id} {level.label}", level, chart, song.timing, (mel, audio or AudioSpec()))
        for level, chart in song.charts.items()
    ]
    return [example for example in found if example is not None]


class SymbolData(pl.LightningDataModule):
    """Charts of the train and valid splits.

    corpus, manifest, charts_only, cache: as in `ChartSource`
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
        self.loader = loader or PassageConfig()
        self.source = ChartSource(corpus, manifest, charts_only, cache, self.loader.styles, self.loader.only)
        self.examples: dict[str, list[SymbolExample]] = {}

    def setup(self, stage: str) -> None:
        """Read every split once: the symbols of a corpus fit into memory."""
        if self.examples:
            return
        self.examples = read_splits(self.source, self.audio)
        for split in ("train", "valid"):
            if not self.examples[split]:
                raise nothing_in(split, self.source.corpus, "usable chart")

    @property
    def audio(self) -> AudioSpec | None:
        """The features that the network in training takes, None if it hears nothing."""
        assert self.trainer is not None
        return cast(NextSymbolTask, self.trainer.lightning_module).audio

    def train_dataloader(self) -> DataLoader[SymbolBatch]:
        """Shuffled passages, mirrored at random."""
        passages = PassageDataset(self.examples["train"], self.loader.rows, training=True)
        return TrainLoader(passages, self.loader.batch_size)

    def val_dataloader(self) -> DataLoader[SymbolBatch]:
        """The first rows of each chart of the valid split."""
        return self._evaluated("valid")

    def test_dataloader(self) -> DataLoader[SymbolBatch]:
        """The first rows of each chart of the test split."""
        return self._evaluated("test")

    def _evaluated(self, split: str) -> DataLoader[SymbolBatch]:
        return held_out_loader(PassageDataset(self.examples[split], 2048, training=False), batch_size=4)
