"""Songs with all that a timing can do, to write and read back."""

from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from charter.notation import (
    Chart,
    Difficulty,
    Note,
    NoteKind,
    Pause,
    PreviewWindow,
    Song,
    Span,
    Tempo,
    Timing,
    sorted_notes,
)

TAP, HOLD, ROLL, TAIL, MINE, LIFT, FAKE = (NoteKind(symbol) for symbol in "1243MLF")
LONGEST = 48 * 40  # ticks
MUSIC = "music.ogg"
BPMS, PAUSES, LENGTHS = st.integers(30_000, 400_000), st.integers(0, 5_000), st.integers(0, 48 * 6)


class Heard(NamedTuple):
    """A note as it has to be hit, in seconds; the end is the start's but for holds."""

    start: float
    panel: int
    end: float


def events(values, first=0):
    """Up to three pairs of a tick and a value, in order."""
    ticks = st.lists(st.integers(first, LONGEST), max_size=3, unique=True).map(sorted)
    return ticks.flatmap(lambda at: st.tuples(*(st.tuples(st.just(tick), values) for tick in at)))


@st.composite
def timings(draw):
    """Tempo changes, stops, delays, warps, fakes, and beat 0 before or behind the start of the audio."""
    tempos = [(0, draw(BPMS)), *draw(events(BPMS, first=1))]
    stops, delays = (tuple(Pause(tick, ms / 1000) for tick, ms in draw(events(PAUSES))) for _ in range(2))
    warps, fakes = (tuple(Span(*pair) for pair in draw(events(LENGTHS))) for _ in range(2))
    offset = draw(st.integers(-5_000, 5_000)) / 1000
    return Timing(tuple(Tempo(tick, bpm / 1000) for tick, bpm in tempos), offset, stops, delays, warps, fakes)


@st.composite
def songs(draw):
    """A song with one chart, no two of whose notes come together, and what is heard of it, in order."""
    timing = draw(timings())
    free_tick, free_second = [0] * 4, [0.0] * 4
    notes, heard = [], []
    for tick in draw(st.lists(st.integers(0, LONGEST), min_size=5, max_size=20, unique=True).map(sorted)):
        panel, kind = draw(st.integers(0, 3)), draw(st.sampled_from((TAP, TAP, HOLD, ROLL, MINE, LIFT, FAKE)))
        end = tick + draw(st.integers(1, 96)) if kind in (HOLD, ROLL) else tick
        first, last = (float(second) for second in timing.seconds_at([tick, end]))
        if tick < free_tick[panel] or first <= free_second[panel] + 0.1:
            continue
        notes += [Note(tick, panel, kind)] + [Note(end, panel, TAIL)] * (end > tick)
        free_tick[panel], free_second[panel] = end + 1, last
        if kind in (TAP, HOLD, ROLL) and timing.hittable(tick):
            heard.append(Heard(first, panel, last))
    chart = Chart(Difficulty.HARD, 7, sorted_notes(notes))
    return Song("Wild", timing, (chart,), music=MUSIC), sorted(heard)


def full_song(**changes):
    """A song with five charts, an Edit twice, and every field filled."""
    charts = tuple(
        Chart(level, 3 * number + 1, (Note(0, number % 4, TAP), Note(96, 0, TAP), Note(192, 1, MINE)))
        for number, level in enumerate((*Difficulty, None, None))
    )
    fields = {
        "artist": "Someone",
        "genre": "test",
        "credit": "charter",
        "music": MUSIC,
        "background": "back.png",
        "banner": "banner.png",
        "preview": PreviewWindow(12.3456, 10.0),
    }
    return Song(**({"title": "Title", "timing": Timing.constant(120, -0.5), "charts": charts, **fields} | changes))


def with_music(folder: Path) -> Path:
    """A folder in which the music and the background of these songs lie."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MUSIC).write_bytes(b"music")
    (folder / "back.png").write_bytes(b"picture")
    return folder
