"""Which ticks carry a row, in every chart of a set at once.

The number of rows is asked for; the network's logits say which ticks. The charts of a set are one reading of the song:
each plays all rows of the next easier one.
"""

from bisect import bisect
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from charter.decode.gaps import HAIR, Spacing, bridge_rests
from charter.model.grid import Grid, GridKind
from charter.notation import TICKS_PER_BEAT

# Ticks of a beat on which a row may fall, coarsest first: 4ths, 8ths, 12ths, 16ths, 24ths, 32nds.
SNAP_TICKS = np.array(sorted({*range(0, TICKS_PER_BEAT, 4), *range(0, TICKS_PER_BEAT, 6)}))

_NEAR_SOUND_SECONDS = 0.1  # a row this near to a sound may be meant for it, whatever the sync

# Added to the logits of 8ths, and of 16ths and 32nds. A chart's likeliest ticks are oftener 4ths than its rows are, for
# the net is surer of the beat than of what lies between; lifted, the classes come nearer to the share that people give
# them (`charter evaluate` prints both sides).
_LIFT_8TH, _LIFT_16TH = 0.3, 0.8


def candidate_ticks(grid: Grid, start: float, end: float, silences: ArrayLike = ()) -> NDArray[np.int64]:
    """Ticks on which a row may stand, (ticks,): on the snaps, from ``start`` to ``end`` in seconds.

    silences: (n, 2) seconds from the last sound to the next; inside them nothing may stand
    """
    beats = np.arange(max(int(grid.ticks[-1]), 0) // TICKS_PER_BEAT + 1) * TICKS_PER_BEAT
    ticks = (beats[:, None] + SNAP_TICKS).ravel()
    seconds = grid.timing.seconds_at(ticks)
    heard = (
        (seconds >= start - HAIR) & (seconds <= end + HAIR) & (grid.steps_of(ticks) >= 0) & grid.timing.hittable(ticks)
    )
    for left, right in np.asarray(silences, dtype=np.float64).reshape(-1, 2):
        heard &= (seconds <= left + _NEAR_SOUND_SECONDS) | (seconds >= right - _NEAR_SOUND_SECONDS)
    return np.asarray(ticks[heard], dtype=np.int64)


def tick_logits(logits: NDArray[np.float32], grid: Grid, ticks: NDArray[np.int64]) -> NDArray[np.float32]:
    """Logits at ticks, (charts, ticks), from those at steps, (charts, steps).

    A frame beside the tick may hold its peak; on the beat grid a tick has its own step.
    """
    steps = grid.steps_of(ticks)
    if grid.kind is GridKind.BEATS:
        return logits[:, steps]
    near = np.clip(steps[:, None] + np.array([-1, 0, 1]), 0, logits.shape[1] - 1)
    return np.asarray(logits[:, near].max(axis=2))


def lifted(logits: NDArray[np.float32], ticks: NDArray[np.int64]) -> NDArray[np.float32]:
    """Logits (charts, ticks) by which rows are chosen: those of 8ths, 16ths and 32nds raised a little."""
    place = ticks % TICKS_PER_BEAT
    on_eighth, on_32nd = place == TICKS_PER_BEAT // 2, place % (TICKS_PER_BEAT // 8) == 0
    lift = np.select([place == 0, on_eighth, on_32nd], [0.0, _LIFT_8TH, _LIFT_16TH], 0.0)
    return np.asarray(logits + lift, dtype=np.float32)


def choose_rows(
    logits: NDArray[np.float32], counts: NDArray[np.int64], spacing: Sequence[Spacing] | None = None
) -> NDArray[np.bool_]:
    """The rows of each chart, (charts, ticks), easiest chart first.

    logits: (charts, ticks); counts: (charts,) rows wanted, rising; spacing: of each chart
    The hardest chart takes its best ticks; each easier one takes its own best among those of the next harder. Where
    the spacing leaves no room for more, a chart has fewer.
    """
    chosen = np.zeros(logits.shape, dtype=np.bool_)
    offered = np.arange(logits.shape[1])
    for chart in reversed(range(len(counts))):
        best = offered[np.argsort(-logits[chart, offered], kind="stable")]
        if spacing is None:
            rows = np.sort(best[: int(counts[chart])])
        else:
            limits = spacing[chart]
            best = _spaced(best, int(counts[chart]), limits.seconds, limits.closest)
            rows = bridge_rests(np.sort(best), offered, logits[chart], limits)
        chosen[chart, rows] = True
        offered = rows
    return chosen


def fill_rows(
    logits: NDArray[np.floating], seconds: NDArray[np.float64], standing: NDArray[np.float64], count: int, gap: float
) -> NDArray[np.int64]:
    """The best ``count`` ticks among rows that stand already, (rows,), rising; fewer where there is no room.

    logits: (ticks,), -inf where no row may be; seconds: of the ticks; standing: of the rows that are there, rising
    """
    offered = np.flatnonzero(np.isfinite(logits))
    best = offered[np.argsort(-logits[offered], kind="stable")]
    return np.sort(_spaced(best, count, seconds, gap, standing))


def _spaced(
    best: NDArray[np.int64],
    count: int,
    seconds: NDArray[np.float64],
    gap: float,
    standing: NDArray[np.float64] | None = None,
) -> NDArray[np.int64]:
    """The first ``count`` of ticks, best first, ``gap`` seconds from those before them and from those that stand."""
    taken: list[float] = [] if standing is None else standing.tolist()
    kept: list[int] = []
    for tick in best.tolist():
        if len(kept) == count:
            break
        second = float(seconds[tick])
        place = bisect(taken, second)
        if all(abs(second - near) > max(gap - HAIR, 0.0) for near in taken[max(place - 1, 0) : place + 1]):
            taken.insert(place, second)
            kept.append(tick)
    return np.array(kept, dtype=np.int64)
