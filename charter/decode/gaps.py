"""No dead passages: where a chart would rest for longer than people's do while the music plays, it gets a row."""

from bisect import bisect_left, insort
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Seconds of music that charts may leave before their first row and behind their last: what 95 in 100 human charts of
# the train split keep to (`python -m tests.benchmarks.densities` prints them, and the longest rests between rows).
LONGEST_INTRO = 12.2
LONGEST_OUTRO = 7.0
# A chart asked to be very sparse rests longer: for this many times its mean distance between rows.
_SPARSE = 4.0
HAIR = 1e-6  # seconds: times are sums of floats


class Spacing(NamedTuple):
    """How close the rows of a chart may come, and how far apart.

    seconds: (ticks,) time of each tick; start, end: of the music
    closest, longest: seconds between two rows, at least and at most
    """

    seconds: NDArray[np.float64]
    start: float
    end: float
    closest: float
    longest: float

    @property
    def fences(self) -> tuple[float, float]:
        """Times beyond either end from which the first and last rest are measured like any other."""
        return self.start + LONGEST_INTRO - self.longest, self.end - LONGEST_OUTRO + self.longest


def bridge_rests(
    rows: NDArray[np.int64], offered: NDArray[np.int64], logits: NDArray[np.float32], spacing: Spacing
) -> NDArray[np.int64]:
    """Rows with none of their rests too long, as far as the ticks on offer allow: (rows,), rising, as many as before.

    rows: (rows,) indices of ticks, rising; offered: (n,) those that may be played; logits: (ticks,)
    A tick that fills a rest is the likeliest there; the least likely rows elsewhere make room for it.
    """
    if not len(rows):
        return rows
    sparse = _SPARSE * (spacing.end - spacing.start) / len(rows)
    spacing = spacing._replace(longest=max(spacing.longest, sparse))
    before, behind = spacing.fences
    kept = [int(row) for row in rows]
    filled = True
    while filled:
        times = [before, *spacing.seconds[kept].tolist(), behind]
        filled = False
        for left, right in [rest for rest in pairwise(times) if rest[1] - rest[0] > spacing.longest + HAIR]:
            best = _likeliest(left, right, offered, logits, spacing)
            if best is not None:
                insort(kept, best)
                filled = True
    _drop_least(kept, len(kept) - len(rows), logits, spacing)
    return np.array(kept, dtype=np.int64)


def _likeliest(
    left: float, right: float, offered: NDArray[np.int64], logits: NDArray[np.float32], spacing: Spacing
) -> int | None:
    """The likeliest tick that leaves no rest too long to its left, nor to its right if one tick can do that.

    Where none lies so well, one that makes two rests of it of which others may break the longer; None if none would.
    """
    longest, closest = spacing.longest, spacing.closest
    one_is_enough = right - left <= 2 * longest
    earliest = max(right - longest if one_is_enough else left + longest / 2, left + closest)
    seconds = spacing.seconds[offered]
    latest = min(left + longest, right - closest)
    inside = offered[(seconds >= earliest - HAIR) & (seconds <= latest + HAIR)]
    if inside.size:
        return int(inside[np.argmax(logits[inside])])
    # An easier chart is offered the rows of a harder one alone, which may lie on both sides of where it wants one.
    early = offered[(seconds >= left + closest - HAIR) & (seconds < earliest)]
    late = offered[(seconds > latest) & (seconds <= right - closest + HAIR)]
    if early.size and late.size and spacing.seconds[late[0]] - spacing.seconds[early[-1]] <= longest + HAIR:
        return int(early[-1])
    return int(late[0]) if late.size and right - spacing.seconds[late[0]] > longest + HAIR else None


def _drop_least(kept: list[int], surplus: int, logits: NDArray[np.float32], spacing: Spacing) -> None:
    """Take out ``surplus`` rows, least likely first, none of which leaves too long a rest."""
    before, behind = spacing.fences
    for row in sorted(kept, key=lambda row: float(logits[row])):
        if surplus <= 0:
            return
        place = bisect_left(kept, row)
        left = float(spacing.seconds[kept[place - 1]]) if place > 0 else before
        right = float(spacing.seconds[kept[place + 1]]) if place + 1 < len(kept) else behind
        if right - left <= spacing.longest + HAIR:
            del kept[place]
            surplus -= 1
