"""Where a beat falls in time: numbered corner cases, and simfile's engine as the judge of everything between them."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simfile.ssc import SSCSimfile
from simfile.timing import Beat, TimingData
from simfile.timing.engine import TimingEngine

from charter.errors import TimingError
from charter.notation import Pause, Span, Tempo, Timing, to_beat, to_tick

LONGEST = 48 * 40  # ticks

# name: tags of a simfile (one a line), then what holds on some beats: (beat, seconds, can be hit)
CASES = {
    "1 constant tempo": ("BPMS:0=120", [(-4, -2.0, True), (0, 0.0, True), (1, 0.5, True), (7.5, 3.75, True)]),
    "2 positive offset: the song starts before the audio": ("OFFSET:0.25\nBPMS:0=60", [(0, -0.25, True)]),
    "3 negative offset: it starts later": ("OFFSET:-1.5\nBPMS:0=60", [(0, 1.5, True), (2, 3.5, True)]),
    "4 empty offset means 0": ("OFFSET:\nBPMS:0=60", [(0, 0.0, True)]),
    "5 tempo change": ("BPMS:0=60,4=120", [(4, 4.0, True), (5, 4.5, True)]),
    "6 a stop freezes the song after its row": ("BPMS:0=60\nSTOPS:2=3", [(2, 2.0, True), (2.5, 5.5, True)]),
    "7 a delay freezes it before its row": ("BPMS:0=60\nDELAYS:2=3", [(1.75, 1.75, True), (2, 5.0, True)]),
    "8 delay and stop on one row": ("BPMS:0=60\nSTOPS:2=3\nDELAYS:2=1", [(2, 3.0, True), (3, 7.0, True)]),
    "9 a stop on beat 0": ("BPMS:0=60\nSTOPS:0=2", [(0, 0.0, True), (1, 3.0, True)]),
    "10 a warp takes no time": (
        "BPMS:0=60\nWARPS:2=4",
        [(1.75, 1.75, True), (2, 2.0, False), (4, 2.0, False), (6, 2.0, True), (7, 3.0, True)],
    ),
    "11 overlapping warps are one": ("BPMS:0=60\nWARPS:2=2,3=3", [(5, 2.0, False), (6, 2.0, True), (7, 3.0, True)]),
    "12 a stop inside a warp can be hit": ("BPMS:0=60\nWARPS:2=4\nSTOPS:3=1", [(3, 2.0, True), (4, 3.0, False)]),
    "13 a tempo change inside a warp": ("BPMS:0=60,3=120\nWARPS:2=2", [(4, 2.0, True), (5, 2.5, True)]),
    "14 fakes take time but cannot be hit": ("BPMS:0=60\nFAKES:2=1", [(2, 2.0, False), (3, 3.0, True)]),
    "15 tempo change and stop on one row": ("BPMS:0=60,2=120\nSTOPS:2=1", [(2, 2.0, True), (3, 3.5, True)]),
}


def from_engine(data: TimingData) -> Timing:
    def pauses(values):
        return tuple(Pause(to_tick(event.beat), float(event.value)) for event in values)

    def spans(values):
        return tuple(Span(to_tick(event.beat), to_tick(float(event.value))) for event in values)

    return Timing(
        tuple(Tempo(to_tick(event.beat), float(event.value)) for event in data.bpms),
        float(data.offset),
        pauses(data.stops),
        pauses(data.delays),
        spans(data.warps),
        spans(data.fakes),
    )


def simfile_timing(tags: str) -> TimingData:
    return TimingData(SSCSimfile(string="".join(f"#{tag};\n" for tag in tags.splitlines()), strict=False))


@pytest.mark.parametrize(("tags", "expected"), CASES.values(), ids=CASES.keys())
def test_corner_cases(tags, expected):
    timing = from_engine(simfile_timing(tags))
    ticks = [to_tick(beat) for beat, _, _ in expected]
    assert timing.seconds_at(ticks) == pytest.approx([seconds for _, seconds, _ in expected], abs=1e-12)
    assert timing.hittable(ticks).tolist() == [can for _, _, can in expected]


@pytest.mark.parametrize(("tags", "expected"), CASES.values(), ids=CASES.keys())
def test_the_corner_cases_are_the_engines_too(tags, expected):
    engine = TimingEngine(simfile_timing(tags))
    for beat, seconds, can in expected:
        assert engine.time_at(Beat(beat)) == pytest.approx(seconds, abs=1e-12)
        assert engine.hittable(Beat(beat)) is can


def events(values, *, first=0):
    """A tag's value: events on rising ticks."""
    ticks = st.lists(st.integers(first, LONGEST), max_size=5, unique=True).map(sorted)
    return ticks.flatmap(lambda at: st.tuples(*(st.tuples(st.just(tick), values) for tick in at)))


