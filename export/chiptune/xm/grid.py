"""A module's rows laid over a song's timing: a tempo of whole beats a minute for each, so that none strays.

At a speed of six ticks a row and four rows a beat a module's tempo is the song's. Where the song is faster than a
module can be, a row is more of a beat; where it is slow or stands still, less, so that a tick stays fine enough for a
note's start. The passage of time alone decides: warps take no rows, stops take some.
"""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.notation.timing import TICKS_PER_BEAT, TICKS_PER_MEASURE, Timing

TICKS_PER_ROW = 6
TICK_TEMPO_SECONDS = 2.5  # a tick's length times its tempo
_SLOWEST, _FASTEST = 80, 255  # tempos; the format's own slowest, 32, would make a tick of 78 ms
_ROW_TICKS = TICKS_PER_BEAT // 4  # of the song's timing
_SHORTEST = TICKS_PER_ROW * TICK_TEMPO_SECONDS / _FASTEST
_LONGEST = TICKS_PER_ROW * TICK_TEMPO_SECONDS / _SLOWEST
_ROUNDING = 1e-6  # seconds
_STRAY = 0.003  # seconds that a row may begin early or late before the tempo is corrected


class Grid(NamedTuple):
    """A module's rows.

    tempos: (rows,) each row's; ticks: (6 * rows + 1,) seconds at which each of the module's ticks begins, and its end
    measures: (rows,) whether a measure of the song begins here
    """

    tempos: NDArray[np.int64]
    ticks: NDArray[np.float64]
    measures: NDArray[np.bool_]


def grid_of(timing: Timing, duration: float) -> Grid:
    """Rows from 0 s to ``duration`` seconds, which lie within 5 ms of the timing's sixteenths; one row at least."""
    duration = max(duration, _SHORTEST)
    rows = _fitting(_sixteenths(timing, duration), duration)
    tempos: list[int] = []
    now = 0.0
    for row, following in pairwise(rows):
        tempos.append(_tempo(row.seconds, now, following.seconds, tempos[-1] if tempos else 0))
        now += _row_seconds(tempos[-1])
    lengths = np.repeat(TICK_TEMPO_SECONDS / np.array(tempos), TICKS_PER_ROW)
    return Grid(
        tempos=np.array(tempos, dtype=np.int64),
        ticks=np.concatenate(([0.0], np.cumsum(lengths))),
        measures=np.array([row.measure for row in rows[:-1]], dtype=np.bool_),
    )


class _Row(NamedTuple):
    seconds: float
    measure: bool


def _row_seconds(tempo: int) -> float:
    return TICKS_PER_ROW * TICK_TEMPO_SECONDS / tempo


def _sixteenths(timing: Timing, duration: float) -> list[_Row]:
    """Where rows may begin, between the first and the last second: sixteenths, or coarser where the tempo is fast."""
    first, last = timing.ticks_at([0.0, duration]).tolist()
    edges = [math.floor(first), *(tempo.tick for tempo in timing.tempos[1:]), math.ceil(last) + 1]
    found: list[_Row] = []
    for tempo, (begin, end) in zip(timing.tempos, pairwise(edges), strict=True):
        step = _ROW_TICKS * 2 ** max(0, math.ceil(math.log2(tempo.bpm / (_FASTEST + _ROUNDING))))
        parts = timing.without_warps(max(begin, edges[0]), min(end, edges[-1]))
        ticks = np.concatenate(
            [np.zeros(0), *(np.arange(-(-start // step) * step, stop, step) for start, stop in parts)]
        )
        times = timing.seconds_at(ticks).tolist()
        found += [_Row(time, tick % TICKS_PER_MEASURE == 0) for tick, time in zip(ticks.tolist(), times, strict=True)]
    return [row for row in found if 0 < row.seconds < duration]


def _fitting(candidates: list[_Row], duration: float) -> list[_Row]:
    """Rows of lengths that a tempo can give them, from 0 s on, and the end: some dropped, some put between."""
    kept = [_Row(0.0, measure=False)]
    for row in candidates:
        if row.seconds - kept[-1].seconds > _SHORTEST - _ROUNDING:
            kept.append(row)
        elif row.measure:
            kept[-1] = kept[-1]._replace(measure=True)
    while len(kept) > 1 and duration - kept[-1].seconds < _SHORTEST:
        kept.pop()
    kept.append(_Row(duration, measure=False))
    rows = [kept[0]]
    for row, following in pairwise(kept):
        pieces = math.ceil((following.seconds - row.seconds) / _LONGEST - _ROUNDING)
        length = (following.seconds - row.seconds) / max(pieces, 1)
        rows += [_Row(row.seconds + length * piece, measure=False) for piece in range(1, pieces)]
        rows.append(following)
    return rows


def _tempo(planned: float, now: float, end: float, before: int) -> int:
    """The tempo of a row that should last from ``planned`` to ``end`` and really begins ``now``."""
    exact = TICKS_PER_ROW * TICK_TEMPO_SECONDS / (end - planned)
    if now - planned > _STRAY:
        tempo = math.ceil(exact)
    elif planned - now > _STRAY:
        tempo = math.floor(exact)
    else:
        tempo = before if abs(before - exact) < 1 else round(exact)
    return min(max(tempo, _SLOWEST), _FASTEST)
