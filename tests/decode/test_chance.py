"""What is drawn at a tick, whatever was drawn before."""

import numpy as np

from charter.decode.chance import Chance, Draw
from charter.notation import Difficulty


def test_a_tick_draws_the_same_whatever_is_drawn_elsewhere():
    chance = Chance(7, Difficulty.HARD)
    alone = chance.at(96, Draw.SYMBOL).random(5)
    chance.at(48, Draw.SYMBOL).random(100)
    assert np.array_equal(chance.at(96, Draw.SYMBOL).random(5), alone)


def test_seeds_charts_ticks_and_purposes_draw_apart():
    chances = [Chance(seed, level) for seed in (0, 1, 2**70) for level in (None, *Difficulty)]
    drawn = [chance.at(tick, draw).random() for chance in chances for tick in (0, 1, 48) for draw in Draw]
    assert len(set(drawn)) == len(drawn)


def test_they_are_even():
    drawn = np.array([Chance(3, None).at(tick, Draw.MINE).random() for tick in range(4000)])
    assert abs(drawn.mean() - 0.5) < 0.02
    assert abs(np.corrcoef(drawn[:-1], drawn[1:])[0, 1]) < 0.05
