"""Charts of another game, as an example holds them."""

import numpy as np

from datasets.placement import UNKNOWN
from training.data import spread


def rhythms(*rows: int):
    return [np.arange(count) for count in rows]


def test_few_charts_are_all_taken():
    assert [len(chart.ticks) for chart in spread(rhythms(3, 5))] == [3, 5]
    assert {chart.difficulty for chart in spread(rhythms(3, 5))} == {UNKNOWN}
    assert spread([]) == []


def test_of_many_five_from_the_sparsest_to_the_densest():
    assert [len(chart.ticks) for chart in spread(rhythms(*range(1, 10)))] == [1, 3, 5, 7, 9]
