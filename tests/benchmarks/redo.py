"""Random passages of human charts written anew: what changed outside, what the seams ask of the feet, and how long.

    python -m tests.benchmarks.redo --corpus data/songs --manifest data/songs.tsv

Passages of 8 to 32 beats of the valid split's charts for feet, each redone once with the human timing of the file. The
rest must be equal: what is read from the file but for the passage, and every byte outside the passage's measures, but
for the radar. A
new finding at the seams is
a row within four of either end that asks something banned of the feet (`StepRules.banned`) and did not before.
"""

import random
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import typer

from charter.decode.rules import RULES
from charter.generate import Models
from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE, Chart, Difficulty, Passage, Timing
from charter.notation.footing import annotate
from charter.notation.hit_rows import hit_rows
from charter.redo_file import redo
from charter.redo_request import RedoRequest
from datasets.songs import labelled_songs
from datasets.sources import find_sources
from export.stepmania.read import parse_song, read_song

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


def without_radars(data: bytes) -> bytes:
    """A file's content without what it counts of its charts."""
    return re.sub(rb"(#RADARVALUES:|#NOTES:(?:[^:;]*:){4})[^:;]*", rb"\1", data)


def others_changed(before: bytes, after: bytes, path: Path, level: Difficulty, passage: Passage) -> bool:
    """Whether anything but the passage differs: in what is read, or in the bytes outside the passage's measures."""
    one, other = parse_song(before, path), parse_song(after, path)
    said = [
        [
            [note for note in chart.notes if chart.difficulty is not level or not passage.holds(note.tick)]
            for chart in song.charts
        ]
        for song in (one, other)
    ]
    if said[0] != said[1] or replace(one, charts=()) != replace(other, charts=()):
        return True
    before, after = without_radars(before), without_radars(after)
    measures = (passage.end - 1) // TICKS_PER_MEASURE - passage.start // TICKS_PER_MEASURE + 1
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next((i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head)
    parts = [data[head : len(data) - tail] for data in (before, after)]
    return any(part.count(b",") >= measures or set(part) & set(b"#:;") for part in parts)


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
        changed += others_changed(path.read_bytes(), redone.data, path, level, passage)
        worse += banned_near(redone.chart, timing, level, passage) > banned_near(chart, timing, level, passage)
        rows += redone.rows_after
        same += redone.rows_after == redone.rows_before
    print(
        f"{passages} passages, {rows} rows: {changed} with anything else changed, {worse} with a new finding at the "
        f"seams, {same} with as many rows as before; {np.median(seconds):.2f} s each (median)"
    )


if __name__ == "__main__":
    typer.run(main)
