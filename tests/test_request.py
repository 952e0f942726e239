"""A request is checked once, at the border."""

import pickle

import pytest

from charter.errors import RequestError
from charter.notation import Difficulty, Timing
from charter.request import Request
from charter.tempo.tempo_range import TempoRange

EASY, HARD = Difficulty.EASY, Difficulty.HARD


def test_nothing_asked_is_all_five():
    assert Request().difficulties == tuple(Difficulty)


def test_meters_and_densities_meet():
    assert Request(meters={EASY: 4}, densities={HARD: 5.5}).difficulties == tuple(Difficulty)


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


@pytest.mark.parametrize("bpm", [0.0, 19.9, 1000.1, -140.0, float("nan"), float("inf")])
@pytest.mark.parametrize("other", [None, 140.0])
def test_no_tempo_is_asked_for_that_is_off_the_scale(bpm, other):
    with pytest.raises(RequestError, match=rf"a BPM of {bpm:g} is out of range; it goes from 20 to 1000"):
        TempoRange(bpm, bpm if other is None else other)
    if other is not None:
        with pytest.raises(RequestError, match=rf"a BPM of {bpm:g} is out of range"):
            TempoRange(other, bpm)


@pytest.mark.parametrize("bpm", [20.0, 1000.0])
def test_the_ends_of_the_scale_are_on_it(bpm):
    tempos = TempoRange(bpm, bpm)
    assert Request(tempos=tempos, meters={EASY: 1, HARD: 25}).tempos == tempos


@pytest.mark.parametrize("sync", ["null", "itg"])
def test_a_timing_may_stand_to_the_sound_in_either_way(sync):
    timing = Timing.constant(140, -0.1)
    assert Request(timing=timing, sync=sync, require_timing=True).timing == timing


def test_a_request_can_be_sent_to_another_process():
    request = Request(meters={HARD: 9}, densities={EASY: 1.5}, timing=Timing.constant(140, -0.1), seed=4)
    assert pickle.loads(pickle.dumps(request)) == request
