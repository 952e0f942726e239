"""Densities: what is asked for stands, the rest lies in between, and nothing falls as the difficulty rises."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.decode.density import (
    HIGHEST_METER,
    LOWEST_METER,
    check_density,
    density_of_meter,
    meter_of_density,
    plan_densities,
)
from charter.errors import RequestError
from charter.model.placement import TYPICAL_DENSITY
from charter.notation import Difficulty

ALL = tuple(Difficulty)


@pytest.mark.parametrize("meter", range(LOWEST_METER, HIGHEST_METER + 1))
def test_meter_and_density_are_inverse(meter):
    assert meter_of_density(density_of_meter(meter)) == meter


@pytest.mark.parametrize(("density", "meter"), [(0.1, LOWEST_METER), (20.0, HIGHEST_METER)])
def test_meter_stays_on_the_scale(density, meter):
    assert meter_of_density(density) == meter


@pytest.mark.parametrize("meter", [LOWEST_METER - 1, HIGHEST_METER + 1, -3, 999])
def test_meter_off_the_scale(meter):
    with pytest.raises(RequestError, match=f"a meter of {meter} is off the scale; it goes from 1 to 25"):
        density_of_meter(meter)


@pytest.mark.parametrize("density", [0.0, -1.0, 0.09, 20.1, float("nan"), float("inf")])
def test_density_that_cannot_be_played(density):
    with pytest.raises(RequestError, match=f"a density of {density:g} rows per second is out of range"):
        check_density(density)


@pytest.mark.parametrize("density", [0.1, 5.5, 20.0])
def test_density_that_can(density):
    assert check_density(density) == density


def test_unasked_densities_are_typical():
    assert plan_densities(ALL, {}) == dict(zip(ALL, TYPICAL_DENSITY, strict=True))


def test_unasked_densities_give_way_to_those_asked():
    plan = plan_densities(ALL, {Difficulty.EASY: 0.5, Difficulty.HARD: 9.0})
    assert plan == {
        Difficulty.BEGINNER: 0.5,
        Difficulty.EASY: 0.5,
        Difficulty.MEDIUM: TYPICAL_DENSITY[2],
        Difficulty.HARD: 9.0,
        Difficulty.CHALLENGE: 9.0,
    }


def test_plan_goes_from_easy_to_hard_whatever_the_order_asked():
    plan = plan_densities((Difficulty.CHALLENGE, Difficulty.BEGINNER), {})
    assert list(plan) == [Difficulty.BEGINNER, Difficulty.CHALLENGE]


def test_falling_densities_are_refused():
    with pytest.raises(RequestError, match=r"hard is asked to be sparser \(1\.00 .* than easy \(2\.00\)"):
        plan_densities(ALL, {Difficulty.HARD: 1.0, Difficulty.EASY: 2.0})


levels = st.sets(st.sampled_from(ALL), min_size=1)


@given(levels, st.data())
def test_asked_densities_stand_and_none_falls(difficulties, data):
    chosen = sorted(data.draw(st.sets(st.sampled_from(sorted(difficulties)))))
    values = sorted(data.draw(st.lists(st.floats(0.1, 20), min_size=len(chosen), max_size=len(chosen))))
    asked = dict(zip(chosen, values, strict=True))
    plan = plan_densities(tuple(difficulties), asked)
    assert set(plan) == difficulties
    assert {level: plan[level] for level in asked} == asked
    assert all(easier <= harder for easier, harder in pairwise(plan.values()))