def tag(name, pairs):
    return f"{name}:" + ",".join(f"{float(to_beat(tick)):.6f}={value}" for tick, value in pairs)


bpms = st.integers(30_000, 400_000).map(lambda n: Decimal(n) / 1000)
pauses = st.integers(0, 5_000).map(lambda n: Decimal(n) / 1000)
lengths = st.integers(0, 48 * 6).map(lambda ticks: f"{float(to_beat(ticks)):.6f}")


@st.composite
def tag_texts(draw, *, warps=True):
    """The timing tags of a simfile; without ``warps`` time passes on every tick."""
    tempos = [(0, draw(bpms)), *draw(events(bpms, first=1))]
    tags = [f"OFFSET:{draw(st.integers(-5_000, 5_000)) / 1000}", tag("BPMS", tempos)]
    tags += [tag("STOPS", draw(events(pauses))), tag("DELAYS", draw(events(pauses)))]
    if warps:
        tags += [tag("WARPS", draw(events(lengths))), tag("FAKES", draw(events(lengths)))]
    return "\n".join(tags)


def ticks_of_interest(timing: Timing) -> list[int]:
    """A grid over the song, and each event's start and end with its neighbours."""
    starts = [event[0] for part in (timing.tempos, timing.stops, timing.delays) for event in part]
    ends = [tick for span in (*timing.warps, *timing.fakes) for tick in (span.tick, span.tick + span.ticks)]
    near = {tick + step for tick in starts + ends for step in (-1, 0, 1)}
    return sorted(near | set(range(-96, LONGEST + 96, 30)))


@settings(deadline=None, max_examples=60)
@given(tag_texts())
def test_agrees_with_simfiles_engine(tags):
    data = simfile_timing(tags)
    engine, timing = TimingEngine(data), from_engine(data)
    ticks = ticks_of_interest(timing)
    beats = [Beat(tick, 48) for tick in ticks]
    assert timing.seconds_at(ticks) == pytest.approx([engine.time_at(beat) for beat in beats], abs=1e-9)
    assert timing.hittable(ticks).tolist() == [engine.hittable(beat) for beat in beats]
    assert timing.bpm_at(ticks).tolist() == [float(engine.bpm_at(beat)) for beat in beats]


