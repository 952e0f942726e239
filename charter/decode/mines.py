"""Mines for a chart whose steps are written."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from charter.decode.chance import Chance, Draw
from charter.notation import PANELS, Note, NoteKind, Timing, paired_holds

_CLEARANCE = 0.2  # seconds between a mine and a step on its panel


def lay_mines(
    notes: Sequence[Note], ticks: NDArray[np.int64], odds: NDArray[np.float32], timing: Timing, chance: Chance
) -> list[Note]:
    """Mines drawn on rows and halfway between them; none on a hold, and none near a step on its panel.

    notes: taps, heads and tails; ticks: (rows,)
    odds: (rows, places, panels) log-odds of mines on the row and halfway to the next
    """
    halfway = ticks + np.append(np.diff(ticks), 0) // 2
    places = np.stack([ticks, halfway], axis=1)  # (rows, places)
    luck = np.array([chance.at(tick, Draw.MINE).random(odds.shape[1:]) for tick in ticks.tolist()])
    drawn = luck < 1 / (1 + np.exp(-odds))
    drawn[-1, 1] = False  # there is no next row
    mines = []
    for panel in range(PANELS):
        steps = [note for note in notes if note.panel == panel]
        hits = timing.seconds_at([note.tick for note in steps])
        holds = paired_holds(steps)
        for tick in np.unique(places[drawn[:, :, panel]]).tolist():
            second = float(timing.seconds_at(tick))
            near = np.abs(hits - second) < _CLEARANCE
            if not near.any() and not any(head.tick <= tick <= tail.tick for head, tail in holds):
                mines.append(Note(tick, panel, NoteKind.MINE))
    return mines
