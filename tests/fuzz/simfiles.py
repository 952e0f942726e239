"""Everything that reads simfiles and the timing of other games, and what is done with what was read."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from charter.check.findings import examine
from charter.check.sync import HeardMusic
from charter.decode.rules import RULES
from charter.notation import (
    Chart,
    Difficulty,
    Note,
    NoteKind,
    Passage,
    Pause,
    PreviewWindow,
    Song,
    Span,
    Tempo,
    Timing,
    slot_word,
)
from charter.review.document.changes import notes_by_cell
from charter.review.document.codec import fields_json, notes_json
from charter.review.document.song_fields import check_timings, shifted_timing
from charter.review.out.imports import OurChart, read_import
from export.stepmania import sm_text, ssc_text
from export.stepmania.companions import companions
from export.stepmania.convert import converted
from export.stepmania.extend import with_charts
from export.stepmania.patch import patched
from export.stepmania.read import parse_song
from export.stepmania.rewrite import rewritten
from export.stepmania.song_tag import with_song_tag
from export.timing_file import read_timing_file
from tests.fuzz.target import Target, each_told

TAP, HOLD, TAIL, MINE = (NoteKind(symbol) for symbol in "123M")
_TAGS = """
    VERSION TITLE SUBTITLE ARTIST GENRE CREDIT MUSIC PREVIEW BANNER BACKGROUND JACKET OFFSET SAMPLESTART SAMPLELENGTH
    DISPLAYBPM BPMS STOPS FREEZES DELAYS WARPS FAKES TIMESIGNATURES TICKCOUNTS COMBOS SPEEDS SCROLLS LABELS BGCHANGES
    ANIMATIONS KEYSOUNDS NOTEDATA STEPSTYPE DESCRIPTION DIFFICULTY METER RADARVALUES NOTES NOTES2
