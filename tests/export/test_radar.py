"""The groove radar against counts made by hand from the rules of the game."""

import pytest

from charter.notation import Chart, Difficulty, Span, Tempo, Timing
from export.stepmania import radar_values
from tests.chart_text import notes_of

TIMING = Timing.constant(120)


def chart_of(text, ticks_per_row=48):
    """Rows separated by blanks, one each ``ticks_per_row``."""
    return Chart(Difficulty.HARD, 9, notes_of(text, ticks_per_row))


def test_counts():
    values = radar_values(chart_of("1000 1100 1110 2004 3003 M00M L00F"), TIMING, 10)
    assert values.notes == 1 + 2 + 3 + 2 + 1
    assert values.taps_and_holds == 5  # rows, whatever they hold
    assert values.jumps == 3
    assert values.hands == 1
    assert (values.holds, values.rolls, values.mines, values.lifts, values.fakes) == (1, 1, 2, 1, 1)


def test_rates():
    values = radar_values(chart_of("1000 1100 2000 3000 0001"), TIMING, 10)
    assert values.stream == pytest.approx(5 / 10 / 7)
    assert values.air == pytest.approx(1 / 10)
    assert values.freeze == pytest.approx(1 / 10)
    # 5 notes within 8 beats; the last stands on beat 4.
    assert values.voltage == pytest.approx(5 / 8 * (4 / 10) / 10)


def test_voltage_is_of_the_busiest_eight_beats():
    busy = " ".join(["1000"] * 17 + ["0000"] * 32 + ["1000"] * 3)
    # 8ths: the window holds a note on either end of its 8 beats.
    assert radar_values(chart_of(busy, 24), TIMING, 60).voltage == pytest.approx(17 / 8 * (25.5 / 60) / 10)


@pytest.mark.parametrize(("ticks", "chaos"), [(48, 0), (24, 0), (16, 2), (12, 2), (1, 3)])
def test_chaos_counts_rows_finer_than_8ths(ticks, chaos):
    # Rows on 0, ticks, 2 x ticks, 3 x ticks: every other 16th is an 8th, every third 12th a 4th.
    assert radar_values(chart_of("1000 1000 1000 1000", ticks), TIMING, 10).chaos == pytest.approx(chaos / 10 / 2)


@pytest.mark.parametrize(
    ("text", "hands"),
    [
        ("2000 0110 3000", 1),  # a jump while a panel is held
        ("2000 0100 3000", 0),
        ("2200 0010 3300", 1),
        ("2200 3300 0010", 0),
        ("2000 0000 3110", 1),  # held up to its end
        ("2220 3330", 1),  # heads count as hits, not as holds too
    ],
)
def test_hands(text, hands):
    assert radar_values(chart_of(text), TIMING, 10).hands == hands


def test_notes_that_cannot_be_hit_are_fakes():
    timing = Timing((Tempo(0, 120),), fakes=(Span(48, 96),))
    values = radar_values(chart_of("1000 1100 2000 3000 0001"), timing, 10)
    assert (values.notes, values.jumps, values.holds, values.fakes) == (2, 0, 0, 3)


@pytest.mark.parametrize("duration", [0, -1])
def test_no_duration_no_rates(duration):
    values = radar_values(chart_of("1000 1100"), TIMING, duration)
    assert values[:5] == (0, 0, 0, 0, 0)
    assert values.notes == 3


def test_no_notes():
    assert set(radar_values(chart_of(""), TIMING, 100)) == {0}
