"""What the dial between the usual steps and a style's does, on the rows of human charts.

    python -m tests.benchmarks.styles --corpus data/songs --manifest data/songs.tsv --charts-only data/charts_only

Each line gives new steps to the same rows of the valid split's charts for feet, Medium and harder. Beside rates per
100 rows it shows to which style's panels the steps are nearer: perplexity by 5-grams (Kneser-Ney) fitted on the human
charts of either style. Two lines show the human charts of the styles themselves.
"""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import typer
from numpy.typing import NDArray

from charter.audio.spec import AudioSpec
from charter.decode.blend import Blend
from charter.decode.placed import Listening, Placed
from charter.decode.rules import RULES
from charter.decode.symbols import write_symbols
from charter.metrics import TimedChart, count_steps, pool_steps
from charter.metrics.steps import StepCounts
from charter.model.shipped import SHIPPED_SYMBOLS, shipped_styles
from charter.model.vocabulary import TURNED
from charter.model.weights import load_symbols
from charter.notation import TICKS_PER_MEASURE, Chart, Difficulty
from datasets.cache import heard
from datasets.songs import LabelledSong, labelled_songs
from datasets.splits import read_style
from datasets.symbols import symbol_example
from training.kneser_ney import KneserNey

AMOUNTS = (0.5, 1.0)
LEVELS = (Difficulty.MEDIUM, Difficulty.HARD, Difficulty.CHALLENGE)
SHOWN = ("crossovers", "footswitches", "jumps", "holds", "rolls", "mines", "jacks")


def symbols_of(chart: Chart, level: Difficulty, song: LabelledSong, spec: AudioSpec) -> list[NDArray[np.int64]]:
    """The rows of a chart as classes, (rows,); nothing for a chart of fewer than two."""
    example = symbol_example("", level, chart, song.timing, (None, spec))
    return [example.symbols] if example is not None else []


def human(
    songs: Iterator[LabelledSong], listed: frozenset[str], spec: AudioSpec
) -> tuple[list[StepCounts], list[NDArray[np.int64]]]:
    """Step counts and sequences of a style's charts."""
    counts, sequences = [], []
    for song in songs:
        if song.id not in listed or song.split != "train":
            continue
        for level in LEVELS:
            if level in song.charts:
                counts.append(count_steps(TimedChart(song.charts[level], song.timing)))
                sequences += symbols_of(song.charts[level], level, song, spec)
    return counts, sequences


def rewritten(
    blend: Blend, songs: Sequence[LabelledSong], cache: Path
) -> Iterator[tuple[LabelledSong, Difficulty, Chart]]:
    """The charts of the songs with new steps on their rows."""
    for song in songs:
        levels = [level for level in LEVELS if level in song.charts]
        assert song.audio is not None
        mel = heard(song.audio, blend.nets[0].config.audio, cache).mel
        placed = [Placed(level, np.array(song.charts[level].hit_ticks(song.timing)), RULES[level]) for level in levels]
        last = max((int(chart.ticks[-1]) for chart in placed), default=0) + TICKS_PER_MEASURE
        if placed:
            written = write_symbols(blend, placed, Listening(song.timing, lambda _, mel=mel: mel, last), seed=0)  # type: ignore[misc]
            yield from ((song, level, Chart(level, 1, notes)) for level, notes in zip(levels, written, strict=True))


def perplexity(model: KneserNey, sequences: Sequence[NDArray[np.int64]]) -> float:
    """Of the sequences' symbols."""
    logs = [model.log_probabilities(sequence)[np.arange(len(sequence)), sequence] for sequence in sequences]
    return math.exp(-float(np.concatenate(logs).mean()))


def main(
    *,
    corpus: Path = typer.Option(...),  # noqa: B008
    manifest: Path = typer.Option(...),  # noqa: B008
    charts_only: Path = typer.Option(...),  # noqa: B008
    cache: Path = Path(".cache"),
) -> None:
    """Print the table."""
    usual = load_symbols(SHIPPED_SYMBOLS).net
    spec = usual.config.audio
    listed = list(labelled_songs(corpus, manifest))
    charts = list(labelled_songs(charts_only))
    styles = shipped_styles()
    written_by = {name: human(iter([*listed, *charts]), read_style(name), spec) for name in styles}
    models = {
        name: KneserNey.fit(turn[sequence] for sequence in sequences for turn in TURNED)
        for name, (_, sequences) in written_by.items()
    }

    def line(name: str, counts: Sequence[StepCounts], sequences: Sequence[NDArray[np.int64]], *, human: bool) -> None:
        figures = pool_steps(counts)
        rates = "".join(f"{figures.rates[rate]:14.2f}" for rate in SHOWN)
        nearness = "" if human else "".join(f"{perplexity(models[style], sequences):14.2f}" for style in styles)
        print(f"{name:20}{figures.rows:8}{rates}{figures.third_given_two_bits:14.2f}{nearness}")

    print(
        f"{'':20}{'rows':>8}" + "".join(f"{name:>14}" for name in (*SHOWN, "H3|2", *(f"by {name}" for name in styles)))
    )
    for name, (counts, sequences) in written_by.items():
        line(f"human, {name}", counts, sequences, human=True)
    valid = [song for song in listed if song.split == "valid" and song.style == "pad"]
    first, second = styles
    for name, amount in [
        *((first, amount) for amount in reversed(AMOUNTS)),
        ("usual", 0.0),
        *((second, a) for a in AMOUNTS),
    ]:
        blend = Blend(usual) if name == "usual" else Blend(usual, load_symbols(styles[name]).net, amount)
        made = list(rewritten(blend, valid, cache))
        counts = [count_steps(TimedChart(chart, song.timing)) for song, _, chart in made]
        sequences = [each for song, level, chart in made for each in symbols_of(chart, level, song, spec)]
        line(f"{name} {amount:g}" if amount else name, counts, sequences, human=False)


if __name__ == "__main__":
    typer.run(main)
