"""Beats become few tempo segments, each beat in its place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE, Tempo, Timing
from charter.tempo.segments import TOLERANCE_SECONDS, changing_timing, fewest_segments


def played(lengths, first: float = 0.3) -> np.ndarray:
    return first + np.concatenate([[0.0], np.cumsum(lengths)])


def placed(timing: Timing, beats: np.ndarray, downbeat: int) -> np.ndarray:
    """How far each beat lies from the timing's: they are counted on from the downbeat at or before the first."""
    return timing.seconds_at((np.arange(len(beats)) + -downbeat % 4) * TICKS_PER_BEAT) - beats


DRIFTS = st.lists(st.floats(0.94, 1.06), min_size=8, max_size=60)


@given(st.floats(0.2, 1.2), DRIFTS, st.integers(0, 3))
def test_every_beat_lies_within_the_tolerance(length, changes, downbeat):
    beats = played(length * np.clip(np.cumprod(np.sqrt(changes)), 0.8, 1.25))
    timing = changing_timing(beats, downbeat)
    assert not timing.stops
    assert np.abs(placed(timing, beats, downbeat)).max() <= TOLERANCE_SECONDS + 1e-6


@given(st.lists(st.tuples(st.floats(100, 200), st.integers(12, 40)), min_size=1, max_size=5))
def test_no_more_segments_than_were_played(passages):
    beats = played(np.concatenate([np.full(count, 60 / bpm) for bpm, count in passages]))
    knots = fewest_segments(beats)
    assert knots[0] == 0
    assert knots[-1] == len(beats) - 1
    assert len(knots) - 1 <= len(passages)
    lines = np.interp(np.arange(len(beats)), knots, beats[knots])
    assert np.abs(lines - beats).max() <= TOLERANCE_SECONDS + 1e-9


@given(st.lists(st.floats(0.4, 0.6), min_size=2, max_size=9))
def test_no_choice_of_knots_has_fewer_segments(lengths):
    """Against every choice that there is."""
    beats = played(lengths)
    count = len(beats)

    def fewest(tolerance: float) -> int:
        def fits(start: int, end: int) -> bool:
            line = np.interp(np.arange(start, end + 1), [start, end], beats[[start, end]])
            return bool(np.abs(line - beats[start : end + 1]).max() <= tolerance)

        lines = [0] + [count] * (count - 1)
        for end in range(1, count):
            lines[end] = min(lines[start] + 1 for start in range(end) if fits(start, end))
        return lines[-1]

    found = len(fewest_segments(beats)) - 1
    assert fewest(TOLERANCE_SECONDS + 1e-9) <= found <= fewest(TOLERANCE_SECONDS - 1e-9)


def test_one_tempo_is_one_segment():
    timing = changing_timing(played(np.full(400, 60 / 128)), 0)
    assert len(timing.tempos) == 1
    assert timing.tempos[0].bpm == pytest.approx(128)
    assert timing.offset == pytest.approx(-0.3)


def test_a_jump_is_one_change_on_its_beat():
    timing = changing_timing(played([60 / 120] * 32 + [60 / 150] * 32), 0)
    assert [tempo.tick for tempo in timing.tempos] == [0, 32 * TICKS_PER_BEAT]
    assert [tempo.bpm for tempo in timing.tempos] == pytest.approx([120, 150])


def test_jitter_of_the_hand_is_no_change_of_tempo():
    rng = np.random.default_rng(0)
    beats = played(np.full(200, 0.5)) + rng.uniform(-0.006, 0.006, 201)
    assert len(fewest_segments(beats)) == 2


def test_a_drifting_drummer_takes_few_segments():
    """From 118 to 124 BPM and back over three minutes, with the hand's own jitter."""
    rng = np.random.default_rng(1)
    number = np.arange(360)
    beats = played(60 / (121 - 3 * np.cos(2 * np.pi * number / 360))) + rng.normal(0, 0.003, 361)
    timing = changing_timing(beats, 0)
    assert 3 <= len(timing.tempos) <= 20
    assert np.abs(placed(timing, beats, 0)).max() <= TOLERANCE_SECONDS + 1e-6
    assert not timing.stops


@pytest.mark.parametrize("downbeat", [0, 1, 2, 3])
def test_a_measure_begins_on_the_downbeat(downbeat):
    beats = played([60 / 120] * 30 + [60 / 150] * 30, first=2.0)
    timing = changing_timing(beats, downbeat)
    tick = float(timing.ticks_at(beats[downbeat] + 1e-6))
    assert tick % TICKS_PER_MEASURE == pytest.approx(0, abs=0.01)
    assert 0 <= beats[0] - float(timing.seconds_at(0)) < 4 * 0.5
    assert np.abs(placed(timing, beats, downbeat)).max() <= TOLERANCE_SECONDS + 1e-6


@pytest.mark.parametrize("downbeat", [0, 3])
@pytest.mark.parametrize("pause", [0.1, 0.3, 0.45])
def test_a_stop_is_a_pause_on_the_beat_before_it(downbeat, pause):
    lengths = np.full(40, 0.5)
    lengths[16] += pause
    beats = played(lengths)
    timing = changing_timing(beats, downbeat)
    (stop,) = timing.stops
    assert stop.tick == (16 + -downbeat % 4) * TICKS_PER_BEAT
    assert stop.seconds == pytest.approx(pause, abs=0.005)
    assert [tempo.bpm for tempo in timing.tempos] == pytest.approx([120])
    assert np.abs(placed(timing, beats, downbeat)).max() <= TOLERANCE_SECONDS + 1e-6


def test_a_long_pause_is_whole_beats_and_the_rest_of_it():
    lengths = np.full(40, 0.5)
    lengths[16] = 2.7
    timing = changing_timing(played(lengths), 0)
    (stop,) = timing.stops
    assert stop.seconds == pytest.approx(0.2, abs=0.005)
    after = played(lengths)[17]
    assert float(timing.ticks_at(after + 1e-6)) == pytest.approx((16 + 5) * TICKS_PER_BEAT, abs=0.01)


def test_beats_left_out_are_counted():
    """Two beats that nobody heard are still beats, and no stop."""
    beats = np.delete(played(np.full(40, 0.5)), [12, 13])
    timing = changing_timing(beats, 0)
    assert timing.stops == ()
    assert timing.tempos == (Tempo(0, pytest.approx(120)),)
    assert float(timing.ticks_at(beats[-1] + 1e-6)) == pytest.approx(40 * TICKS_PER_BEAT, abs=0.01)


def test_a_change_of_tempo_is_no_stop():
    assert changing_timing(played([0.5] * 20 + [0.7] * 20), 0).stops == ()
    assert changing_timing(played([0.5] * 20 + [0.85] * 20), 0).stops == ()


def test_more_beats_than_one_search_spans():
    """An hour's mix; the search of each line is bounded."""
    knots = fewest_segments(played(np.full(9000, 0.4)))
    assert len(knots) <= 4


def test_two_beats_are_enough():
    timing = changing_timing(np.array([1.0, 1.5]), 1)
    assert timing.tempos[0].bpm == pytest.approx(120)
    assert timing.seconds_at([3 * 48, 4 * 48]) == pytest.approx([1.0, 1.5])