@settings(deadline=None, max_examples=60)
@given(tag_texts(warps=False))
def test_ticks_of_seconds_of_ticks(tags):
    timing = from_engine(simfile_timing(tags))
    ticks = np.array(ticks_of_interest(timing), dtype=float)
    assert timing.ticks_at(timing.seconds_at(ticks)) == pytest.approx(ticks, abs=1e-6)
    between = ticks[:-1] + 0.37 * np.diff(ticks)
    assert timing.ticks_at(timing.seconds_at(between)) == pytest.approx(between, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(tag_texts())
def test_time_never_runs_backwards(tags):
    timing = from_engine(simfile_timing(tags))
    assert np.all(np.diff(timing.seconds_at(ticks_of_interest(timing))) >= -1e-12)


def test_during_a_pause_the_song_stays_on_its_tick():
    timing = Timing((Tempo(0, 60),), stops=(Pause(96, 3),))
    assert timing.ticks_at([1.5, 2, 3, 5, 6]).tolist() == [72, 96, 96, 96, 144]


def test_at_the_instant_of_a_warp_the_song_stands_at_its_end():
    timing = Timing((Tempo(0, 60),), warps=(Span(96, 192),))
    assert timing.ticks_at([1.5, 2, 3]).tolist() == [72, 288, 336]


def test_shifting_moves_every_beat():
    timing = Timing((Tempo(0, 60), Tempo(96, 97)), offset=0.1, stops=(Pause(48, 1),))
    ticks = np.arange(-48, 480)
    assert timing.shifted(0.25).seconds_at(ticks) == pytest.approx(timing.seconds_at(ticks) + 0.25)


def test_shape_is_kept():
    timing = Timing.constant(120)
    assert timing.seconds_at(48).shape == ()
    assert timing.seconds_at([[0, 48, 96]]).shape == (1, 3)
    assert timing.hittable([]).shape == (0,)


def test_beats_round_to_the_nearest_tick():
    assert [to_tick(beat) for beat in (1, 0.333, 0.0208, -0.25)] == [48, 16, 1, -12]
    assert to_tick(to_beat(77)) == 77


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tempos": ()}, "has no BPM"),
        ({"tempos": (Tempo(48, 120),)}, "first BPM stands on beat 1"),
        ({"tempos": (Tempo(0, 120), Tempo(96, 0))}, "BPM at beat 2 is 0"),
        ({"tempos": (Tempo(0, -120),)}, "BPM at beat 0 is -120"),
        ({"tempos": (Tempo(0, float("nan")),)}, "BPM at beat 0 is nan"),
        ({"tempos": (Tempo(0, 120), Tempo(96, 130), Tempo(48, 140))}, "not in order"),
        ({"offset": float("inf")}, "offset is inf"),
        ({"stops": (Pause(48, -1),)}, "stop at beat 1 lasts -1 s"),
        ({"delays": (Pause(48, float("inf")),)}, "delay at beat 1 lasts inf s"),
        ({"warps": (Span(24, -4),)}, r"warp at beat 0\.5 goes backwards"),
        ({"fakes": (Span(48, -1),)}, "fake span at beat 1 goes backwards"),
        ({"fakes": (Span(48, 1), Span(0, 1))}, "not in order"),
        ({"tempos": (Tempo(0, 1e-300),)}, "BPM at beat 0 is 1e-300, which no song has"),
        ({"tempos": (Tempo(0, 1e300),)}, r"BPM at beat 0 is 1e\+300, which no song has"),
        ({"offset": 1e300}, r"offset is 1e\+300"),
        ({"stops": (Pause(48, 1e300),)}, r"stop at beat 1 lasts 1e\+300 s"),
        ({"stops": (Pause(10**400, 1),)}, "goes on behind beat 22906492245: is there a digit too many"),
        ({"fakes": (Span(0, 10**400),)}, "goes on behind beat 22906492245"),
    ],
)
def test_timing_that_means_no_song(arguments, message):
    with pytest.raises(TimingError, match=message):
        Timing(**{"tempos": (Tempo(0, 120),), **arguments})


@pytest.mark.parametrize(
    ("warps", "parts"),
    [
        ((), [(10, 100)]),
        (((20, 5), (40, 10)), [(10, 20), (25, 40), (50, 100)]),
        (((0, 15), (90, 1000)), [(15, 90)]),
        (((20, 30), (30, 40)), [(10, 20), (70, 100)]),
        (((0, 200),), []),
        (((100, 5), (5, 2)), [(10, 100)]),
    ],
)
def test_ticks_without_warps(warps, parts):
    timing = Timing((Tempo(0, 120.0),), warps=tuple(sorted(Span(*warp) for warp in warps)))
    assert timing.without_warps(10, 100) == parts
