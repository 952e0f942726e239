"""Beatmaps: points are heard when they are, beats between them where osu! has them, on ticks that charts can use."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.errors import TimingError
from charter.notation import Tempo, Timing
from export.osu import read_timing
from export.osu.timing import TimingPoint, timing_of

BEATMAP = """osu file format v14

[General]
AudioFilename: audio.mp3
Mode: 3

[Events]
//Background and Video events
0,0,"bg.jpg",0,0

[TimingPoints]
{points}

[HitObjects]
64,192,1000,1,0,0:0:0:0:
"""


@pytest.fixture
def read(tmp_path):
    """The timing of a file of this content."""

    def read(content):
        path = tmp_path / "map.osu"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_timing(path)

    return read


def timing(*points):
    return timing_of(TimingPoint(*point) for point in points)


# ---------------------------------------------------------------- the file


def test_reading(read):
    points = """1000,500,4,2,0,60,1,0
1500,-50,4,2,0,60,0,1
// a word between the points
5000,400.000000000000,3,2,1,60,1,8"""
    expected = Timing((Tempo(0, 120), Tempo(8 * 48, 150)), offset=-1.0)
    assert read(BEATMAP.format(points=points)) == expected
    assert read(BEATMAP.format(points=points).replace("\n", "\r\n").encode("utf-8-sig")) == expected


def test_times_may_be_fractions_and_lie_before_the_audio(read):
    found = read(BEATMAP.format(points="-100.25,333.333333333333,4,1,0,60,1,0"))
    assert found == Timing.constant(180, offset=0.10025)


def test_points_in_any_order_of_which_the_later_of_two_holds(read):
    points = "5000,400,4,1,0,60,1,0\n1000,500,4,1,0,60,1,0\n5000,300,4,1,0,60,1,0"
    assert read(BEATMAP.format(points=points)).tempos == (Tempo(0, 120), Tempo(8 * 48, 200))


def test_old_lines_tell_by_their_sign(read):
    old = "osu file format v5\n[TimingPoints]\n1000,500\n3000,-50\n5000,400\n"
    assert read(old) == Timing((Tempo(0, 120), Tempo(8 * 48, 150)), offset=-1.0)


@pytest.mark.parametrize(("version", "first"), [(3, 1.024), (4, 1.024), (5, 1.0), (14, 1.0), (128, 1.0)])
def test_the_oldest_versions_are_24_ms_early(read, version, first):
    found = read(f"osu file format v{version}\n[TimingPoints]\n1000,500\n")
    assert found.seconds_at(0) == pytest.approx(first, abs=1e-12)


@pytest.mark.parametrize(("beat", "bpm"), [("0.001", 10_000), ("1e9", 1)])
def test_beats_out_of_bounds_are_played_at_the_bound(read, beat, bpm):
    assert read(BEATMAP.format(points=f"0,{beat},4,1,0,60,1,0")) == Timing.constant(bpm)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ("", "has no timing points"),
        ("0,-100,4,1,0,60,0,0\n10,-50,4,1,0,60,0,0", "has only inherited timing points"),
        ("0,0,4,1,0,60,1,0", "the timing point at 0 ms lasts 0 ms; it must be above 0"),
        ("0,0", "the timing point at 0 ms lasts 0 ms; it must be above 0"),
        ("7,-100,4,1,0,60,1,0", "the timing point at 7 ms lasts -100 ms; it must be above 0"),
        ("0,nan,4,1,0,60,1,0", "lasts nan ms"),
        ("0,nan", "lasts nan ms"),
        ("0,inf,4,1,0,60,1,0", "lasts inf ms"),
        ("nan,500", "stands at nan ms, which is no time in a song"),
        ("1e300,500", "stands at 1e[+]300 ms, which is no time in a song"),
        ("0;500", r"'0;500' is no timing point \(expected time,beatLength,...\)"),
        ("zero,500", "'zero,500' is no timing point"),
    ],
)
def test_points_that_are_none(read, points, message):
    with pytest.raises(TimingError, match=rf"map\.osu: .*{message}") as caught:
        read(BEATMAP.format(points=points))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "[TimingPoints]\n0,500\n", "osu file format vX\n", bytes(range(256)) * 8])
def test_files_that_are_no_beatmaps(read, content):
    with pytest.raises(TimingError, match=r"map\.osu: is no osu! beatmap"):
        read(content)


# ---------------------------------------------------------------- the points


@pytest.mark.parametrize(
    ("points", "tempos"),
    [
        pytest.param([(0, 500), (4000, 400)], [(0, 120), (384, 150)], id="whole beats"),
        pytest.param([(0, 500), (4002, 400)], [(0, 8 * 60 / 4.002), (384, 150)], id="nearly: all beats bear it"),
        pytest.param([(0, 500), (4250, 400)], [(0, 120), (408, 150)], id="half a beat more"),
        pytest.param([(0, 500), (4125, 400)], [(0, 120), (396, 150)], id="a quarter more"),
        pytest.param([(0, 600), (5000, 400)], [(0, 100), (400, 150)], id="a third more"),
        pytest.param(
            [(0, 500), (4015, 400)],
            [(0, 120), (336, 60 / 0.515), (384, 150)],
            id="put right by ear: the last beat bears it",
        ),
        pytest.param(
            [(0, 500), (3985, 400)], [(0, 120), (336, 60 / 0.485), (384, 150)], id="put right by ear to the other side"
        ),
        pytest.param(
            [(0, 500), (4138, 400)],
            [(0, 120), (384, 15 / 0.138), (396, 150)],
            id="cut anywhere: at the nearest division",
        ),
        pytest.param([(0, 500), (5, 400)], [(0, 1000), (4, 150)], id="hardly a part"),
    ],
)
def test_a_part_has_whole_beats_or_is_cut_at_a_division(points, tempos):
    found = timing(*points)
    assert [tempo.tick for tempo in found.tempos] == [tick for tick, _ in tempos]
    assert [tempo.bpm for tempo in found.tempos] == pytest.approx([bpm for _, bpm in tempos])


def test_doubles_count_once_with_what_the_last_says():
    assert timing((0, 500), (4000, 450), (4001, 400)).tempos == (Tempo(0, round(480 / 4.001, 9)), Tempo(384, 150))
    assert timing((0, 450), (1, 500)) == Timing.constant(120, offset=-0.001)


def test_ten_thousand_points(read):
    points = "\n".join(f"{number * 500},{400 + number % 3 * 100},4,1,0,60,1,0" for number in range(10_000))
    found = read(BEATMAP.format(points=points))
    assert len(found.tempos) >= 10_000
    last = found.tempos[-1].tick
    assert found.seconds_at(last) == pytest.approx(9_999 * 0.5, abs=1e-6)


@given(
    st.integers(-20_000, 60_000),
    st.lists(st.tuples(st.integers(1, 200), st.floats(40, 400)), min_size=1, max_size=8),
    st.floats(40, 400),
)
def test_a_map_written_as_points_is_read_back(first, parts, last_bpm):
    """Parts of whole beats, their points rounded to the ms as osu! writes them."""
    tempos, tick = [], 0
    for beats, bpm in parts:
        tempos.append(Tempo(tick, bpm))
        tick += beats * 48
    song = Timing((*tempos, Tempo(tick, last_bpm)), offset=-first / 1000)
    found = timing(*((round(float(song.seconds_at(t.tick)) * 1000), 60_000 / t.bpm) for t in song.tempos))
    ticks = np.arange(0, tick + 5 * 48, 48)
    assert np.abs(found.seconds_at(ticks) - song.seconds_at(ticks)).max() < 1e-3


@given(st.lists(st.tuples(st.floats(-1e4, 6e5), st.floats(100, 2000)), min_size=2, max_size=12))
def test_points_anywhere_are_heard_when_they_are(points):
    found = timing(*points)
    points = sorted(points, key=lambda point: point[0])
    for (time, beat), (following, _) in pairwise([*points, (points[-1][0] + 1e4, 1.0)]):
        if following - time <= 3 or any(0 < time - other <= 3 for other, _ in points):
            continue  # a double
        tick = float(found.ticks_at(time / 1000 + 1e-7))
        assert found.seconds_at(round(tick)) * 1000 == pytest.approx(time, abs=0.01)
        assert not round(tick) % 2  # on divisions, or as many of them further
        # The beats of the part, but for one that the next point cuts, or nearly.
        beats = np.arange(int((following - time) / beat - 1 / 20) + 1)
        heard = found.seconds_at(round(tick) + beats * 48) * 1000
        assert np.abs(heard - (time + beats * beat)).max() <= 3.01
