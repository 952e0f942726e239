"""BPMs and stops below 0 in old `.sm` files: the clock runs backwards, and until it has caught up no time passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.errors import TimingError
from charter.notation import Pause, Span, Tempo, Timing
from export.stepmania import read_song, read_timing
from export.stepmania.old_warps import PlayedTempos, played


@pytest.mark.parametrize(
    ("tempos", "stops", "expected"),
    [
        pytest.param(
            # Beat 4 is at 2 s; at -120 BPM beat 6 is at 1 s; at 120 BPM beat 8 is at 2 s.
            [(0, 120), (4, -120), (6, 120)],
            [],
            PlayedTempos([Tempo(0, 120)], [], [Span(192, 192)]),
            id="a BPM below 0",
        ),
        pytest.param(
            # Beat 6 is at 1 s; at 60 BPM it takes one beat to beat 7 at 2 s.
            [(0, 120), (4, -120), (6, 60)],
            [],
            PlayedTempos([Tempo(0, 120), Tempo(192, 60)], [], [Span(192, 144)]),
            id="another tempo behind the warp begins with the warp",
        ),
        pytest.param(
            [(0, 120)],
            [(4, -0.5)],
            PlayedTempos([Tempo(0, 120)], [], [Span(192, 48)]),
            id="a stop below 0",
        ),
        pytest.param(
            # Of 1 s that beats 4 to 6 take back, the stop gives 0.25 s; the rest is 1.5 beats at 120 BPM.
            [(0, 120), (4, -120), (6, 120)],
            [(6, 0.25)],
            PlayedTempos([Tempo(0, 120)], [], [Span(192, 168)]),
            id="a stop inside a warp shortens it",
        ),
        pytest.param(
            [(0, 120), (4, -120), (6, 120)],
            [(6, 1.25)],
            PlayedTempos([Tempo(0, 120)], [Pause(288, 0.25)], [Span(192, 96)]),
            id="a long stop ends it and lasts on",
        ),
        pytest.param(
            # The stop lies on the beat where the warp begins, as in many files: it is played, then the warp goes on.
            [(0, 120), (4, -120), (6, 120)],
            [(4, 0.75)],
            PlayedTempos([Tempo(0, 120)], [Pause(192, 0.75)], [Span(192, 192)]),
            id="a stop where the warp begins",
        ),
        pytest.param(
            [(0, 120), (4, 99_999_999), (8, 120)],
            [],
            PlayedTempos([Tempo(0, 120)], [], [Span(192, 192)]),
            id="a BPM too fast to be one",
        ),
        pytest.param(
            [(0, 120), (4, -120), (6, 120), (12, 90)],
            [(2, 0.5), (10, 0.25)],
            PlayedTempos([Tempo(0, 120), Tempo(576, 90)], [Pause(96, 0.5), Pause(480, 0.25)], [Span(192, 192)]),
            id="what lies outside is kept",
        ),
        pytest.param(
            [(0, 120), (4, 60)], [(2, 0.5)], PlayedTempos([Tempo(0, 120), Tempo(192, 60)], [Pause(96, 0.5)]), id="none"
        ),
    ],
)
def test_worked_out(tempos, stops, expected):
    found = played([Tempo(beat * 48, bpm) for beat, bpm in tempos], [Pause(beat * 48, s) for beat, s in stops])
    assert found == expected


# On this lattice every warp ends on a tick.
TWELFTHS = st.integers(-6, 6).filter(bool).map(lambda twelfths: twelfths / 12)
BPMS = st.sampled_from([-240, -120, -60, 60, 120, 240])
places = st.integers(1, 40).map(lambda place: place * 16)
LAST = 41 * 16


@given(st.dictionaries(places, BPMS, max_size=8), st.dictionaries(places, TWELFTHS, max_size=8))
def test_the_song_stands_until_its_clock_has_caught_up(bpms, stops):
    tempos = [Tempo(0, 120), *(Tempo(*change) for change in sorted(bpms.items())), Tempo(LAST, 60)]
    found = played(tempos, [Pause(*stop) for stop in sorted(stops.items())])
    timing = Timing(tuple(found.tempos), stops=tuple(found.stops), warps=tuple(found.warps))

    clock, heard, expected = 0.0, 0.0, []
    bpm_at = {tempo.tick: tempo.bpm for tempo in tempos}
    bpm = 0.0
    for tick in range(LAST + 96):
        heard = max(heard, clock)
        expected.append(heard)
        bpm = bpm_at.get(tick, bpm)
        clock += stops.get(tick, 0.0)
        heard = max(heard, clock)
        clock += 60 / (48 * bpm)
    assert np.abs(timing.seconds_at(np.arange(len(expected))) - expected).max() < 1e-9


@pytest.fixture
def written(tmp_path):
    def write(tags, name="old.sm"):
        path = tmp_path / name
        version = "#VERSION:0.83;" if name.endswith(".ssc") else ""
        path.write_text(f"{version}#TITLE:x;#OFFSET:0.5;{tags}")
        return path

    return write


NOTES = (
    "#NOTES:dance-single::Hard:9:0:\n1000\n1000\n1000\n1000\n,\n0100\n0100\n0100\n0100\n,\n0010\n0000\n0000\n0000\n;"
)


def test_notes_in_an_old_warp_cannot_be_hit(written):
    song = read_song(written(f"#BPMS:0=120,4=-120,6=120;{NOTES}"))
    assert song.timing == Timing((Tempo(0, 120),), 0.5, warps=(Span(192, 192),))
    assert song.charts[0].hit_ticks(song.timing) == [0, 48, 96, 144, 384]
    assert song.timing.seconds_at([144, 384]) == pytest.approx([1.0, 1.5])


def test_a_stop_before_beat_0_moves_the_music(written):
    path = written("#BPMS:0=120;#STOPS:-4=0.75,-2=-0.25,4=0.5;")
    assert read_timing(path) == Timing((Tempo(0, 120),), 0.0, stops=(Pause(192, 0.5),))


@pytest.mark.parametrize("bpm", [-60, 20_000_000])
def test_an_old_warp_without_end(written, bpm):
    message = rf"old\.sm: from beat 4 on the BPM is {bpm:g}: a warp that does not end".replace("+", r"\+")
    with pytest.raises(TimingError, match=message):
        read_timing(written(f"#BPMS:0=120,4={bpm};"))


@pytest.mark.parametrize("bpms", ["0=-120,4=120", "0=120,4=-120,6=0,8=120"])
def test_a_warp_from_nowhere(written, bpms):
    with pytest.raises(TimingError, match=r"old\.sm: the BPM at beat \d is -120; it must be above 0"):
        read_timing(written(f"#BPMS:{bpms};"))


def test_an_ssc_says_its_warps_otherwise(written):
    with pytest.raises(TimingError, match=r"new\.ssc: the BPM at beat 4 is -120; it must be above 0"):
        read_timing(written("#BPMS:0=120,4=-120,6=120;", "new.ssc"))
