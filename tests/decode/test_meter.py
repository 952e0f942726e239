"""Meters: harder where rows come faster, on a scale that rises, and inverse to the densities that they stand for."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.decode.density import HIGHEST_DENSITY, LOWEST_DENSITY
from charter.decode.meter import (
    HIGHEST_METER,
    LOWEST_METER,
    SCALE,
    denser,
    density_of_meter,
    estimated_meter,
    meter_of,
)
from charter.errors import RequestError


def stream(rate: float, seconds: float = 90.0) -> np.ndarray:
    """Evenly spaced rows."""
    return np.arange(int(seconds * rate) + 1) / rate


def test_the_scale_rises():
    assert all(weight >= 0 for weight in SCALE.weights)
    assert all(lower < higher for lower, higher in pairwise(SCALE.thresholds))
    scores, meters = SCALE.knots
    assert (np.diff(scores) > 0).all()
    assert (np.diff(meters) > 0).all()


def test_a_denser_stream_is_harder():
    meters = [estimated_meter(stream(rate)) for rate in np.geomspace(0.8, 20, 40)]
    assert all(easier < harder for easier, harder in pairwise(meters))


@given(st.sets(st.integers(1, 1999), min_size=1, max_size=400), st.integers(1, 1999))
def test_one_more_row_inside_a_chart_makes_none_easier(rows, another):
    few, more = (np.array(sorted({0, 2000, *ticks})) / 20 for ticks in (rows, {*rows, another}))
    assert estimated_meter(few) <= estimated_meter(more) + 1e-9


@pytest.mark.parametrize("rate", [1.3, 2.5, 7.7])
def test_a_stream_is_as_hard_however_long_it_lasts(rate):
    whole = estimated_meter(stream(rate, 60))
    assert estimated_meter(stream(rate, 300)) == pytest.approx(whole)
    assert estimated_meter(stream(rate, 8)) == pytest.approx(whole)
    assert estimated_meter(stream(rate) + 30) == pytest.approx(whole)


def test_of_two_charts_with_as_many_rows_the_one_with_a_burst_is_harder():
    burst = np.unique(np.concatenate([stream(1.5, 60), 60 + stream(4.5, 30)]))
    even = np.linspace(0, 90, len(burst))
    assert estimated_meter(burst) > estimated_meter(even) + 0.5


@pytest.mark.parametrize("rows", [[], [3.0], [3.0, 3.0], [3.0, 3.01]])
def test_next_to_no_rows_are_the_lowest_meter(rows):
    assert meter_of(rows) == LOWEST_METER


def test_the_fastest_stream_is_the_highest_meter():
    assert meter_of(stream(HIGHEST_DENSITY)) == HIGHEST_METER
    assert meter_of(stream(2 * HIGHEST_DENSITY)) == HIGHEST_METER


def test_a_meters_density_rises_with_it():
    densities = [density_of_meter(meter) for meter in range(LOWEST_METER, HIGHEST_METER + 1)]
    assert all(LOWEST_DENSITY < easier < harder < HIGHEST_DENSITY for easier, harder in pairwise(densities))


@pytest.mark.parametrize("meter", [LOWEST_METER - 1, HIGHEST_METER + 1, -3, 999])
def test_meter_off_the_scale(meter):
    with pytest.raises(RequestError, match=f"a meter of {meter} is off the scale; it goes from 1 to 25"):
        density_of_meter(meter)


@pytest.mark.parametrize("meter", [1, 5, 12, 20])
def test_a_corrected_density_makes_a_stream_of_the_meter(meter):
    density = denser(2.0, stream(2.0), meter)
    assert estimated_meter(stream(density)) == pytest.approx(meter, abs=0.1)
    assert (density > 2.0) == (meter > estimated_meter(stream(2.0)))


def test_a_corrected_density_can_be_played():
    assert denser(19.0, stream(0.5), 25) == HIGHEST_DENSITY
    assert denser(0.11, stream(15), 1) == LOWEST_DENSITY
