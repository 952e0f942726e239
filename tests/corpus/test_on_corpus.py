"""Every simfile of a real corpus: times as simfile's engine has them, and nothing lost in writing.

CHARTER_CORPUS names the folder; charts are not ours to keep here.
"""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest
import simfile
from simfile.timing import Beat, TimingData
from simfile.timing.engine import TimingEngine

from charter.errors import CharterError, ChartError
from charter.notation import Chart, Difficulty, Note, NoteKind, Song, Timing
from datasets.sources import SIMFILE_SUFFIXES
from export.stepmania import read_song, sm_text, ssc_text
from export.stepmania.convert import converted
from export.stepmania.extend import with_charts
from export.stepmania.old_warps import FASTEST_BPM
from export.stepmania.read import parse_song

FOLDER = os.environ.get("CHARTER_CORPUS")
pytestmark = pytest.mark.skipif(not FOLDER, reason="CHARTER_CORPUS names no folder of simfiles")
MOST_UNREADABLE = 0.02


@pytest.fixture(scope="module")
def songs() -> dict[Path, Song]:
    paths = sorted(path for path in Path(FOLDER or "").rglob("*") if path.suffix.lower() in SIMFILE_SUFFIXES)
    read, unreadable = {}, {}
    for path in paths:
        try:
            read[path] = read_song(path)
        except CharterError as error:
            unreadable[path] = str(error)
    assert read
    assert len(unreadable) < MOST_UNREADABLE * len(paths), "\n".join(unreadable.values())
    return read


def ticks_to_compare(timing: Timing, notes, *, old_warps: bool) -> list[int]:
    events = (timing.tempos, timing.stops, timing.delays, timing.warps, timing.fakes)
    ticks = sorted({event[0] for part in events for event in part} | {note.tick for note in notes})
    # In such a warp simfile's clock runs backwards, and the game's stands still.
    return [tick for tick in ticks if timing.hittable(tick)] if old_warps else ticks


def has_old_warps(data: TimingData) -> bool:
    return any(not 0 <= event.value <= FASTEST_BPM for event in (*data.bpms, *data.stops))


def test_timing_agrees_with_simfile(songs):
    compared = 0
    for path, song in songs.items():
        source = simfile.loads(path.read_bytes().decode(errors="replace"), strict=False)
        parts = [c for c in source.charts if (c.stepstype or "").strip() == "dance-single"]
        pairs = [(source, song.timing, ())]
        pairs += [(part, song.timing_of(c), c.notes) for part, c in zip(parts, song.charts, strict=True)]
        for part, timing, notes in pairs:
            data = TimingData(part)
            old_warps = has_old_warps(data)
            engine = TimingEngine(data)
            ticks = ticks_to_compare(timing, notes, old_warps=old_warps)
            expected = [engine.time_at(Beat(tick, 48)) for tick in ticks]
            assert np.abs(timing.seconds_at(ticks) - expected).max() < (1e-3 if old_warps else 1e-6), path
            compared += len(ticks)
    assert compared


def on_one_line(song: Song) -> Song:
    """The song with the line breaks of its words as blanks: the one thing that writing changes."""
    words = {name: value for name, value in vars(song).items() if isinstance(value, str)}
    return dataclasses.replace(song, **{name: " ".join(value.splitlines()) for name, value in words.items()})


@pytest.mark.parametrize(("write", "suffix"), [(ssc_text, ".ssc"), (sm_text, ".sm")])
def test_nothing_is_lost_in_writing(songs, write, suffix, tmp_path):
    written = 0
    for path, song in songs.items():
        try:
            text = write(song)
        except ChartError:
            assert suffix == ".sm", path  # only .sm has songs that it cannot hold
            continue
        copy = tmp_path / f"song{suffix}"
        copy.write_text(text, encoding="utf-8", newline="")
        again = read_song(copy)
        if suffix == ".sm":  # whose charts have no field for a credit
            assert [c.notes for c in again.charts] == [c.notes for c in song.charts], path
            assert again.timing == song.timing, path
        else:
            assert again == on_one_line(song), path
        written += 1
    assert written > len(songs) / 2


def test_charts_are_added_and_replaced_and_the_rest_stays(songs):
    notes = tuple(Note(number * 36, number % 4, NoteKind.TAP) for number in range(200))
    ours = {level: Chart(level, 5, notes, description="charts of ours") for level in Difficulty}
    for path, song in songs.items():
        data = path.read_bytes()
        lacking = [chart for level, chart in ours.items() if song.chart(level) is None]
        added = with_charts(data, path, song, lacking, duration=100)
        assert added.startswith(data), path
        assert [c.notes for c in parse_song(added, path).charts] == [c.notes for c in (*song.charts, *lacking)], path
        replaced = with_charts(data, path, song, list(ours.values()), replaced=list(Difficulty), duration=100)
        edits = [chart for chart in song.charts if chart.difficulty is None]
        assert [c.notes for c in parse_song(replaced, path).charts] == [c.notes for c in edits] + [notes] * 5, path
        first = replaced.rindex(b"#NOTE", 0, replaced.index(b"charts of ours"))
        old = iter(data.splitlines())
        assert all(line in old for line in replaced[:first].rstrip().splitlines()), path


def test_the_other_format_says_the_same_song(songs):
    done = 0
    for path, song in songs.items():
        other = path.with_suffix(".ssc" if path.suffix.lower() == ".sm" else ".sm")
        try:
            again = parse_song(converted(path.read_bytes(), path, other.suffix), other)
        except ChartError:
            continue
        assert [c.notes for c in again.charts] == [c.notes for c in song.charts], path
        assert [again.timing_of(c) for c in again.charts] == [song.timing_of(c) for c in song.charts], path
        done += 1
    assert done > len(songs) / 2
