"""What keeps a chart near human rates, and its panels even."""

import numpy as np
import pytest

from charter.decode.chance import Chance
from charter.decode.particles import Particles
from charter.decode.placed import Listening, Placed
from charter.decode.rates import RateKeeper
from charter.decode.rules import RULES
from charter.model.symbols import RATED_KINDS as KINDS
from charter.model.vocabulary import LENGTHS, ROWS, SYMBOLS
from charter.notation import Difficulty, Timing

LEVEL = Difficulty.HARD
USUAL = np.array([0.1, 0.1, 0.01, 0.005])


def after(rows: int, kind: int | None, pull: float = 2.0) -> np.ndarray:
    keeper = RateKeeper(USUAL[None], 1, pull)
    for _ in range(rows):
        keeper.count(np.array([[[place == kind for place in range(KINDS)]]]))
    return keeper.lift()[0, 0]


def test_a_chart_begins_at_the_usual_rates():
    assert after(0, None) == pytest.approx(np.zeros(KINDS))


@pytest.mark.parametrize("kind", range(KINDS))
def test_what_comes_too_often_is_lowered_and_what_is_missing_raised(kind):
    lift = after(50, kind)
    assert lift[kind] < -0.5
    assert (np.delete(lift, kind) > 0.5).all()
    assert (after(100, None) > after(50, None)).all()


def test_a_chart_at_a_rate_is_pulled_the_same_way_however_long_it_is():
    """What is wanted is a fixed share of the usual rate, kind by kind."""
    keeper, rng = RateKeeper(USUAL[None], 4000, 2.0), np.random.default_rng(0)
    for rows in range(400):
        keeper.count(rng.random((1, 4000, KINDS)) < USUAL)
        if rows in (99, 399):
            wanted = np.exp(-keeper.lift()[0] / 2).mean(axis=0)
            assert ((wanted > 0.5) & (wanted < 2.0)).all()


def test_without_a_pull_nothing_is_changed():
    assert after(50, 0, pull=0.0) == pytest.approx(np.zeros(KINDS))


def test_versions_keep_their_own_counts():
    keeper = RateKeeper(np.stack([USUAL, USUAL]), 2, 2.0)
    keeper.count(np.array([[[True] * KINDS, [False] * KINDS]] * 2))
    (first, second), other = keeper.lift()
    assert (first < second).all()
    keeper.keep(0, np.array([1, 1]))
    assert np.array_equal(keeper.lift()[1], other)
    assert keeper.lift()[0] == pytest.approx(np.stack([second, second]))


def drawn(favoured: int, seed: int = 0) -> np.ndarray:
    """Hits by panel of versions written from scores that favour a panel by so much that each other is rare."""
    timing, ticks = Timing.constant(120), np.arange(0, 96 * 150, 96)
    listening = Listening(timing, lambda spec: None, int(ticks[-1]) + 96)
    placed = Placed(LEVEL, ticks, RULES[LEVEL])
    versions = Particles([placed], listening, USUAL[None], [Chance(seed, LEVEL)], count=8)
    scores = np.where(ROWS[:, favoured] > 0, 0.0, -1.0)
    scores = np.tile(scores - np.logaddexp.reduce(scores), (1, 8, 1)).astype(np.float32)
    assert scores.shape == (1, 8, SYMBOLS)
    for row in range(len(ticks)):
        versions.draw(row, scores)
        versions.finish(row, np.zeros((1, 8, len(LENGTHS)), dtype=np.float32))
        versions.survivors(row)
    hits = (ROWS[versions.symbols[0, versions.drawn(0)[0]]] > 0).sum(axis=0)
    return np.asarray(hits / hits.sum())


@pytest.mark.parametrize("favoured", range(4))
def test_a_panel_that_the_net_prefers_does_not_take_over(favoured):
    """Left to the scores it would have half of the hits."""
    share = drawn(favoured)
    assert share[favoured] < 0.42
    assert share.min() > 0.1
