"""Listening, seen class by class: a model that plays every tick of a class finds all of its notes without an ear.

Conventions
    The classes are those of the reference's grid; generated times are rounded to its nearest tick.

Metrics
    f1           within 20 ms, among the onsets of one class
    every_tick   what playing every tick of the class between the first and the last reference row would score
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from charter.metrics.matching import MatchCounts, Seconds, matched_indices, total
from charter.metrics.onsets import TimedChart, onset_ticks
from charter.notation import TICKS_PER_BEAT

CLASS_TOLERANCE_MS = 20


class TickClass(StrEnum):
    """How fine a grid it takes to reach a tick."""

    QUARTER = "4th"
    EIGHTH = "8th"
    FINER = "finer"

    @property
    def ticks_per_beat(self) -> int:
        """Ticks of the class in a beat; of the finer ones only 12ths and 16ths, which is nearly all that charts use."""
        return 4 if self is TickClass.FINER else 1


@dataclass(frozen=True)
class ClassCounts:
    """What one chart adds to a class.

    ticks: of the class, between the first and the last reference row
    """

    matches: MatchCounts
    ticks: float


@dataclass(frozen=True)
class ClassFigures:
    """F1 within one class, and what playing every tick of it would score."""

    f1: float
    every_tick_f1: float


def tick_classes(ticks: NDArray[np.int64]) -> NDArray[np.str_]:
    """The `TickClass` value of each tick; same shape."""
    eighths = np.where(ticks % (TICKS_PER_BEAT // 2) == 0, TickClass.EIGHTH.value, TickClass.FINER.value)
    return np.where(ticks % TICKS_PER_BEAT == 0, TickClass.QUARTER.value, eighths)


def count_classes(reference: TimedChart, generated: Seconds) -> dict[TickClass, ClassCounts]:
    """Counts of one chart by class. ``generated`` are onsets in seconds, (onsets,), rising."""
    ticks = onset_ticks(reference)
    own = tick_classes(ticks)
    matched = own[matched_indices(reference.timing.seconds_at(ticks), generated, CLASS_TOLERANCE_MS / 1000)]
    played = tick_classes(np.round(reference.timing.ticks_at(generated)).astype(np.int64))
    beats = float(ticks[-1] - ticks[0]) / TICKS_PER_BEAT if ticks.size else 0.0
    return {
        kind: ClassCounts(
            MatchCounts(*(float(np.count_nonzero(found == kind.value)) for found in (matched, own, played))),
            beats * kind.ticks_per_beat,
        )
        for kind in TickClass
    }


def pool_class(counts: Sequence[ClassCounts]) -> ClassFigures:
    """The figures of one class over a set of charts."""
    pooled = total([chart.matches for chart in counts])
    ticks = sum(chart.ticks for chart in counts)
    every = MatchCounts(pooled.reference, pooled.reference, max(ticks, pooled.reference))
    return ClassFigures(f1=pooled.f1, every_tick_f1=every.f1)
