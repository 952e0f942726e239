"""A chart beside its timing, and the rows of it that count: those that have to be hit and can be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from charter.metrics.matching import Seconds
from charter.notation import Chart, Timing

_NO_ONSETS = np.zeros(0)


@dataclass(frozen=True)
class TimedChart:
    """A chart with the timing that it is played by."""

    chart: Chart
    timing: Timing


def onset_ticks(timed: TimedChart) -> NDArray[np.int64]:
    """Ticks of a chart's onsets, (onsets,), rising."""
    return np.array(timed.chart.hit_ticks(timed.timing), dtype=np.int64)


def onset_seconds(timed: TimedChart | None) -> Seconds:
    """Times of a chart's onsets, (onsets,), rising; a chart that is missing has none."""
    return timed.timing.seconds_at(onset_ticks(timed)) if timed else _NO_ONSETS
