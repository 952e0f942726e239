"""Step figures: by hand, and the feet against every path there is."""

from itertools import product

import numpy as np
import pytest
from charter.metrics.feet import count_feet

from charter.metrics import count_steps, pool_steps
from charter.metrics.onsets import hit_rows
from charter.metrics.steps import entropy, evaluate, snap
from charter.notation import Span, Tempo, Timing


def test_rates_of_a_small_chart_by_hand(written):
    figures = evaluate(written("1000 0110 2000 0110 3001 M010"))
    per_row = 100 / 6
    assert figures.rows == 6
    assert figures.jumps == pytest.approx(2 * per_row)
    assert figures.jumps_in_hold == pytest.approx(1 * per_row)
    assert figures.over_two_panels == pytest.approx(1 * per_row)
    assert figures.holds == pytest.approx(1 * per_row)
    assert figures.mines == pytest.approx(1 * per_row)
    assert figures.panel_percent == pytest.approx((25.0, 25.0, 37.5, 12.5))
    assert figures.panel_spread == pytest.approx(25.0)


def test_a_hold_lasts_until_its_tail_or_the_next_hit_on_its_panel(written):
    rows = hit_rows(written("2000 0100 3100 0100 0004 0010 0001 0010"))
    assert [sorted(row.held) for row in rows] == [[], [0], [], [], [], [3], [], []]


def test_a_hold_that_begins_in_a_warp_is_held_after_it(written):
    timing = Timing((Tempo(0, 60),), warps=(Span(48, 24),))
    rows = hit_rows(written("1000 2000 0100 3000", timing=timing))
    assert [(row.tick, sorted(row.held)) for row in rows] == [(0, []), (96, [0])]


def test_mines_that_cannot_be_met_do_not_count(written):
    timing = Timing((Tempo(0, 60),), fakes=(Span(96, 96),))
    assert count_steps(written("1000 M00M MMMM 0MM0 000M", timing=timing)).events["mines"] == 3


@pytest.mark.parametrize(("bpm", "jacks"), [(241, 2), (239, 0)])
def test_jacks_are_fast_repeats_of_a_panel(written, bpm, jacks):
    chart = written("1000 1000 0100 0010 0011", timing=Timing.constant(bpm))
    assert count_steps(chart).events["jacks"] == jacks


@pytest.mark.parametrize(
    ("tick", "name"), [(0, "4th"), (24, "8th"), (16, "12th"), (12, "16th"), (8, "other"), (6, "other"), (1, "other")]
)
def test_snap_names_the_coarsest_grid(tick, name):
    assert snap(tick) == name
    assert snap(tick + 480) == name


def test_snaps_are_shares_of_rows(written):
    assert evaluate(written("1000 1000 1000 1000 1000 1000 1000 1000", spacing=12)).snaps == {
        "4th": 0.25,
        "8th": 0.25,
        "12th": 0.0,
        "16th": 0.5,
        "other": 0.0,
    }


def test_entropy_of_even_and_certain_draws():
    assert entropy([3, 3, 3, 3]) == pytest.approx(2.0)
    assert entropy([7, 0]) == 0.0
    assert entropy([]) == 0.0


def test_two_rows_in_turn_surprise_nobody(written):
    figures = evaluate(written("1000 0001 1000 0001 1000 0001"))
    assert figures.trigram_bits == pytest.approx(1.0)
    assert figures.third_given_two_bits == pytest.approx(0.0)


def test_rates_pool_by_rows_not_by_charts(written):
    jumps, stream = written("1001 1001"), written("1000 0100 0010 0001 0100 0010")
    assert pool_steps([count_steps(jumps), count_steps(stream)]).jumps == pytest.approx(25.0)


def test_an_empty_chart_has_no_rates(written):
    figures = evaluate(written(""))
    assert (figures.rows, figures.jumps, figures.trigram_bits, sum(figures.panel_percent)) == (0, 0.0, 0.0, 0)
    assert pool_steps([]) == figures


# ---- feet


@pytest.mark.parametrize(
    ("rows", "double_steps", "crossovers"),
    [
        ("1000 0001 0100 0010", 0, 0),
        ("1000 0010 0001 0100 1000", 0, 1),  # left, up, right: the left foot crosses, or the right one doubles
        ("1000 0100 1000 0010 1000 0100", 0, 0),
        ("1001 0110 1001", 0, 0),
        ("1000 1000 1000", 0, 0),
        ("2000 0100 0010 0001 3000", 0, 0),  # the left foot holds: the right one steps three times, and may
    ],
)
def test_feet_by_hand(written, rows, double_steps, crossovers):
    assert count_feet(hit_rows(written(rows))) == (double_steps, crossovers)


def exhaustive(rows):
    """(double-steps, crossovers) of the cheapest of all paths, each walked from start to end."""
    best = None
    for choices in product((0, 1), repeat=len(rows)):
        at, last, cost, doubles, crossed_rows = [0, 3], None, 0, 0, 0
        for row, choice in zip(rows, choices, strict=True):
            if len(row.panels) > 1:
                ends = [row.panels[0], row.panels[-1]]
                after, stepped, feet = (ends if choice == 0 else ends[::-1]), None, (0, 1)
            else:
                after, stepped, feet = list(at), choice, (choice,)
                after[choice] = row.panels[0]
                other = at[1 - choice]
                if last == choice and at[choice] != row.panels[0] and other not in row.held:
                    doubles, cost = doubles + 1, cost + 10
                if last != choice and other == row.panels[0]:
                    cost += 8
            far_side = [foot for foot in feet if after[foot] == (3, 0)[foot]]
            cost += 6 * len(far_side) + 30 * sum(at[foot] in row.held for foot in feet)
            crossed_rows += bool(far_side)
            at, last = after, stepped
        best = min(filter(None, (best, (cost, doubles, crossed_rows))))
    return best[1:]


@pytest.mark.parametrize("seed", range(12))
def test_feet_take_the_cheapest_of_all_paths(written, seed):
    symbols = ["1000", "0100", "0010", "0001", "1001", "0110", "2000", "0004", "3000", "0003"]
    rows = hit_rows(written(" ".join(np.random.default_rng(seed).choice(symbols, 11))))
    assert len(rows) >= 5
    assert count_feet(rows) == exhaustive(rows)
