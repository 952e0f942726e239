"""The fit of the scale of meters, on streams whose meters the test has given."""

from itertools import pairwise

import numpy as np
import pytest

from charter.decode.meter import MeterFeatures
from training.meters import RatedChart, RatedCharts, fit_scale, meter_table


def rated(count: int, seed: int) -> list[RatedChart]:
    """Streams of the meter that is twice their rows per second, give or take one."""
    rng = np.random.default_rng(seed)
    charts = []
    for meter in rng.integers(1, 9, count):
        rate = (meter + rng.uniform(-1, 1)) / 2 + 0.2
        charts.append(RatedChart(int(meter), np.arange(int(60 * rate) + 2) / rate, rng.uniform(0, 0.3)))
    return charts


def test_the_fit_finds_the_meters():
    scale = fit_scale(rated(400, 0))
    assert min(scale.weights) >= 0
    assert all(lower < higher for lower, higher in pairwise(scale.thresholds))
    off = [abs(scale.meter(MeterFeatures.of(chart.seconds)) - chart.meter) for chart in rated(100, 1)]
    assert np.mean(off) < 0.7


@pytest.mark.parametrize("others", [0, 50])
def test_the_table_sets_every_rival_beside_the_scale(others):
    lines = meter_table(RatedCharts(rated(200, 0), rated(60, 1), rated(others, 2)))
    assert len(lines) == 11 + (others > 0)
    assert sum("off by" in line for line in lines) == 7 + (others > 0)
