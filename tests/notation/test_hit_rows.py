"""What has to be hit, with what is held and mined around it, by charts written as text."""

from charter.notation import Chart, Difficulty, Span, Tempo, Timing
from charter.notation.hit_rows import HitRow, hit_rows
from tests.chart_text import notes_of

SECOND = Timing.constant(60)


def rows_of(text: str, timing: Timing = SECOND) -> list[HitRow]:
    """One row a beat."""
    return hit_rows(Chart(Difficulty.HARD, 8, notes_of(text)), timing)


def test_rows_that_nobody_hits_are_none():
    rows = rows_of("1000 0000 M0F0 2000 3000 L00K 0110")
    assert [(row.tick, row.second, row.panels) for row in rows] == [
        (0, 0.0, (0,)),
        (144, 3.0, (0,)),
        (288, 6.0, (1, 2)),
    ]
    assert [row.is_jump for row in rows] == [False, False, True]


def test_a_hold_lasts_until_its_tail_or_the_next_hit_on_its_panel():
    rows = rows_of("2000 0100 3100 0100 0004 0010 0001 0010")
    assert [sorted(row.held) for row in rows] == [[], [0], [], [], [], [3], [], []]
    assert [sorted(row.starts) for row in rows] == [[0], [], [], [], [3], [], [], []]


def test_a_hold_that_begins_in_a_warp_is_held_after_it():
    timing = Timing((Tempo(0, 60),), warps=(Span(48, 24),))
    assert [(row.tick, sorted(row.held)) for row in rows_of("1000 2000 0100 3000", timing)] == [(0, []), (96, [0])]


def test_mines_count_for_the_next_row_and_on_the_row_itself():
    rows = rows_of("1000 0M00 MM0M 100M 0010 1000")
    assert [sorted(row.mined) for row in rows] == [[], [0, 1, 3], [], []]


def test_an_empty_chart_has_no_rows():
    assert rows_of("") == []
