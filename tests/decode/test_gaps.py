"""Dead passages: where a chart would rest too long it gets its likeliest row, and the least likely one makes room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.decode.gaps import LONGEST_INTRO, LONGEST_OUTRO, Spacing, bridge_rests

SECONDS = np.arange(0, 40, 0.5)
ALL = np.arange(len(SECONDS))


def rests(longest: float, closest: float = 0.4) -> Spacing:
    return Spacing(SECONDS, 0.0, 40.0, closest, longest)


def at(*seconds: float) -> np.ndarray:
    return np.searchsorted(SECONDS, seconds)


def flat(**likely: float) -> np.ndarray:
    logits = np.full(len(SECONDS), -3.0, dtype=np.float32)
    for second, logit in likely.items():
        logits[at(float(second.strip("_").replace("_", ".")))] = logit
    return logits


def test_a_rest_within_the_limit_is_left():
    rows = at(0, 4, 9, 14, 19, 24, 29, 34)
    assert bridge_rests(rows, ALL, flat(), rests(20.0)).tolist() == rows.tolist()


def test_a_long_rest_gets_its_likeliest_row_and_the_least_likely_one_goes():
    rows = np.concatenate([at(*np.arange(0, 10)), at(*np.arange(22, 38))])
    logits = flat(_16_5=1.0, _15=0.5, _11=2.0)  # 11 is likelier still, but would leave a rest of 11 s
    logits[rows] = 5.0
    logits[at(30)] = 4.0
    bridged = bridge_rests(rows, ALL, logits, rests(8.0))
    assert set(SECONDS[bridged]) - set(SECONDS[rows]) == {16.5}
    assert set(SECONDS[rows]) - set(SECONDS[bridged]) == {30.0}


def test_only_ticks_on_offer_are_played():
    rows = np.concatenate([at(*np.arange(0, 10)), at(*np.arange(22, 38))])
    assert bridge_rests(rows, rows, flat(), rests(8.0)).tolist() == rows.tolist()


def test_a_rest_that_nothing_can_break_is_left():
    """As around a long stop: a row at its edge would break nothing."""
    rows = np.concatenate([at(*np.arange(0, 10)), at(*np.arange(32, 40))])
    offered = np.sort(np.concatenate([rows, at(9.5, 30.5, 31)]))
    assert bridge_rests(rows, offered, flat(), rests(10.0)).tolist() == rows.tolist()


@pytest.mark.parametrize("beside", [(14.5, 20.0), (20.5,)])
def test_rows_on_offer_beside_where_one_is_wanted_break_a_rest_too(beside):
    """None lies 3.5 to 7 s behind the row at 12 s: the chart goes on with what there is, and does not end."""
    rows = at(*np.arange(0, 12.5, 0.5))
    offered = np.concatenate([rows, at(*beside, 26, 33)])
    bridged = SECONDS[bridge_rests(rows, offered, flat(), rests(7.0))]
    assert {12, *beside, 26, 33} <= set(bridged)
    assert len(bridged) == len(rows)


def test_the_music_is_not_left_alone_at_either_end():
    rows = at(*np.arange(18, 22, 0.5))
    bridged = SECONDS[bridge_rests(rows, ALL, flat(), rests(6.0))]
    assert len(bridged) == len(rows)
    assert bridged[0] <= LONGEST_INTRO
    assert bridged[-1] >= 40 - LONGEST_OUTRO


def test_a_sparse_chart_rests_longer():
    """Five rows in forty seconds cannot lie within 2 s of each other."""
    rows = at(2, 10, 18, 26, 34)
    assert bridge_rests(rows, ALL, flat(), rests(2.0)).tolist() == rows.tolist()


def test_no_rows_stay_none():
    assert bridge_rests(at(), ALL, flat(), rests(2.0)).size == 0


@given(st.sets(st.integers(0, len(SECONDS) - 1), min_size=2), st.floats(2, 20), st.integers(0, 9))
def test_no_rest_is_too_long_and_the_count_stays(chosen, longest, seed):
    rows = np.array(sorted(chosen))
    logits = np.random.default_rng(seed).normal(size=len(SECONDS)).astype(np.float32)
    bridged = bridge_rests(rows, ALL, logits, rests(longest))
    allowed = max(longest, 4 * 40 / len(rows))
    assert np.diff(SECONDS[bridged]).max(initial=0) <= allowed + 1e-6
    assert (np.diff(bridged) > 0).all()
    assert len(bridged) == len(rows)
