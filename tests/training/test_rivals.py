"""The weights of a choice among rivals, found again from choices made with them."""

import numpy as np
import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.model.beats import BeatNet
from charter.model.config import BeatConfig
from charter.tempo.choice import WEIGHTS
from charter.tempo.downbeat import DOWNBEAT_WEIGHTS
from training import rivals
from training.rivals import Choice, _fitted, _logit, fit_rivals
from training.synthetic import write_corpus

NAMES = ["loud", "even", "chance"]


@pytest.fixture(autouse=True)
def few_folds(monkeypatch):
    """A fit of its own for each part of the songs left out: three parts are quicker than ten."""
    monkeypatch.setattr(rivals, "_FOLDS", 3)


def choices(weights: np.ndarray, count: int, others: int = 4, scale: np.ndarray | float = 1.0) -> list[Choice]:
    """People who choose by these weights, with the noise that makes a logit of it."""
    rng = np.random.default_rng(0)
    made = []
    for _ in range(count):
        measured = rng.normal(0, scale, (others + 1, len(weights)))
        right = np.zeros(others + 1, dtype=bool)
        right[(measured @ weights + rng.gumbel(size=others + 1)).argmax()] = True
        made.append(Choice(measured, right))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("scale", [np.ones(3), np.array([100.0, 0.01, 1.0])], ids=["alike", "unlike"])
def test_weights_are_found_again_whatever_the_scale_of_a_feature(scale):
    weights = np.array([2.0, -1.0, 0.0])
    found = _logit(choices(weights / scale, 500, scale=scale), scale)
    assert found * scale == pytest.approx(weights, abs=0.3)


@pytest.mark.slow
def test_a_fit_says_how_good_it_is_on_songs_left_out_of_it():
    fit = _fitted(NAMES, choices(np.array([2.0, -1.0, 0.0]), 100))
    assert list(fit.weights) == NAMES
    assert fit.choices == 100
    assert 0.5 < fit.accuracy < 0.95
    assert fit.cross_entropy < np.log(5) - 0.3


def test_where_nothing_speaks_for_anything_it_guesses():
    fit = _fitted(NAMES, choices(np.zeros(3), 100))
    assert fit.accuracy < 0.4
    assert fit.cross_entropy == pytest.approx(np.log(5), abs=0.12)


def test_a_song_whose_beat_was_no_candidate_counts_as_wrong():
    sure = choices(np.array([30.0, 0.0, 0.0]), 20)
    lost = [Choice(choice.measured, np.zeros(5, dtype=bool)) for choice in sure]
    alone, both = _fitted(NAMES, sure), _fitted(NAMES, sure + lost)
    assert both.weights == alone.weights
    assert both.choices == 40
    assert both.accuracy == pytest.approx(alone.accuracy / 2)


def test_songs_that_the_net_learnt_from_teach_but_do_not_judge():
    sure = choices(np.array([30.0, 0.0, 0.0]), 20)
    heard = [Choice(choice.measured, np.roll(choice.right, 1), unheard=False) for choice in choices(np.zeros(3), 5)]
    fit = _fitted(NAMES, sure + heard)
    assert fit.choices == 20
    assert fit.weights != _fitted(NAMES, sure).weights


def test_two_right_candidates_are_no_contradiction():
    rng = np.random.default_rng(1)
    made = []
    for _ in range(40):
        measured = rng.normal(0, 1, (4, 3))
        measured[:2, 0] += 3
        made.append(Choice(measured, np.array([True, True, False, False])))
    fit = _fitted(NAMES, made)
    assert fit.weights["loud"] > 0.8
    assert fit.accuracy > 0.95


def test_a_corpus_is_fitted(tmp_path):
    """The smoke corpus and a net that has learnt nothing: every feature gets a weight."""
    write_corpus(tmp_path)
    torch.manual_seed(0)
    net = BeatNet(BeatConfig(AudioSpec(mels=16), channels=2, width=4, scales=3)).eval()
    tempo, downbeat = fit_rivals(tmp_path / "songs", tmp_path / "songs.tsv", net, held_out=1)
    assert list(tempo.weights) == list(WEIGHTS)
    assert list(downbeat.weights) == list(DOWNBEAT_WEIGHTS)
    assert tempo.choices == downbeat.choices == 2
    assert np.isfinite([*tempo.weights.values(), *downbeat.weights.values()]).all()
