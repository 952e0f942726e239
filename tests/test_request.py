"""A request is checked once, at the border."""

import pytest

from charter.decode.density import density_of_meter
from charter.errors import RequestError
from charter.notation import Difficulty, Timing
from charter.request import Request
from charter.tempo.tempo_range import TempoRange

EASY, HARD = Difficulty.EASY, Difficulty.HARD


def test_nothing_asked_is_all_five_and_no_density():
    assert Request().difficulties == tuple(Difficulty)
    assert Request().asked_densities() == {}


def test_meters_and_densities_meet():
    asked = Request(meters={EASY: 4}, densities={HARD: 5.5}).asked_densities()
    assert asked == {EASY: density_of_meter(4), HARD: 5.5}


@pytest.mark.parametrize(
    ("asked", "cause"),
    [
        ({"difficulties": ()}, "no difficulty is asked for"),
        ({"difficulties": (EASY,), "meters": {HARD: 8}}, "hard has a meter or density, but is not among"),
        ({"difficulties": (EASY,), "densities": {HARD: 8.0}}, "hard has a meter or density, but is not among"),
        ({"meters": {HARD: 8}, "densities": {HARD: 5.0}}, "hard has both a meter and a density"),
        ({"meters": {HARD: 26}}, "a meter of 26 is off the scale"),
        ({"meters": {HARD: 3, EASY: 6}}, "hard is asked to be sparser"),
        ({"meters": {EASY: 6}, "densities": {HARD: 2.0}}, "hard is asked to be sparser"),
        ({"densities": {HARD: 0.0}}, "a density of 0 rows per second"),
        ({"densities": {HARD: float("nan")}}, "a density of nan rows per second"),
        ({"tempos": TempoRange(140, 140), "timing": Timing.constant(140)}, "both a tempo and a whole timing are given"),
        ({"sync": "loose"}, "no sync is called 'loose'; there are null, itg"),
        ({"seed": -1}, "the seed is -1; it must be 0 or more"),
    ],
)
def test_what_means_no_charts(asked, cause):
    with pytest.raises(RequestError, match=cause) as caught:
        Request(**asked)
    assert "\n" not in str(caught.value)
