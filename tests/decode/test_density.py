"""Densities: what is asked for stands, the rest lies in between, and nothing falls as the difficulty rises."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.decode.density import (
    check_density,
    check_ladder,
    followed_density,
    plan_densities,
    typical_density,
)
from charter.errors import RequestError
from charter.notation import Difficulty

ALL = tuple(Difficulty)


@pytest.mark.parametrize("density", [0.0, -1.0, 0.09, 20.1, float("nan"), float("inf")])
def test_density_that_cannot_be_played(density):
    with pytest.raises(RequestError, match=f"a density of {density:g} rows per second is out of range"):
        check_density(density)


@pytest.mark.parametrize("density", [0.1, 5.5, 20.0])
def test_density_that_can(density):
    assert check_density(density) == density


@pytest.mark.parametrize("bpm", [60.0, 140.0, 400.0])
def test_a_harder_difficulty_is_denser(bpm):
    typical = [typical_density(level, bpm) for level in ALL]
    assert all(easier < harder for easier, harder in pairwise(typical))


@pytest.mark.parametrize("level", ALL)
def test_a_faster_song_is_denser_by_the_second_but_not_by_the_beat(level):
    slow, fast = typical_density(level, 100), typical_density(level, 200)
    assert slow < fast < 2 * slow


def test_beyond_the_tempos_of_songs_density_stays():
    assert typical_density(Difficulty.HARD, 1) == typical_density(Difficulty.HARD, 70)
    assert typical_density(Difficulty.HARD, 1000) == typical_density(Difficulty.HARD, 280)


FOLLOWING = dict(zip(ALL, (1.0, 1.7, 2.4, 3.2, 4.1), strict=True))


def test_a_song_that_sounds_busier_gets_more_rows_but_not_in_proportion():
    usual = typical_density(Difficulty.HARD, 140)
    assert followed_density(Difficulty.HARD, 140, usual) == pytest.approx(usual)
    assert usual < followed_density(Difficulty.HARD, 140, 2 * usual) < 2 * usual
    assert usual / 2 < followed_density(Difficulty.HARD, 140, usual / 2) < usual


def test_unasked_densities_follow_the_song():
    assert plan_densities(FOLLOWING, {}) == FOLLOWING


def test_unasked_densities_give_way_to_those_asked():
    plan = plan_densities(FOLLOWING, {Difficulty.EASY: 0.5, Difficulty.HARD: 9.0})
    assert plan == dict(zip(ALL, (0.5, 0.5, 2.4, 9.0, 9.0), strict=True))


def test_plan_goes_from_easy_to_hard_whatever_the_order_asked():
    plan = plan_densities({Difficulty.CHALLENGE: 4.0, Difficulty.BEGINNER: 1.0}, {})
    assert list(plan) == [Difficulty.BEGINNER, Difficulty.CHALLENGE]


def test_falling_densities_are_refused():
    with pytest.raises(RequestError, match=r"hard is asked to be sparser \(1\.00 .* than easy \(2\.00\)"):
        check_ladder({Difficulty.HARD: 1.0, Difficulty.EASY: 2.0})
    check_ladder({Difficulty.HARD: 2.0, Difficulty.EASY: 2.0, Difficulty.BEGINNER: 0.3})


@given(st.dictionaries(st.sampled_from(ALL), st.floats(0.1, 20), min_size=1), st.data())
def test_asked_densities_stand_and_none_falls(following, data):
    chosen = sorted(data.draw(st.sets(st.sampled_from(sorted(following)))))
    values = sorted(data.draw(st.lists(st.floats(0.1, 20), min_size=len(chosen), max_size=len(chosen))))
    asked = dict(zip(chosen, values, strict=True))
    plan = plan_densities(following, asked)
    assert set(plan) == set(following)
    assert {level: plan[level] for level in asked} == asked
    assert all(easier <= harder for easier, harder in pairwise(plan.values()))
