"""Where the figures of `charter/decode/density.py` come from: how dense human charts for feet are.

    python -m tests.benchmarks.densities --corpus data/songs --manifest data/songs.tsv

Prints, of the train split's charts in the manifest's style ``pad``, the median rows per second of each difficulty with
its growth by tempo. Then, of all of the split's charts, how long 95 in 100 of them
rest at most: before the first row while the music plays, between two rows, and behind the last row.
"""

from pathlib import Path

import numpy as np
import typer

from charter.audio.decode import decode
from charter.audio.loudness import audible_span
from charter.notation import TICKS_PER_BEAT, Difficulty
from datasets.manifest import read_manifest
from datasets.songs import labelled_songs


def main(*, corpus: Path = typer.Option(...), manifest: Path = typer.Option(...)) -> None:  # noqa: B008
    rests: dict[Difficulty, list[tuple[float, float, float]]] = {level: [] for level in Difficulty}
    durations = {entry.id: entry.duration for entry in read_manifest(manifest)}
    levels, tempos, densities = [], [], []
    for song in labelled_songs(corpus, manifest):
        if song.split != "train":
            continue
        span = audible_span(decode(song.audio, 8_000)) if song.audio else None
        for level, chart in song.charts.items():
            seconds = song.timing.seconds_at(chart.hit_ticks(song.timing))
            if span is not None:
                rests[level].append((seconds[0] - span.start, np.diff(seconds).max(), span.end - seconds[-1]))
        if song.style != "pad":
            continue
        for level, chart in song.charts.items():
            hits = chart.hit_ticks(song.timing)
            first, last = song.timing.seconds_at([hits[0], hits[-1]])
            levels.append(int(level))
            tempos.append(60 * (hits[-1] - hits[0]) / TICKS_PER_BEAT / (last - first))
            densities.append(len(hits) / durations[song.id])
    level, rate = np.array(levels), np.array(densities)
    octave = np.clip(np.log(np.array(tempos) / 140), -np.log(2), np.log(2))

    powers = []
    for difficulty in Difficulty:
        of = level == difficulty
        power, at_140 = np.polyfit(octave[of], np.log(rate[of]), 1)
        powers.append(power)
        median = float(np.median(rate[of]))
        typer.echo(
            f"{difficulty.label:9s}: {of.sum():3d} charts, median {median:.2f} rows/s; "
            f"{np.exp(at_140):.2f} rows/s at 140 BPM, growing by BPM ** {power:.2f}"
        )
    typer.echo(f"mean power: {np.mean(powers):.2f}")
    for difficulty in Difficulty:
        lead, longest, tail = np.percentile(rests[difficulty], 95, axis=0)
        typer.echo(f"{difficulty.label:9s}: lead {lead:.1f} s, longest rest {longest:.1f} s, tail {tail:.1f} s")


if __name__ == "__main__":
    typer.run(main)
