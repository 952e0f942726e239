"""One melodic line through what is heard: the cheapest path over pitches and rests, slot by slot."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Heard(NamedTuple):
    """A note of a line. first, end: slots, the end not included; pitch: column; strength: mean over its slots."""

    first: int
    end: int
    pitch: int
    strength: float


class Manners(NamedTuple):
    """How a line moves. A point is what a tenth of a second of a loud note is worth.

    rest: strength below which silence is better
    start: points that a new note costs; again: points more if it repeats the pitch before it
    leap: points for each semitone between neighbours; far: points more for each semitone beyond the seventh
    """

    rest: float
    start: float
    again: float = 0.3
    leap: float = 0.03
    far: float = 0.06


def follow(
    strengths: NDArray[np.float32], starts: NDArray[np.float32], lengths: NDArray[np.float64], manners: Manners
) -> list[Heard]:
    """The best line, by dynamic programming: each slot holds the note before it, starts one or rests.

    strengths: (slots, pitches), about 1 for a loud note; starts: (slots, pitches) points for a note that starts there
    lengths: (slots,) seconds
    """
    slots, pitches = strengths.shape
    worth = np.concatenate([strengths, np.full((slots, 1), manners.rest)], axis=1) * (10 * lengths[:, None])
    moves = _moves(pitches, manners)
    bonus = np.concatenate([starts - manners.start, np.zeros((slots, 1), np.float32)], axis=1)
    came_from = np.empty((slots, pitches + 1), dtype=np.int16)  # -1: held from the slot before
    best = np.full(pitches + 1, -np.inf)
    best[pitches] = 0.0
    for slot in range(slots):
        arriving = best[:, None] - moves
        source = arriving.argmax(axis=0)
        fresh = arriving[source, np.arange(pitches + 1)] + bonus[slot]
        holds = best >= fresh
        came_from[slot] = np.where(holds, -1, source)
        best = np.where(holds, best, fresh) + worth[slot]
    return _traced(came_from, int(best.argmax()) if slots else pitches, strengths)


def _moves(pitches: int, manners: Manners) -> NDArray[np.float64]:
    """Points for going from one state to a new note or rest, (pitches + 1, pitches + 1); the last state is rest."""
    numbers = np.arange(pitches)
    apart = np.abs(numbers[:, None] - numbers)
    moves = np.zeros((pitches + 1, pitches + 1))
    moves[:pitches, :pitches] = manners.leap * apart + manners.far * np.maximum(apart - 7, 0)
    moves[numbers, numbers] = manners.again
    return moves


def _traced(came_from: NDArray[np.int16], state: int, strengths: NDArray[np.float32]) -> list[Heard]:
    rest = strengths.shape[1]
    notes = []
    end = len(came_from)
    for slot in range(len(came_from) - 1, -1, -1):
        source = int(came_from[slot, state])
        if source < 0:
            continue
        if state != rest:
            notes.append(Heard(slot, end, state, float(strengths[slot:end, state].mean())))
        end, state = slot, source
    return notes[::-1]
