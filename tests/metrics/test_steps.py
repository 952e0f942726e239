"""Step figures, by hand."""

import pytest

from charter.metrics import count_steps, pool_steps
from charter.metrics.steps import RATES, entropy, evaluate, snap
from charter.notation import Span, Tempo, Timing


def test_rates_of_a_small_chart_by_hand(written):
    figures = evaluate(written("1000 0110 2000 0110 3001 M010"))
    each = {"jumps": 2, "jumps_in_hold": 1, "hands": 1, "holds": 1, "rolls": 0, "mines": 1, "jacks": 0}
    assert figures.rows == 6
    found = {name: figures.rates[name] for name in each}
    assert found == pytest.approx({name: count * 100 / 6 for name, count in each.items()})
    assert tuple(figures.rates) == RATES
    assert figures.panel_percent == pytest.approx((25.0, 25.0, 37.5, 12.5))
    assert figures.panel_balance == pytest.approx(12.5 / 37.5)


@pytest.mark.parametrize(
    ("rows", "spacing", "asked"),
    [
        ("1000 0001 1000 0100 1000 0010", 24, {}),
        ("1000 0001 1000 0100 0001 0100 1000", 24, {"crossovers": 1}),
        ("1000 0001 1000 0001 1000 0100 0001 0010 1000 0001 1000 0001", 12, {"crossovers": 1, "spins": 1}),
        ("1000 0001 1000 0100 0100 0001 1000 0001", 24, {"footswitches": 1}),
        ("2000 0011 3000 0001", 24, {"brackets": 1, "hands": 1, "jumps": 1, "jumps_in_hold": 1, "holds": 1}),
        ("1000 0001 1000 0100 0001 1000 0001 1000 0001 1000 0001", 24, {"double_steps": 1}),
        ("1001 0110 1001", 3, {"jumps": 3, "unreachable": 2}),
        ("4000 3000 0004 0003", 24, {"rolls": 2}),
    ],
)
def test_what_a_chart_asks_of_the_feet_by_hand(written, rows, spacing, asked):
    rates = evaluate(written(rows, spacing=spacing)).rates
    hits = count_steps(written(rows, spacing=spacing)).rows
    feet = set(RATES) - {"mines", "jacks"}
    assert {name: round(rates[name] * hits / 100) for name in feet if rates[name]} == asked


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
    assert pool_steps([count_steps(jumps), count_steps(stream)]).rates["jumps"] == pytest.approx(25.0)


def test_an_empty_chart_has_no_rates(written):
    figures = evaluate(written(""))
    assert (figures.rows, set(figures.rates.values()), figures.trigram_bits, figures.repeated) == (0, {0.0}, 0.0, None)
    assert (sum(figures.panel_percent), figures.panel_balance) == (0, 0)
    assert pool_steps([]) == figures
