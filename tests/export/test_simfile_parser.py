"""Our packs in a reader of other people: the npm package simfile-parser.

It counts from the first measure that has a note, leaves tails out of rows, and of a title shows what stands before the
first escaped semicolon, escapes and all. Of a `.sm` it knows the first line of BPMS only, so tempos are not compared.
"""

import json
import subprocess
from pathlib import Path

import pytest

from charter.notation import (
    TICKS_PER_MEASURE,
    Chart,
    Difficulty,
    Note,
    NoteKind,
    Pause,
    Song,
    Tempo,
    Timing,
    paired_holds,
    sorted_notes,
)
from export.formats import save_format
from export.names import safe_name
from tests.npm import installed
from tests.programs import program

PACKAGE = "simfile-parser@0.9.0"
SCRIPT = """
import { parsePack, setErrorTolerance } from "simfile-parser";
setErrorTolerance("bail");
console.log(JSON.stringify(parsePack(process.argv[2])));
"""
LEVELS = ("beginner", "basic", "difficult", "expert", "challenge", "edit")
TAP, HOLD, ROLL, TAIL, MINE = (NoteKind(symbol) for symbol in "1243M")
TITLES = ["a:b;c\\d #x //", "夜明けの四枚", "أربعة ألواح عند الفجر"]

pytestmark = pytest.mark.npm


@pytest.fixture(scope="session")
def parse():
    """A pack's folder -> what simfile-parser says of it."""
    node, folder = program("node"), installed(PACKAGE)
    script = folder / "parse.mjs"
    script.write_text(SCRIPT, encoding="utf-8")

    def run(pack):
        done = subprocess.run([node, str(script), str(pack)], capture_output=True, text=True, check=True, timeout=60)
        assert done.stderr == ""
        return json.loads(done.stdout)

    return run


def song_of(title):
    """Six charts on all grids, with rests before, holds, rolls, mines and jumps, each with other counts."""
    charts = []
    for number, level in enumerate((*Difficulty, None)):
        step = (48, 24, 16, 12, 8, 6)[number]
        start = TICKS_PER_MEASURE * number
        notes = [Note(start + step * place, place % 4, TAP) for place in range(60)]
        notes += [Note(start + step * place, (place + 2) % 4, TAP) for place in range(0, 60, 7)]
        at = start + TICKS_PER_MEASURE * 16
        for hold in range(number + 2):
            kind = (HOLD, ROLL)[hold % 2]
            notes += [Note(at + 96 * hold, hold % 4, kind), Note(at + 96 * hold + step * 3, hold % 4, TAIL)]
            notes += [Note(at + 96 * hold, (hold + 1) % 4, MINE)]
        charts.append(Chart(level, 2 * number + 1, sorted_notes(notes), description=title))
    timing = Timing((Tempo(0, 138.0), Tempo(960, 145.5), Tempo(1920, 90.25)), -0.25, stops=(Pause(480, 0.5),))
    return Song(title, timing, tuple(charts), artist=title, music=f"{safe_name(title)}.ogg")


@pytest.mark.parametrize("name", ["ssc", "sm"])
def test_same_charts_and_same_counts(parse, tmp_path, name):
    songs = [song_of(title) for title in TITLES]
    for song in songs:
        stem = safe_name(song.title)
        save_format(name, song, tmp_path / "My Pack" / stem, stem=stem, duration=90.0)
    pack = parse(tmp_path / "My Pack")
    assert (pack["name"], pack["songCount"]) == ("My Pack", len(songs))
    found = {Path(simfile["title"]["titleDir"]).name: simfile for simfile in pack["simfiles"]}
    for song in songs:
        simfile = found[safe_name(song.title)]
        shown = "a\\:b\\" if ";" in song.title else song.title
        assert (simfile["title"]["titleName"], simfile["artist"]) == (shown, shown)
        types = [(kind["mode"], kind["difficulty"], kind["feet"]) for kind in simfile["availableTypes"]]
        assert types == [("single", level, chart.meter) for level, chart in zip(LEVELS, song.charts, strict=True)]
        for level, chart in zip(LEVELS, song.charts, strict=True):
            same_chart(simfile["charts"][f"single-{level}"], chart)


def same_chart(found, chart):
    """Rows on their ticks, symbol by symbol, mines among them; holds and rolls from head to tail."""
    rows = [row for row in chart.rows() if any(note.kind is not TAIL for note in row.notes)]
    skipped = rows[0].tick // TICKS_PER_MEASURE * TICKS_PER_MEASURE

    def tick(measures):
        return skipped + round(measures * TICKS_PER_MEASURE, 6)

    assert [tick(arrow["offset"]) for arrow in found["arrows"]] == [row.tick for row in rows]
    symbols = [arrow["direction"] for arrow in found["arrows"]]
    assert symbols == ["".join(symbol_on(row, panel) for panel in range(4)) for row in rows]
    # It has a hold end a beat behind its tail.
    holds = [
        (hold["direction"], tick(hold["startOffset"]), tick(hold["endOffset"] - 0.25)) for hold in found["freezes"]
    ]
    assert sorted(holds) == sorted((head.panel, head.tick, tail.tick) for head, tail in paired_holds(chart.notes))


def symbol_on(row, panel):
    return next((note.kind.value for note in row.notes if note.panel == panel and note.kind is not TAIL), "0")