"""
WORDS = (
    *(f"#{tag}:".encode() for tag in _TAGS.split()),
    *b"; : // \\ # \n \r , = & [1] dance-single: dance-double: Hard: Edit: 1111 2000 3000 M000 1e308 1e-308".split(
        b" "
    ),
    *b"nan inf -1 0.000 1e9999999999 9999999999 \xef\xbb\xbf \xff \x00".split(b" "),
)
OSU_WORDS = (
    *b"osu file format v14 [TimingPoints] , \n // -100 1e308 1e-308 nan inf 0.001 2147483648".split(b" "),
    b"0,500,4,1,0,100,1,0\n",
)
_MUSIC_SECONDS = 4
_SHIFT = 48


def _song() -> Song:
    timing = Timing(
        (Tempo(0, 138.0), Tempo(960, 145.5)),
        -0.25,
        stops=(Pause(480, 0.5),),
        delays=(Pause(576, 0.25),),
        warps=(Span(1200, 48),),
        fakes=(Span(1500, 48),),
    )
    notes = (Note(0, 0, TAP), Note(96, 1, HOLD), Note(192, 1, TAIL), Note(208, 2, MINE), Note(216, 3, TAP))
    charts = (
        Chart(Difficulty.EASY, 3, notes),
        Chart(Difficulty.HARD, 8, notes, description="words", timing=Timing.constant(120)),
        Chart(None, 9, notes[:1]),
    )
    return Song("A song", timing, charts, "Someone", music="song.ogg", preview=PreviewWindow(1.5, 12.0))


def _plain() -> Song:
    song = _song()
    charts = tuple(replace(chart, timing=None) for chart in song.charts)
    return replace(song, timing=Timing(song.timing.tempos, -0.25, song.timing.stops), charts=charts)


def _ssc_seeds() -> list[bytes]:
    return [ssc_text(song).encode() for song in (_song(), _plain(), replace(_song(), charts=()))]


def _sm_seeds() -> list[bytes]:
    warps = b"#TITLE:x;#OFFSET:-1;#BPMS:0=120,8=-120,9=120;#FREEZES:4=-0.5;"
    double = b"#NOTES:\n dance-double:\n :\n Hard:\n 3:\n 0,0:\n10000001\n00000000\n,\n00010000\n;"
    return [sm_text(_plain()).encode(), warps, warps + double, sm_text(_plain()).encode("utf-8-sig") + double]


def _osu_seeds() -> list[bytes]:
    points = b"0,500,4,1,0,100,1,0\n1000,-50,4,1,0,100,0,0\n2001.5,333.3333,4,1,0,100,1,0\n"
    return [b"osu file format v14\n\n[TimingPoints]\n" + points, b"osu file format v3\r\n[TimingPoints]\r\n24,400\r\n"]


def use(timing: Timing) -> None:
    """What is asked of every timing that was read."""
    ticks = np.array([-48, 0, 1, 47.5, 960, 48_000])
    seconds = timing.seconds_at(ticks)
    assert not np.isnan(seconds).any()
    assert not np.isnan(timing.ticks_at([-1.0, 0.0, 1.5, 3600.0])).any()
    timing.hittable(ticks)
    timing.bpm_at(ticks)
    timing.without_warps(0, 48_000)


def _read(suffix: str, data: bytes, _folder: Path) -> None:
    song = parse_song(data, Path(f"song{suffix}"))
    for timing in (song.timing, *(chart.timing for chart in song.charts if chart.timing)):
        use(timing)


def _check(suffix: str, data: bytes, folder: Path) -> None:
    """What `charter check` and the exporters make of what was read."""
    song = parse_song(data, Path(f"song{suffix}"))
    envelope = np.abs(np.sin(np.arange(_MUSIC_SECONDS * 1000))).astype(np.float32)
    examine(song, folder, HeardMusic(envelope), RULES)
    each_told(partial(text, song, duration=_MUSIC_SECONDS) for text in (ssc_text, sm_text))


def _rewrite(suffix: str, data: bytes, folder: Path) -> None:
    """Every way to write into a file that came from somewhere; each may refuse it, and none keeps the next from it."""
    path = Path(f"song{suffix}")
    song = parse_song(data, path)
    added = Chart(Difficulty.CHALLENGE, 9, (Note(0, 0, TAP), Note(9 * 192 + 16, 1, TAP)))
    ways = [
        partial(with_charts, data, path, song, [added], replaced=(Difficulty.CHALLENGE,), duration=20.0),
        partial(converted, data, path, ".sm" if suffix == ".ssc" else ".ssc"),
        partial(with_song_tag, data, "BANNER", "a:b;c.png"),
        partial(patched, data, 0, Passage(0, 384), (), [Note(16, 0, TAP)]),
        partial(_moved, data, path, song),
        partial(companions, folder, data, path),
    ]
    each_told(ways)


def _moved(data: bytes, path: Path, song: Song) -> bytes:
    check_timings(song, path)
    timing = shifted_timing(song.timing, _SHIFT)
    charts = tuple(
        replace(chart, notes=tuple(note._replace(tick=note.tick + _SHIFT) for note in chart.notes))
        for chart in song.charts
    )
    target = replace(song, title="Another", timing=timing, charts=charts)
    return rewritten(data, path, target, range(len(charts)), shift=_SHIFT, duration=None)


def _take_in(suffix: str, data: bytes, _folder: Path) -> None:
    ours = [
        OurChart(place, slot_word(chart.difficulty), 1, chart.meter, "", notes_by_cell(notes_json(chart.notes)))
        for place, chart in enumerate(_song().charts)
    ]
    read_import(data, f"song{suffix}", fields_json(_song()), ours)


def _timing_file(suffix: str, data: bytes, folder: Path) -> None:
    path = folder / f"song{suffix}"
    path.write_bytes(data)
    use(read_timing_file(path))


TARGETS = {
    "ssc": Target(partial(_read, ".ssc"), _ssc_seeds, WORDS, ".ssc"),
    "sm": Target(partial(_read, ".sm"), _sm_seeds, WORDS, ".sm"),
    "check-ssc": Target(partial(_check, ".ssc"), _ssc_seeds, WORDS, ".ssc"),
    "check-sm": Target(partial(_check, ".sm"), _sm_seeds, WORDS, ".sm"),
    "rewrite-ssc": Target(partial(_rewrite, ".ssc"), _ssc_seeds, WORDS, ".ssc"),
    "rewrite-sm": Target(partial(_rewrite, ".sm"), _sm_seeds, WORDS, ".sm"),
    "import": Target(partial(_take_in, ".ssc"), _ssc_seeds, WORDS, ".ssc"),
    "import-sm": Target(partial(_take_in, ".sm"), _sm_seeds, WORDS, ".sm"),
    "osu": Target(partial(_timing_file, ".osu"), _osu_seeds, OSU_WORDS, ".osu"),
}
