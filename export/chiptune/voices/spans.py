"""A timer that steps a sequencer, by spans in which nothing else changes: no loop over its ticks."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Ticks(NamedTuple):
    """Every moment at which an output may change: the start of each span, then its ticks.

    cycles: (moments,) int64, rising; steps: (moments,) int64, where the sequencer stands from then on
    values: (moments,) int64, what the voice attached to the span
    """

    cycles: NDArray[np.int64]
    steps: NDArray[np.int64]
    values: NDArray[np.int64]


class Spans:
    """The timer and its sequencer, which counts without end. A new period holds from the next reload on.

    step: ticks since the sequencer's start; a voice may set it between spans
    """

    def __init__(self) -> None:
        self.step = 0
        self._start = 0
        self._next_tick = 0
        self._rows: list[tuple[int, int, int, int, int, int]] = []

    def advance(self, end: int, period: int, value: int, *, stepping: bool = True, sounding: bool = True) -> None:
        """Go to the cycle `end`, exclusively, with a tick every `period` cycles.

        A span that is not `stepping` ticks while the sequencer stands; one that is not `sounding` steps unheard, and
        is kept as its start alone.
        """
        start, first = self._start, self._next_tick
        if start == end:
            return
        ticks = -((first - end) // period) if first < end else 0
        self._next_tick = first + ticks * period
        self._start = end
        step = self.step
        if stepping:
            self.step += ticks
            if first == start:  # this tick belongs to the span's start
                step, first, ticks = step + 1, first + period, ticks - 1
        self._rows.append((start, first, period, ticks if stepping and sounding else 0, step, value))

    def take(self) -> Ticks:
        """The moments of all spans since the last call."""
        rows = np.array(self._rows, np.int64).reshape(-1, 6)
        self._rows = []
        start, first, period, ticks, step, value = rows.T
        moments = ticks + 1
        heads = np.cumsum(moments) - moments
        # Ticks of a span counted from 1; at the head 0, whose cycle is the span's start.
        count = np.arange(moments.sum()) - np.repeat(heads, moments)
        cycles = count * np.repeat(period, moments) + np.repeat(first - period, moments)
        cycles[heads] = start
        return Ticks(cycles, count + np.repeat(step, moments), np.repeat(value, moments))
