"""Whether the meters that are asked for come out: charts every song of a split with the human timing given.

    python -m tests.benchmarks.meters --corpus data/songs --manifest data/songs.tsv --split valid

Asks for several ladders of meters and prints, for each and of each difficulty, the mean distance between the meter
asked for and the one estimated of the chart that came out, and the mean seconds that a set of charts took.
"""

import time
from pathlib import Path

import numpy as np
import typer

from charter.decode.meter import estimated_meter
from charter.generate import Models, generate
from charter.notation import Difficulty
from charter.request import Request
from datasets.songs import labelled_songs

LADDERS = ((2, 4, 6, 8, 10), (1, 3, 5, 7, 9), (3, 6, 9, 11, 13))


def main(
    *,
    corpus: Path = typer.Option(...),  # noqa: B008
    manifest: Path = typer.Option(...),  # noqa: B008
    split: str = "valid",
) -> None:
    models = Models.load()
    songs = [song for song in labelled_songs(corpus, manifest) if song.split == split and song.audio is not None]
    for ladder in LADDERS:
        asked = dict(zip(Difficulty, ladder, strict=True))
        off, seconds = [], []
        for song in songs:
            assert song.audio is not None
            began = time.perf_counter()
            made = generate(song.audio, Request(timing=song.timing, meters=asked), models).song
            seconds.append(time.perf_counter() - began)
            found = [estimated_meter(song.timing.seconds_at(chart.hit_ticks(song.timing))) for chart in made.charts]
            off.append(np.abs(np.array(found) - ladder))
        told = ", ".join(
            f"{level.label} {meter}: {miss:.2f}"
            for (level, meter), miss in zip(asked.items(), np.mean(off, axis=0), strict=True)
        )
        typer.echo(
            f"off by, on average of {len(songs)} songs: {told}; all: {np.mean(off):.2f}; {np.mean(seconds):.1f} s"
        )


if __name__ == "__main__":
    typer.run(main)
