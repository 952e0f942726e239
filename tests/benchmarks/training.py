"""What a training step of the placement net costs, and whether the loader keeps up.

    python -m tests.benchmarks.training [--threads N] [--crops N]

On a corpus made by code: for the smoke config's network and for the default one, seconds to load and augment a batch,
seconds of a step (forward, backward, optimiser), and of an epoch of ``--crops`` crops of 64 beats. Prints; asserts
nothing.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
import typer
from torch import Tensor
from torch.utils.data import DataLoader, default_collate

from charter.model.config import PlacementConfig
from charter.notation import Difficulty
from datasets.augment import AugmentConfig
from datasets.cache import heard
from datasets.placement import placement_example, rhythms
from datasets.songs import labelled_songs
from training.crops import CropDataset, PlacementBatch
from training.placement import PlacementTask
from training.synthetic import write_corpus

NETS = {
    "smoke": (PlacementConfig(channels=8, hidden=48, dropout=0.0), 4, 32),
    "default": (PlacementConfig(), 8, 64),
}
REPEATS = 8


def least(work: Callable[[], object]) -> float:
    """Seconds of the quickest of a few runs: what else the machine does only ever adds."""
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main(*, threads: int = 2, crops: int = 900) -> None:
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder))
        song = next(labelled_songs(Path(folder) / "songs", Path(folder) / "songs.tsv"))
        assert song.audio is not None
        for name, (config, batch_size, beats) in NETS.items():
            features = heard(song.audio, config.audio, None)
            example = placement_example(song.id, song.timing, rhythms(song.charts, song.timing), features, config)
            assert example is not None
            dataset = CropDataset([example] * batch_size, config, beats * config.steps_per_beat, AugmentConfig())
            items = [dataset[index] for index in range(batch_size)]
            batch: PlacementBatch = default_collate(items)
            task = PlacementTask(config)
            optimiser = torch.optim.AdamW(task.parameters())

            def step(
                task: PlacementTask = task, batch: PlacementBatch = batch, optimiser: torch.optim.AdamW = optimiser
            ) -> None:
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    logits: Tensor = task.net(batch.mel, batch.guide, batch.condition)
                loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), batch.rows)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()

            load = least(lambda: [next(iter(DataLoader(dataset, batch_size=batch_size)))])  # noqa: B023
            seconds = least(step)
            epoch = (load + seconds) * crops * 64 / (batch_size * beats)
            typer.echo(
                f"{name}: {len(Difficulty)} difficulties, batch of {batch_size} crops of {beats} beats, {threads} "
                f"thread(s): load {load:.3f} s, step {seconds:.3f} s; {crops} crops of 64 beats: {epoch:.0f} s"
            )


if __name__ == "__main__":
    typer.run(main)
