"""No dead passages: where a chart would rest for longer than people's do while the music plays, it gets a row."""

from bisect import bisect_left, insort
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Seconds of music that charts may leave before their first row and behind their last: what 95 in 100 human charts of
# the train split keep to (`python -m tests.benchmarks.densities` prints them, and the longest rests between rows).
LONGEST_LEAD = 12.2
LONGEST_TAIL = 7.0
# A chart asked to be very sparse rests longer: for this many times its mean distance between rows.
_SPARSE = 4.0


class Rests(NamedTuple):
    """How long a chart may rest.

    seconds: (ticks,) time of each tick; start, end: of the music
    longest: seconds between two rows; closest: the least seconds between two rows
    """

    seconds: NDArray[np.float64]
    start: float
    end: float
    longest: float
    closest: float


def bridge_rests(
    rows: NDArray[np.int64], offered: NDArray[np.int64], logits: NDArray[np.float32], rests: Rests
) -> NDArray[np.int64]:
    """Rows with none of their rests too long, as far as the ticks on offer allow: (rows,), rising, as many as before.

    rows: (rows,) indices of ticks, rising; offered: (n,) those that may be played; logits: (ticks,)
    A tick that fills a rest is the likeliest there; the least likely rows elsewhere make room for it.
    """
    if not len(rows):
        return rows
    longest = max(rests.longest, _SPARSE * (rests.end - rests.start) / len(rows))
    # Fences beyond either end, so that the first and last rest are measured like any other.
    before, behind = rests.start + LONGEST_LEAD - longest, rests.end - LONGEST_TAIL + longest
    kept = [int(row) for row in rows]
    filled = True
    while filled:
        times = [before, *rests.seconds[kept].tolist(), behind]
        filled = False
        for left, right in [rest for rest in pairwise(times) if rest[1] - rest[0] > longest + 1e-6]:
            best = _likeliest(offered, logits, rests, (left, right), longest)
            if best is not None:
                insort(kept, best)
                filled = True
    _drop_least(kept, len(kept) - len(rows), logits, rests.seconds, (before, behind, longest))
    return np.array(kept, dtype=np.int64)


def _likeliest(
    offered: NDArray[np.int64],
    logits: NDArray[np.float32],
    rests: Rests,
    rest: tuple[float, float],
    longest: float,
) -> int | None:
    left, right = rest
    one_is_enough = right - left <= 2 * longest
    wanted = (right - longest if one_is_enough else left + longest / 2, left + longest)
    seconds = rests.seconds[offered]
    free = (seconds >= left + rests.closest) & (seconds <= right - rests.closest)
    # Where nothing is on offer that would do, any tick inside the rest is better than none.
    for inside in (offered[free & (seconds >= wanted[0]) & (seconds <= wanted[1])], offered[free]):
        if inside.size:
            return int(inside[np.argmax(logits[inside])])
    return None


def _drop_least(
    kept: list[int],
    surplus: int,
    logits: NDArray[np.float32],
    seconds: NDArray[np.float64],
    limits: tuple[float, float, float],
) -> None:
    """Take out ``surplus`` rows, least likely first, none of which leaves too long a rest."""
    before, behind, longest = limits
    for row in sorted(kept, key=lambda row: float(logits[row])):
        if surplus <= 0:
            return
        place = bisect_left(kept, row)
        left = float(seconds[kept[place - 1]]) if place > 0 else before
        right = float(seconds[kept[place + 1]]) if place + 1 < len(kept) else behind
        if right - left <= longest:
            del kept[place]
            surplus -= 1
