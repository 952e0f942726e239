"""Random passages of human charts written anew: what changed outside, what the seams ask of the feet, and how long.

    python -m tests.benchmarks.redo --corpus data/songs --manifest data/songs.tsv

Passages of 8 to 32 beats of the valid split's charts for feet, each redone once with the human timing of the file. The
rest must be byte-equal: lines outside the passage's measures, notes outside the passage. A new finding at the seams is
a row within four of either end that asks something banned of the feet (`StepRules.banned`) and did not before.
"""

import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import typer

from charter.decode.rules import RULES
from charter.generate import Models
from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE, Chart, Difficulty, Note, Passage, Timing
from charter.notation.footing import annotate
from charter.notation.hit_rows import hit_rows
from charter.redo import RedoRequest, redo
from datasets.songs import labelled_songs
from datasets.sources import find_sources
from export.stepmania import read_song

_NEAR_ROWS = 4


def banned_near(chart: Chart, timing: Timing, level: Difficulty, passage: Passage) -> int:
    """Rows near the seams that ask something banned."""
    rows = annotate(hit_rows(chart, timing), level).rows
    ticks = np.array([row.tick for row in rows])
    near: set[int] = set()
    for seam in passage:
        place = int(np.searchsorted(ticks, seam))
        near |= set(range(max(place - _NEAR_ROWS, 0), min(place + _NEAR_ROWS, len(rows))))
    return sum(bool(rows[place].techs & RULES[level].banned) for place in near)


def outside(notes: Sequence[Note], passage: Passage) -> list[Note]:
    """The notes that a redo has to leave alone."""
    return [note for note in notes if not passage.holds(note.tick)]


def untouched(before: bytes, after: bytes, passage: Passage) -> bool:
    """Whether the file is the same up to the passage's first measure and from behind its last on."""
    measures = (passage.end - 1) // TICKS_PER_MEASURE - passage.start // TICKS_PER_MEASURE + 1
    head = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    tail = next(
        (i for i, (a, b) in enumerate(zip(reversed(before), reversed(after), strict=False)) if a != b), len(before)
    )
    changed = before[head : len(before) - tail]
    return changed.count(b",") < measures and b"#" not in changed and b";" not in changed


def main(
    *,
    corpus: Path = typer.Option(...),  # noqa: B008
    manifest: Path = typer.Option(...),  # noqa: B008
    passages: int = 100,
    seed: int = 0,
) -> None:
    draw = random.Random(seed)
    models = Models.load()
    sources = {source.id: source.simfile for source in find_sources(corpus)[0]}
    songs = [song for song in labelled_songs(corpus, manifest) if song.split == "valid" and song.style == "pad"]
    changed = worse = rows = same = 0
    seconds: list[float] = []
    for number in range(passages):
        song = draw.choice(songs)
        level = draw.choice(sorted(song.charts))
        path = sources[song.id]
        read = read_song(path)
        chart = read.chart(level)
        assert chart is not None
        last = chart.notes[-1].tick // TICKS_PER_BEAT
        start = draw.randrange(0, max(last - 32, 1))
        passage = Passage(start * TICKS_PER_BEAT, (start + draw.randint(8, 32)) * TICKS_PER_BEAT)
        began = time.perf_counter()
        (redone,) = redo(path, RedoRequest(level, passage, seed=number, rules=RULES[level]), models)
        seconds.append(time.perf_counter() - began)
        timing = read.timing_of(chart)
        left_alone = outside(chart.notes, passage) == outside(redone.chart.notes, passage)
        changed += not (left_alone and untouched(path.read_bytes(), redone.data, passage))
        worse += banned_near(redone.chart, timing, level, passage) > banned_near(chart, timing, level, passage)
        rows += redone.rows_after
        same += redone.rows_after == redone.rows_before
    print(
        f"{passages} passages, {rows} rows: {changed} with anything else changed, {worse} with a new finding at the "
        f"seams, {same} with as many rows as before; {np.median(seconds):.2f} s each (median)"
    )


if __name__ == "__main__":
    typer.run(main)
