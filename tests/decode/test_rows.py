"""Rows: as many as asked, nested, on the snaps, and only where there is music."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from charter.decode.gaps import Spacing
from charter.decode.rows import SNAP_TICKS, candidate_ticks, choose_rows, lifted, tick_logits
from charter.model.grid import Grid
from charter.notation import Pause, Span, Tempo, Timing


def beats(timing: Timing, seconds: float) -> Grid:
    return Grid.of_beats(timing, seconds, 24)


def spacing(seconds, *closest: float) -> list[Spacing]:
    return [Spacing(seconds, seconds[0], seconds[-1], least, 1000.0) for least in closest]


def test_rows_keep_their_distance_and_make_way_for_better_ones():
    seconds = np.arange(6) * 0.1
    logits = np.array([[0.0, 5.0, 4.0, 1.0, 3.0, 2.0]], dtype=np.float32)
    chosen = choose_rows(logits, np.array([6]), spacing(seconds, 0.2))
    assert np.flatnonzero(chosen[0]).tolist() == [1, 4]
    chosen = choose_rows(np.repeat(logits, 2, axis=0), np.array([2, 4]), spacing(seconds, 0.2, 0.1))
    assert [np.flatnonzero(row).tolist() for row in chosen] == [[1, 4], [1, 2, 4, 5]]


def test_candidates_are_4ths_to_32nds_from_start_to_end():
    timing = Timing.constant(60)
    assert SNAP_TICKS.tolist() == [0, 4, 6, 8, 12, 16, 18, 20, 24, 28, 30, 32, 36, 40, 42, 44]
    ticks = candidate_ticks(beats(timing, 10.0), 2.0, 5.5)
    assert ticks.tolist() == [48 * beat + snap for beat in (2, 3, 4, 5) for snap in SNAP_TICKS if beat < 5 or snap < 25]


def test_no_candidate_in_a_silence_but_at_its_edges():
    ticks = candidate_ticks(beats(Timing.constant(60), 10.0), 0.0, 10.0, [(2.0, 5.0)])
    assert not ((ticks > 2.2 * 48) & (ticks < 4.8 * 48)).any()
    assert {96, 240} <= set(ticks.tolist())


def test_candidates_follow_the_offset():
    ticks = candidate_ticks(beats(Timing.constant(60, offset=-1.5), 10.0), 2.0, 4.0)
    assert (ticks[0], ticks[-1]) == (24, 120)


@pytest.mark.parametrize("offset", [0.0, 2.0])
def test_no_candidate_before_beat_0_or_behind_the_grid(offset):
    grid = beats(Timing.constant(60, offset), 8.0)
    ticks = candidate_ticks(grid, -10.0, 100.0)
    assert ticks[0] == 0
    assert ticks[-1] <= grid.ticks[-1]
    assert (grid.steps_of(ticks) >= 0).all()


def test_no_candidate_in_a_warp_or_fake_span():
    timing = Timing((Tempo(0, 120),), warps=(Span(96, 48),), fakes=(Span(192, 24),))
    ticks = candidate_ticks(beats(timing, 8.0), 0.0, 8.0)
    assert not ((ticks >= 96) & (ticks < 144)).any()
    assert not ((ticks >= 192) & (ticks < 216)).any()
    assert {84, 144, 216} <= set(ticks.tolist())


def test_frames_give_the_same_candidates_as_beats():
    timing = Timing((Tempo(0, 120), Tempo(96, 150)), offset=-0.3, stops=(Pause(48, 0.5),))
    frames = Grid.of_frames(timing, 8.0, 0.01)
    expected = candidate_ticks(beats(timing, 8.0), 0.5, 6.5)
    assert len(expected) > 50
    assert set(candidate_ticks(frames, 0.5, 6.5)) == set(expected)


def test_a_tick_has_the_logit_of_its_step():
    grid = beats(Timing.constant(120), 4.0)
    logits = np.arange(2 * len(grid), dtype=np.float32).reshape(2, -1)
    assert tick_logits(logits, grid, np.array([0, 4, 6, 48])).tolist() == (logits[:, [0, 2, 3, 24]]).tolist()


def test_on_frames_a_tick_has_the_peak_beside_it():
    grid = Grid.of_frames(Timing.constant(60), 4.0, 0.01)
    logits = np.full((1, len(grid)), -9.0, dtype=np.float32)
    logits[0, [0, 101, 198]] = [1.0, 2.0, 3.0]
    # Beat 2 lies on frame 200, two frames from the peak at 198.
    assert tick_logits(logits, grid, np.array([0, 48, 96])).tolist() == [[1.0, 2.0, -9.0]]


def test_what_lies_between_the_beats_is_lifted_by_its_class():
    ticks = np.array([0, 24, 12, 6, 16, 8, 48])
    fourth, eighth, sixteenth, thirty_second, *others = lifted(np.zeros((1, 7), dtype=np.float32), ticks)[0].tolist()
    assert 0 == fourth < eighth < sixteenth == thirty_second
    assert others == [0, 0, 0]  # 12ths, 24ths, and the next beat


@st.composite
def asked(draw):
    charts, ticks = draw(st.integers(1, 5)), draw(st.integers(1, 40))
    logits = draw(arrays(np.float32, (charts, ticks), elements=st.floats(-20, 20, width=32)))
    return logits, np.array(sorted(draw(st.lists(st.integers(0, 60), min_size=charts, max_size=charts))))


@given(asked())
def test_counts_are_exact_and_charts_nest(case):
    logits, counts = case
    chosen = choose_rows(logits, counts)
    assert chosen.sum(axis=1).tolist() == np.minimum(counts, logits.shape[1]).tolist()
    assert (chosen[:-1] <= chosen[1:]).all()


@given(asked())
def test_the_hardest_chart_has_its_best_ticks(case):
    logits, counts = case
    (*_, hardest) = choose_rows(logits, counts)
    if hardest.any() and not hardest.all():
        assert logits[-1, hardest].min() >= logits[-1, ~hardest].max()


def test_an_easier_chart_takes_its_own_best_of_the_harder_ones():
    logits = np.array([[5, 3, 0, 4, 0], [0, 1, 9, 2, 8]], dtype=np.float32)
    chosen = choose_rows(logits, np.array([2, 4]))
    assert [np.flatnonzero(chart).tolist() for chart in chosen] == [[1, 3], [1, 2, 3, 4]]


def test_of_equal_ticks_the_first():
    chosen = choose_rows(np.zeros((2, 5), dtype=np.float32), np.array([1, 3]))
    assert [np.flatnonzero(chart).tolist() for chart in chosen] == [[0], [0, 1, 2]]
