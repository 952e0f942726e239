"""Bars that come back, by hand."""

import pytest

from charter.metrics.repeats import RepeatCounts, count_repeats
from charter.metrics.steps import count_steps, pool_steps
from charter.notation.hit_rows import hit_rows

NOTHING = "0000 0000 0000 0000"
BAR, OTHER_STEPS, OTHER_RHYTHM = "1000 0000 0100 0010", "1000 0000 0100 0001", "1000 0100 0000 0010"


def song(written, **bars: str):
    """One row a beat; bars by number, as ``_4=...``."""
    told = {int(name[1:]): rows for name, rows in bars.items()}
    return written(" ".join(told.get(place, NOTHING) for place in range(max(told) + 1)))


def counted(written, **bars: str) -> RepeatCounts:
    timed = song(written, **bars)
    return count_repeats(hit_rows(timed.chart, timed.timing))


@pytest.mark.parametrize("phrase", [4, 8, 16])
def test_a_bar_repeats_one_a_phrase_before(written, phrase):
    assert counted(written, _0=BAR, **{f"_{phrase}": BAR}) == (1, 1)
    assert counted(written, _0=BAR, **{f"_{phrase}": OTHER_STEPS}) == (1, 0)
    assert counted(written, _0=BAR, **{f"_{phrase}": OTHER_RHYTHM}) == (0, 0)


@pytest.mark.parametrize("measures", [1, 2, 3, 5, 12])
def test_no_other_distance_is_a_phrase(written, measures):
    assert counted(written, _0=BAR, **{f"_{measures}": BAR}) == (0, 0)


def test_one_of_the_bars_before_is_enough(written):
    assert counted(written, _0=BAR, _4=OTHER_STEPS, _8=BAR) == (2, 1)


def test_a_bar_of_one_row_is_none(written):
    assert counted(written, _0="1000 0000 0000 0000", _4="1000 0000 0000 0000") == (0, 0)


def test_holds_do_not_matter_but_their_panels(written):
    assert counted(written, _0=BAR, _4=BAR.replace("0100", "0200") + " 0300") == (1, 1)


def test_the_share_is_taken_over_all_charts(written):
    charts = [song(written, _0=BAR, _4=BAR), song(written, _0=BAR, _4=OTHER_STEPS, _8=OTHER_STEPS)]
    assert pool_steps([count_steps(chart) for chart in charts]).repeated == pytest.approx(2 / 3)
    assert pool_steps([count_steps(song(written, _0=BAR, _1=BAR))]).repeated is None
