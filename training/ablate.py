"""What each part of the placement net brings: arms that differ in one thing, trained equally long, scored on valid.

    python -m training ablate --corpus data/songs --manifest data/songs.tsv --other-games data/other_games \
        --out runs/ablations

Every run leaves its scores in a file of its own, so a sweep that was stopped goes on where it was, two sweeps over
different arms may share a folder, and the table is made from the files.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, cast

import pytorch_lightning as pl
from pytorch_lightning.callbacks import EMAWeightAveraging

from charter.errors import RequestError
from charter.files import make_folder, write_text
from charter.model.config import Head, PlacementConfig, Stack
from charter.model.grid import GridKind, Guide
from charter.notation import Difficulty
from datasets.augment import AugmentConfig
from training.data import LoaderConfig, PlacementData
from training.optimiser import OptimiserConfig
from training.placement import PlacementTask, ToldConfig
from training.precision import workable


@dataclass(frozen=True)
class Corpus:
    """Where the songs are; as for `PlacementData`."""

    songs: Path
    manifest: Path
    cache: Path
    other_games: Path | None = None


@dataclass(frozen=True)
class Budget:
    """How long each run trains: equal for all arms."""

    steps: int = 300
    batch_size: int = 8
    crop_beats: int = 32


@dataclass(frozen=True)
class Arm:
    """One line of the table.

    only: learn one difficulty alone; share: of the train songs; other_games: learn from those besides
    """

    net: PlacementConfig
    only: Difficulty | None = None
    share: float = 1.0
    other_games: bool = False


DEFAULT = PlacementConfig()
# Stacks as published read frames, one token a frame; 20 ms keeps the LSTM within reach of a CPU.
_FRAMES = replace(DEFAULT, grid=GridKind.FRAMES, hops_per_step=2, steps_per_token=1, guide=Guide.BEAT, similarity=0)
ARMS = {
    "default": Arm(DEFAULT),
    "and other games": Arm(DEFAULT, other_games=True),
    "deaf": Arm(replace(DEFAULT, stack=Stack.NONE)),
    "no guide": Arm(replace(DEFAULT, guide=Guide.NONE)),
    "beat guide": Arm(replace(DEFAULT, guide=Guide.BEAT)),
    "multi-scale": Arm(replace(DEFAULT, scales=(1, 2, 4, 16))),
    "no self-similarity": Arm(replace(DEFAULT, similarity=0)),
    "frame time": Arm(replace(DEFAULT, grid=GridKind.FRAMES, hops_per_step=2)),
    "independent difficulties": Arm(replace(DEFAULT, head=Head.SCALAR)),
    **{f"{level.name.lower()} alone": Arm(DEFAULT, only=level) for level in Difficulty},
    "half of the songs": Arm(DEFAULT, share=0.5),
    "a quarter of the songs": Arm(DEFAULT, share=0.25),
    "genelive stack": Arm(replace(_FRAMES, stack=Stack.GENELIVE)),
    "genelive stack, no guide": Arm(replace(_FRAMES, stack=Stack.GENELIVE, guide=Guide.NONE)),
    "ddc stack": Arm(replace(_FRAMES, stack=Stack.DDC)),
    "ddc stack, no guide": Arm(replace(_FRAMES, stack=Stack.DDC, guide=Guide.NONE)),
}


def sweep(
    names: Sequence[str], seeds: int, corpus: Corpus, budget: Budget, out: Path, tell: Callable[[str], None]
) -> None:
    """Train and score every run of these arms that has left no file in ``out`` yet. Raises RequestError."""
    for name in names:
        if name not in ARMS:
            raise RequestError(f"no arm is called {name!r}; there are {', '.join(ARMS)}")
        if ARMS[name].other_games and not (corpus.other_games and corpus.other_games.is_dir()):
            raise RequestError(f"the arm {name!r} needs a folder of songs of other games; say where with --other-games")
    make_folder(out)
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)  # it says the same ten lines of every run
    for name in names:
        missing = [seed for seed in range(seeds) if not _is_done(_file(out, name, seed), budget)]
        if not missing:
            continue
        data = _data(ARMS[name], corpus, budget)
        for seed in missing:
            start = time.monotonic()
            scores = _run(ARMS[name], seed, data, budget)
            seconds = round(time.monotonic() - start)
            record = {"arm": name, "seed": seed, "steps": budget.steps, "seconds": seconds, "scores": scores}
            write_text(_file(out, name, seed), json.dumps(record, indent=1))
            tell(f"{name}, seed {seed}: {scores['f1']:.3f} in {seconds} s")


def _file(out: Path, arm: str, seed: int) -> Path:
    return out / f"{arm.replace(',', '').replace(' ', '-')}-{seed}.json"


def _is_done(file: Path, budget: Budget) -> bool:
    if not file.exists():
        return False
    steps = _read(file)["steps"]
    if steps != budget.steps:
        raise RequestError(f"{file}: is of {steps} steps, not {budget.steps}; runs of one folder are equally long")
    return True


def _read(file: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        record["steps"], record["scores"]["f1"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RequestError(f"{file}: is no run of this sweep; move it away to have it made again") from error
    return record


def _data(arm: Arm, corpus: Corpus, budget: Budget) -> PlacementData:
    loader = LoaderConfig(budget.batch_size, budget.crop_beats, arm.share, arm.only)
    other_games = corpus.other_games if arm.other_games else None
    return PlacementData(corpus.songs, corpus.manifest, corpus.cache, AugmentConfig(), loader, other_games)


def _run(arm: Arm, seed: int, data: PlacementData, budget: Budget) -> dict[str, float]:
    pl.seed_everything(seed, verbose=False)
    # A scalar head has no place for an unknown difficulty.
    drop = 0.0 if arm.net.head is Head.SCALAR else 0.25
    task = PlacementTask(arm.net, OptimiserConfig(warmup_steps=budget.steps // 10), ToldConfig(drop, drop))
    trainer = pl.Trainer(
        accelerator="auto",
        devices=1,
        precision=cast(Any, workable("bf16-mixed", "auto")),
        max_steps=budget.steps,
        limit_val_batches=0,
        gradient_clip_val=1.0,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[EMAWeightAveraging(decay=0.98)],
    )
    trainer.fit(task, datamodule=data)
    judge = pl.Trainer(
        accelerator="auto", devices=1, logger=False, enable_progress_bar=False, enable_model_summary=False
    )
    (scores,) = judge.validate(task, datamodule=data, verbose=False)
    return {name.removeprefix("val/"): float(value) for name, value in scores.items()}


def table(out: Path) -> Iterator[str]:
    """The lines of a Markdown table: mean and standard deviation of F1 over the seeds, by difficulty and over all.

    Raises RequestError for a file that is no run's.
    """
    runs: dict[str, list[dict[str, float]]] = {}
    steps = set()
    for name in ARMS:
        for file in sorted(out.glob(f"{_file(out, name, 0).stem[:-1]}[0-9]*.json")):
            record = _read(file)
            runs.setdefault(name, []).append(record["scores"])
            steps.add(record["steps"])
    columns = ["f1", "f1_untold", *(f"f1_{level.name.lower()}" for level in Difficulty)]
    labels = " | ".join(level.label for level in Difficulty)
    yield f"| arm ({', '.join(map(str, sorted(steps)))} steps) | seeds | all | no density told | {labels} |"
    yield "|---" * (2 + len(columns)) + "|"
    for name, scores in runs.items():
        told = columns[2:] if ARMS[name].only is not None else columns  # all of one difficulty is that difficulty
        cells = (_cell([score[column] for score in scores if column in score and column in told]) for column in columns)
        yield f"| {name} | {len(scores)} | {' | '.join(cells)} |"


def _cell(values: Sequence[float]) -> str:
    if not values:
        return ""
    spread = f" ± {stdev(values):.3f}" if len(values) > 1 else ""
    return f"{fmean(values):.3f}{spread}"
