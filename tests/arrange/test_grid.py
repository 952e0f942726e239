import numpy as np
import pytest

from charter.arrange.grid import SlotGrid
from charter.notation import Pause, Span, Tempo, Timing


@pytest.mark.parametrize("bpm", [0.01, 1, 60, 120, 174, 400, 999, 1e6])
def test_slots_are_about_as_long_at_every_tempo(bpm: float) -> None:
    grid = SlotGrid.of(Timing.constant(bpm, -0.1), 20.0)
    assert grid.edges[0] == 0
    assert grid.edges[-1] == 20
    assert grid.lengths[1:-1].min() >= 0.0124
    assert grid.lengths.max() <= 0.0501


def test_beats_sixteenths_and_triplets_are_slots_and_commoner_ones_are_cheaper() -> None:
    timing = Timing.constant(150, -0.3)
    grid = SlotGrid.of(timing, 10.0)
    ticks = np.round(grid.ticks).astype(int)
    for tick in (0, 12, 16, 24, 32, 36, 48):
        assert tick in ticks
        assert grid.edges[np.flatnonzero(ticks == tick)[0]] == pytest.approx(float(timing.seconds_at(tick)))
    cost = {tick: grid.costs[ticks == tick][0] for tick in (24, 12, 16, 8, 4)}
    assert sorted(cost, key=lambda tick: cost[tick]) == [24, 12, 16, 8, 4]


def test_stops_warps_and_changes_of_tempo() -> None:
    timing = Timing(
        (Tempo(0, 120.0), Tempo(480, 999.0), Tempo(960, 60.0)), -0.5, stops=(Pause(96, 3.0),), warps=(Span(240, 48),)
    )
    grid = SlotGrid.of(timing, 30.0)
    assert (grid.lengths > 0).all()
    assert grid.lengths.max() <= 0.0501
    assert (np.diff(grid.harmonies) >= 0).all()
    stretch = np.bincount(grid.harmonies, grid.lengths)
    assert np.median(stretch) >= 0.6
    beat = float(timing.seconds_at(1008))
    assert np.abs(grid.edges - beat).min() < 1e-6


def test_attacks_are_meant_for_the_common_slot_nearby() -> None:
    grid = SlotGrid.of(Timing.constant(120, 0.0), 10.0)
    found = grid.snapped(np.array([2.004, 2.0 + 0.125, 2.02]))
    assert grid.edges[found] == pytest.approx([2.0, 2.125, 2.0])


def test_an_attack_far_from_any_slot_is_meant_for_none() -> None:
    grid = SlotGrid.of(Timing.constant(120, 0.0), 1.0)
    assert grid.snapped(np.array([5.0])).tolist() == [-1]
