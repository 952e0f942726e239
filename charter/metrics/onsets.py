"""A chart beside its timing, and the rows of it that count: those that have to be hit and can be."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.metrics.matching import Seconds
from charter.notation import Chart, Note, NoteKind, Timing

_NO_ONSETS = np.zeros(0)
_HOLD_HEADS = frozenset({NoteKind.HOLD, NoteKind.ROLL})


@dataclass(frozen=True)
class TimedChart:
    """A chart with the timing that it is played by."""

    chart: Chart
    timing: Timing


class HitRow(NamedTuple):
    """A row that has to be hit.

    hits: its taps and its heads of holds and rolls, by panel
    held: panels on which an earlier hold lasts through this row
    """

    tick: int
    second: float
    hits: tuple[Note, ...]
    held: frozenset[int]

    @property
    def panels(self) -> tuple[int, ...]:
        """The panels that are hit, left to right as in the file."""
        return tuple(note.panel for note in self.hits)

    @property
    def is_jump(self) -> bool:
        """Whether it takes more than one foot."""
        return len(self.hits) > 1


def onset_ticks(timed: TimedChart) -> NDArray[np.int64]:
    """Ticks of a chart's onsets, (onsets,), rising."""
    return np.array(timed.chart.hit_ticks(timed.timing), dtype=np.int64)


def onset_seconds(timed: TimedChart | None) -> Seconds:
    """Times of a chart's onsets, (onsets,), rising; a chart that is missing has none."""
    return timed.timing.seconds_at(onset_ticks(timed)) if timed else _NO_ONSETS


def hit_rows(timed: TimedChart) -> list[HitRow]:
    """A chart's onsets with what is hit and held, in order.

    A hold lasts until a tail, or until its panel is hit again. One that begins in a warp is held after it all the same.
    """
    ticks = onset_ticks(timed)
    seconds = dict(zip(ticks.tolist(), timed.timing.seconds_at(ticks).tolist(), strict=True))
    held: set[int] = set()
    rows = []
    for row in timed.chart.rows():
        hits = row.hits
        held -= {note.panel for note in row.notes if note.kind is NoteKind.TAIL} | {note.panel for note in hits}
        if row.tick in seconds:
            rows.append(HitRow(row.tick, seconds[row.tick], hits, frozenset(held)))
        held |= {note.panel for note in hits if note.kind in _HOLD_HEADS}
    return rows
