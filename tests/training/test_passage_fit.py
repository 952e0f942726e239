"""The fit of the preview passage: weights found again from people who choose by them."""

import numpy as np
import pytest

from charter.sections.passage import Windows, overlap
from training.passage_fit import Pick, fit_passage, fit_weights


def picks(weights: np.ndarray, songs: int, windows: int = 30) -> list[Pick]:
    """Songs of windows that do not overlap, of which a person takes one by these weights, with a logit's noise."""
    rng = np.random.default_rng(0)
    starts = 20.0 * np.arange(windows)
    made = []
    for _ in range(songs):
        measured = rng.normal(size=(windows, len(weights)))
        chosen = int((measured @ weights + rng.gumbel(size=windows)).argmax())
        every = Windows(np.arange(windows), np.ones(windows, np.int64), starts, starts + 15)
        shared = overlap(starts, starts + 15, starts[chosen], starts[chosen] + 15)
        made.append(Pick(every, ("loud", "early", "chance"), measured, shared))
    return made


@pytest.mark.slow
def test_weights_are_found_again():
    found = fit_weights(picks(np.array([3.0, -1.5, 0.0]), 400), np.ones(3))
    assert found == pytest.approx([3.0, -1.5, 0.0], abs=0.35)


def test_the_scale_of_a_feature_does_not_matter():
    asked = picks(np.array([2.0, -1.0, 0.5]), 60)
    scale = np.array([100.0, 0.01, 1.0])
    plain = fit_weights(asked, np.ones(3))
    scaled = [Pick(pick.windows, pick.names, pick.measured * scale, pick.shared) for pick in asked]
    assert fit_weights(scaled, scale) * scale == pytest.approx(plain, abs=0.02)


def test_songs_of_charts_alone_count_for_less_than_those_with_audio():
    heard, charted = picks(np.array([2.0, 0.0, 0.0]), 60), picks(np.array([-2.0, 0.0, 0.0]), 60)
    alone, both = fit_weights(heard, np.ones(3)), fit_weights(heard, np.ones(3), charted)
    assert 0 < both[0] < alone[0]
    assert fit_weights([], np.ones(3), charted)[0] < 0


@pytest.mark.slow
def test_a_fit_says_how_good_it_is_on_songs_left_out_of_it():
    sure = fit_passage(picks(np.array([20.0, 0.0, 0.0]), 40))
    assert sure.songs == 40
    assert sure.overlaps.mean() > 0.8
    assert max(sure.weights, key=sure.weights.get) == "loud"
    blind = fit_passage(picks(np.zeros(3), 40))
    assert blind.overlaps.mean() < 0.25
