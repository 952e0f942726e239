"""One melodic line through what is heard: the cheapest path over pitches and rests, slot by slot."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_HELD = -1


class LineNote(NamedTuple):
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
) -> list[LineNote]:
    """The best line, by dynamic programming: each slot holds the note before it, starts one or rests.

    strengths: (slots, pitches), about 1 for a loud note; starts: (slots, pitches) points for a note that starts there
    lengths: (slots,) seconds
    """
    slots, pitches = strengths.shape
    worth = strengths * (10 * lengths[:, None])
    silence = manners.rest * 10 * lengths
    moves = _moves(pitches, manners)
    bonus = starts - manners.start
    columns = np.arange(pitches)
    came_from = np.empty((slots, pitches), dtype=np.int16)  # the note before one that starts here, or _HELD
    rested = np.empty((slots, pitches), dtype=np.bool_)  # whether the rest after a note started before this slot
    # A rest remembers the note before it, so that a line stays in its register.
    sounding, resting = np.full(pitches, -np.inf), np.zeros(pitches)
    for slot in range(slots):
        last = np.maximum(sounding, resting)
        arriving = last[:, None] - moves
        source = arriving.argmax(axis=0)
        fresh = arriving[source, columns] + bonus[slot]
        holds = sounding >= fresh
        came_from[slot] = np.where(holds, _HELD, source)
        rested[slot] = resting >= sounding
        sounding = np.where(holds, sounding, fresh) + worth[slot]
        resting = last + silence[slot]
    return _traced(came_from, rested, sounding, resting, strengths)


def _moves(pitches: int, manners: Manners) -> NDArray[np.float64]:
    """Points for going from one pitch to a new note of another, (pitches, pitches)."""
    numbers = np.arange(pitches)
    apart = np.abs(numbers[:, None] - numbers)
    moves = manners.leap * apart + manners.far * np.maximum(apart - 7, 0)
    moves[numbers, numbers] = manners.again
    return np.asarray(moves, dtype=np.float64)


def _traced(
    came_from: NDArray[np.int16],
    rested: NDArray[np.bool_],
    sounding: NDArray[np.float64],
    resting: NDArray[np.float64],
    strengths: NDArray[np.float32],
) -> list[LineNote]:
    """The path that ends best, backwards from there. At each slot the state is a pitch, and whether it sounds."""
    notes: list[LineNote] = []
    end = len(came_from)
    state = int(np.maximum(sounding, resting).argmax())
    sounds = bool(sounding[state] > resting[state])
    for slot in range(len(came_from) - 1, -1, -1):
        if not sounds:
            sounds, end = not rested[slot, state], slot
        elif came_from[slot, state] != _HELD:
            notes.append(LineNote(slot, end, state, float(strengths[slot:end, state].mean())))
            end, state = slot, int(came_from[slot, state])
            sounds = not rested[slot, state]
    return notes[::-1]
