"""Bars: measures of any timing, long and few enough to be compared with each other."""

import tracemalloc

import numpy as np
import pytest

from charter.audio.spec import AudioSpec
from charter.notation import Pause, Span, Tempo, Timing
from charter.sections.bars import MOST_BARS, SHORTEST_BAR_SECONDS, STEPS_PER_BAR, Bars, bar_steps


def test_bars_are_the_measures_that_begin_within_the_audio():
    bars = Bars.of(Timing.constant(120, -0.5), 9.0)
    assert bars.measures.tolist() == [0, 1, 2, 3, 4, 5]
    assert bars.edges == pytest.approx([0.5, 2.5, 4.5, 6.5, 8.5, 9.0])
    assert bars.lengths == pytest.approx([2, 2, 2, 2, 0.5])


def test_measures_before_beat_0_are_bars_too():
    bars = Bars.of(Timing.constant(120, -5.0), 9.0)
    assert bars.measures.tolist() == [-2, -1, 0, 1, 2]
    assert bars.edges[0] == pytest.approx(1.0)


def test_steps_part_each_bar_alike_through_a_change_of_tempo():
    timing = Timing((Tempo(0, 120.0), Tempo(192, 60.0)), 0.0)
    bars = Bars.of(timing, 6.0)
    assert bars.edges == pytest.approx([0, 2, 6])
    assert bars.steps.shape == (2, STEPS_PER_BAR)
    assert np.diff(bars.steps[0]) == pytest.approx(2 / STEPS_PER_BAR)
    assert np.diff(bars.steps[1]) == pytest.approx(4 / STEPS_PER_BAR)


@pytest.mark.parametrize("bpm", [20.0, 120.0, 333.0, 999.0, 1e6])
def test_bars_are_never_too_short(bpm):
    bars = Bars.of(Timing.constant(bpm, 0.0), 90.0)
    assert 1 <= len(bars) <= MOST_BARS
    assert np.median(bars.lengths) >= SHORTEST_BAR_SECONDS
    assert (bars.edges >= 0).all()
    assert bars.edges[-1] == 90.0
    assert (np.diff(bars.measures) > 0).all()


@pytest.mark.parametrize("bpm", [60.0, 140.0, 999.0])
def test_three_hours_are_no_more_bars_than_can_be_compared(bpm):
    bars = Bars.of(Timing.constant(bpm, -0.3), 3 * 3600.0)
    assert MOST_BARS / 2 < len(bars) <= MOST_BARS


@pytest.mark.parametrize(
    ("timing", "duration"),
    [(Timing.constant(120), 0.0), (Timing.constant(20, -6.0), 5.0)],
    ids=["no audio", "no downbeat"],
)
def test_no_bar(timing, duration):
    bars = Bars.of(timing, duration)
    assert len(bars) == 0
    assert bar_steps(np.zeros((501, 8, 2)), AudioSpec(mels=8), bars).shape == (0, 8, 2)


def test_stops_lengthen_a_bar_and_warps_leave_theirs_out():
    timing = Timing((Tempo(0, 120.0),), 0.0, stops=(Pause(96, 3.0),), warps=(Span(384, 192),))
    bars = Bars.of(timing, 10.5)
    assert bars.measures.tolist() == [0, 1, 3, 4, 5]
    assert bars.edges == pytest.approx([0, 5, 7, 9, 10.5])


def test_a_bars_steps_hold_its_sound_alone():
    mel = np.full((1001, 8, 2), -1.0, dtype=np.float32)
    mel[200:400] = 0.3  # the second bar
    bars = Bars.of(Timing.constant(120), 10.0)
    steps = bar_steps(mel, AudioSpec(mels=8), bars).reshape(len(bars), STEPS_PER_BAR, -1)
    assert steps[1, 1:-1] == pytest.approx(0.3)
    assert steps[[0, 2, 3, 4], 1:-1] == pytest.approx(-1.0)


def test_a_bars_steps_are_the_same_whatever_is_sampled_at_once(monkeypatch):
    mel = np.random.default_rng(0).normal(size=(9001, 4, 2)).astype(np.float32)
    bars = Bars.of(Timing.constant(173, -0.2), 90.0)
    whole = bar_steps(mel, AudioSpec(mels=4), bars)
    monkeypatch.setattr("charter.sections.bars._BARS_AT_A_TIME", 1)
    assert bar_steps(mel, AudioSpec(mels=4), bars) == pytest.approx(whole, abs=1e-4)


@pytest.mark.slow
def test_three_hours_are_sampled_in_bounded_memory():
    spec = AudioSpec()
    mel = np.broadcast_to(np.float16(-0.5), (3 * 360_000, spec.mels, 2))  # a view of one number
    tracemalloc.start()
    steps = bar_steps(mel, spec, Bars.of(Timing.constant(140), 3 * 3600.0))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert steps[100:-100] == pytest.approx(-0.5, abs=1e-3)
    assert most < 200e6
