"""Which ticks carry a row, in every chart of a set at once.

The number of rows is asked for; the network's logits say which ticks. The charts of a set are one reading of the song:
each plays all rows of the next easier one.
"""

import numpy as np
from numpy.typing import NDArray

from charter.model.grid import Grid, GridKind
from charter.notation import TICKS_PER_BEAT

# Ticks of a beat on which a row may fall, coarsest first: 4ths, 8ths, 12ths, 16ths, 24ths, 32nds.
SNAP_TICKS = np.array(sorted({*range(0, TICKS_PER_BEAT, 4), *range(0, TICKS_PER_BEAT, 6)}))


def candidate_ticks(grid: Grid, start: float, end: float) -> NDArray[np.int64]:
    """Ticks on which a row may stand, (ticks,): on the snaps, from ``start`` to ``end`` in seconds."""
    beats = np.arange(max(int(grid.ticks[-1]), 0) // TICKS_PER_BEAT + 1) * TICKS_PER_BEAT
    ticks = (beats[:, None] + SNAP_TICKS).ravel()
    seconds = grid.timing.seconds_at(ticks)
    heard = (seconds >= start) & (seconds <= end) & (grid.steps_of(ticks) >= 0) & grid.timing.hittable(ticks)
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


def choose_rows(logits: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The rows of each chart, (charts, ticks), easiest chart first.

    logits: (charts, ticks); counts: (charts,) rows wanted, rising. The hardest chart takes its best ticks; each easier
    one takes its own best among those of the next harder.
    """
    chosen = np.zeros(logits.shape, dtype=np.bool_)
    offered = np.arange(logits.shape[1])
    for chart in reversed(range(len(counts))):
        best = np.argsort(-logits[chart, offered], kind="stable")[: int(counts[chart])]
        offered = np.sort(offered[best])
        chosen[chart, offered] = True
    return chosen
