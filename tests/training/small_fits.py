"""Small fits of every network, for tests that compare their loss curves: a program, for it forks, and kills.

    python -m tests.training.small_fits CORPUS OUT

Writes what was logged, by network, name and step, as JSON into OUT: of one process (one.json), of two (two.json), and
of the symbol net with dropout: undisturbed (whole.json), and gone on after a SIGKILL (rest.json).
"""

import json
import os
import signal
import socket
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytorch_lightning as pl
import typer
from pytorch_lightning.callbacks import Callback, EMAWeightAveraging, ModelCheckpoint
from pytorch_lightning.loggers.logger import DummyLogger

from charter.audio.spec import AudioSpec
from charter.model.config import BeatConfig, PlacementConfig, SectionConfig, SymbolConfig
from datasets.augment import AugmentConfig
from training.beats import BeatTask
from training.data import LoaderConfig, PlacementData
from training.optimiser import OptimiserConfig
from training.passages import PassageConfig, SymbolData
from training.placement import PlacementTask
from training.recordings import BeatAugmentConfig, BeatData, RecordingConfig
from training.section_data import SectionAugmentConfig, SectionData, SectionLoaderConfig
from training.sections import SectionTask
from training.symbols import SymbolTask

AUDIO = AudioSpec(mels=16)
EPOCHS = 2
NETWORKS = ("placement", "symbols", "beats", "sections")
WARM = OptimiserConfig(warmup_steps=2)


class Curves(DummyLogger):
    def __init__(self) -> None:
        super().__init__()
        self.seen = {}

    def log_metrics(self, metrics, step=None):
        for name, value in metrics.items():
            self.seen.setdefault(name, {})[step] = float(value)


class Killed(Callback):
    """Dies as a process that was killed, in the midst of an epoch."""

    def __init__(self, after: int) -> None:
        self.after = after

    def on_train_batch_start(self, trainer, *_):
        if trainer.global_step == self.after:
            os.kill(os.getpid(), signal.SIGKILL)


def made(network: str, corpus: Path, dropout: float):
    """A task and its data; batches divide neither songs nor epochs evenly."""
    songs, manifest, cache = corpus / "songs", corpus / "songs.tsv", corpus / "cache"
    if network == "placement":
        config = PlacementConfig(AUDIO, channels=2, hidden=8, dropout=dropout)
        loader = LoaderConfig(batch_size=4, crop_beats=16, replay=0.03)
        return PlacementTask(config, WARM), PlacementData(songs, manifest, cache, AugmentConfig(), loader)
    if network == "symbols":
        config = SymbolConfig(AUDIO, hidden=8, embedding=4, echo=2, dropout=dropout)
        return SymbolTask(config, WARM), SymbolData(songs, manifest, None, cache, PassageConfig(batch_size=9, rows=32))
    if network == "beats":
        config = BeatConfig(AUDIO, channels=2, width=4, scales=2, dropout=dropout)
        loader = RecordingConfig(batch_size=5, seconds=6.0, beatless=1)
        return BeatTask(config, WARM), BeatData(songs, manifest, None, cache, BeatAugmentConfig(), loader)
    config = SectionConfig(AUDIO, channels=2, width=8, dropout=dropout)
    loader = SectionLoaderConfig(songs=3, bars=12)
    return SectionTask(config, WARM), SectionData(songs, manifest, None, cache, SectionAugmentConfig(), loader)


def fitted(network: str, corpus: Path, dropout: float = 0.0, **options) -> Curves:
    """The curves of a fit. options: of the trainer, and ckpt_path"""
    pl.seed_everything(3, verbose=False)
    task, data = made(network, corpus, dropout)
    logger, going_on = Curves(), options.pop("ckpt_path", None)
    callbacks = [EMAWeightAveraging(decay=0.9), *options.pop("callbacks", [])]
    trainer = pl.Trainer(
        accelerator="cpu", max_epochs=EPOCHS, gradient_clip_val=1.0, logger=logger, log_every_n_steps=1,
        callbacks=callbacks, enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0,
        use_distributed_sampler=False, enable_checkpointing=len(callbacks) > 1, **options,
    )  # fmt: skip
    trainer.fit(task, data, ckpt_path=going_on)
    return logger


def all_fitted(corpus: Path, out: Path, **options) -> None:
    out.write_text(json.dumps({network: fitted(network, corpus, **options).seen for network in NETWORKS}))


def one_of_two(rank: int, port: int, corpus: Path, out: Path) -> None:
    """As Lightning's launcher would start it."""
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": 2, "NODE_RANK": 0, "LOCAL_RANK": rank}
    os.environ.update({name: str(value) for name, value in place.items()})
    all_fitted(corpus, out if rank == 0 else out.with_suffix(".second"), devices=2, strategy="ddp")


def forked(work: Callable[[], object]) -> int:
    """The id of a process that does some work: a fork has everything imported."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def disturbed(corpus: Path, kept: Path) -> None:
    keeper = ModelCheckpoint(kept, every_n_train_steps=2, save_last=True, save_top_k=0)
    fitted("symbols", corpus, 0.3, callbacks=[keeper, Killed(after=5)])


def main(corpus: Path, out: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # Forks come before the first training starts its threads; so all fill the cache of features at once.
    killed = forked(lambda: disturbed(corpus, out / "kept"))
    two = [forked(partial(one_of_two, rank, port, corpus, out / "two.json")) for rank in (0, 1)]
    all_fitted(corpus, out / "one.json")
    (out / "whole.json").write_text(json.dumps(fitted("symbols", corpus, 0.3).seen))
    assert os.waitpid(killed, 0)[1] == signal.SIGKILL
    rest = fitted("symbols", corpus, 0.3, ckpt_path=out / "kept" / "last.ckpt")
    (out / "rest.json").write_text(json.dumps(rest.seen))
    assert [os.waitpid(child, 0)[1] for child in two] == [0, 0]


if __name__ == "__main__":
    typer.run(main)
