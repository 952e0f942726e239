"""Mines: on rows and halfway between, off holds, and clear of steps."""

import numpy as np
import pytest

from charter.decode.chance import Chance
from charter.decode.mines import lay_mines
from charter.notation import Note, NoteKind, Timing

TIMING = Timing.constant(60)
TAP, HOLD, TAIL, ROLL = NoteKind.TAP, NoteKind.HOLD, NoteKind.TAIL, NoteKind.ROLL
TICKS = np.array([0, 48, 96, 144])


def laid(notes: list[Note], odds: np.ndarray, seed: int = 0) -> set[tuple[int, int]]:
    mines = lay_mines(notes, TICKS, odds.astype(np.float32), TIMING, Chance(seed, None))
    assert {mine.kind for mine in mines} <= {NoteKind.MINE}
    assert len({mine[:2] for mine in mines}) == len(mines)
    return {(mine.tick, mine.panel) for mine in mines}


def taps(panel: int) -> list[Note]:
    return [Note(int(tick), panel, TAP) for tick in TICKS]


EVERYWHERE = np.full((4, 2, 4), 50.0)


def test_they_lie_on_rows_and_halfway_but_not_behind_the_last():
    assert laid(taps(0), EVERYWHERE) == {
        *((tick, panel) for tick in (0, 24, 48, 72, 96, 120, 144) for panel in (1, 2, 3)),
        *((tick, 0) for tick in (24, 72, 120)),
    }


def test_none_are_laid_where_none_are_wanted():
    assert laid(taps(0), -EVERYWHERE) == set()
    only = -EVERYWHERE
    only[1, 1, 2] = 50
    assert laid(taps(0), only) == {(72, 2)}


@pytest.mark.parametrize("kind", [HOLD, ROLL])
def test_none_lie_on_a_hold_or_at_its_ends(kind):
    notes = [*taps(0), Note(48, 3, kind), Note(96, 3, TAIL)]
    assert {tick for tick, panel in laid(notes, EVERYWHERE) if panel == 3} == {0, 24, 120, 144}


@pytest.mark.parametrize(("tick", "is_clear"), [(24 + 9, False), (24 + 10, True)])
def test_a_fifth_of_a_second_around_a_step_is_clear(tick, is_clear):
    """A tick is 1/48 s."""
    assert ((24, 1) in laid([*taps(0), Note(tick, 1, TAP)], EVERYWHERE)) is is_clear


def test_even_odds_lay_half_of_them():
    found = [len(laid(taps(0), np.zeros((4, 2, 4)), seed)) for seed in range(60)]
    assert np.mean(found) == pytest.approx(24 / 2, rel=0.1)
