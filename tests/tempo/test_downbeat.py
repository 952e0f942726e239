"""Which of four beats begins a measure."""

import numpy as np
import pytest

from charter.tempo.downbeat import DOWNBEAT_WEIGHTS, downbeat_features, first_downbeat


@pytest.mark.parametrize("downbeat", [0, 1, 2, 3])
def test_the_net_and_the_changes_agree(hear, steady, downbeat):
    beats = steady(128, 0.4, 40)
    assert first_downbeat(hear(beats, downbeat=downbeat), beats) == downbeat


@pytest.mark.parametrize("downbeat", [1, 2])
def test_either_is_enough_where_the_other_says_nothing(hear, steady, downbeat):
    beats = steady(128, 0.4, 40)
    heard, changed = hear(beats, downbeat=downbeat), hear(beats, downbeat=downbeat)
    heard.change[:] = 0.3
    changed.activation.downbeat[:] = 0.2
    assert first_downbeat(heard, beats) == downbeat
    assert first_downbeat(changed, beats) == downbeat


def test_it_counts_from_the_first_beat_given(hear, steady):
    beats = steady(128, 0.4, 40)
    recording = hear(beats, downbeat=2)
    assert first_downbeat(recording, beats[1:]) == 1
    assert first_downbeat(recording, beats[3:]) == 3


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_under_a_measure_the_first_beat_is_it(hear, steady, count):
    beats = steady(128, 0.4, 40)
    assert first_downbeat(hear(beats, downbeat=2), beats[:count]) == 0


@pytest.mark.parametrize("count", [4, 5, 7])
def test_features_are_finite(hear, steady, count):
    measured = downbeat_features(hear(steady(128, 0.4, 40)), steady(128, 0.4, 40)[:count])
    assert set(measured) == set(DOWNBEAT_WEIGHTS)
    assert all(values.shape == (4,) and np.isfinite(values).all() for values in measured.values())
