"""The triangle voice. Source: nesdev.org/wiki/APU_Triangle."""

import numpy as np

from export.chiptune.voices.events import ENABLE, HALF_FRAME, QUARTER_FRAME, Event, Steps, changes
from export.chiptune.voices.spans import Spans
from export.chiptune.voices.units import LengthCounter

SEQUENCE = np.concatenate([np.arange(15, -1, -1), np.arange(16)]).astype(np.uint8)
ULTRASONIC_LEVEL = 7  # the mean of the sequence is 7.5
_ULTRASONIC = 2


class Triangle:
    """32 steps of t + 1 cycles, played while both its counters run; else it holds the step where it stands.

    At the periods 0 and 1 (56 and 28 kHz) only the mean would be heard: then the output is `ULTRASONIC_LEVEL`, while
    the sequencer goes on unheard.
    """

    def __init__(self) -> None:
        self.level = int(SEQUENCE[0])
        self._length = LengthCounter()
        self._linear = 0
        self._linear_load = 0
        self._reloads = False
        self._period = 0
        self._spans = Spans()

    def run(self, events: list[Event], end: int) -> Steps:
        """Play up to the cycle `end`; see `voices.events.Voice`."""
        period, runs = self._period, self._runs()
        for cycle, kind, value in events:
            self._take(kind, value)
            now = self._runs()
            if now != runs or self._period != period:
                self._advance(cycle, period, runs=runs)
                period, runs = self._period, now
        self._advance(end, period, runs=runs)
        ticks = self._spans.take()
        levels = np.where(ticks.values, np.uint8(ULTRASONIC_LEVEL), SEQUENCE[ticks.steps % len(SEQUENCE)])
        steps = changes(ticks.cycles, levels, self.level)
        if len(levels):
            self.level = int(levels[-1])
        return steps

    def _advance(self, cycle: int, period: int, *, runs: bool) -> None:
        ultrasonic = runs and period < _ULTRASONIC
        self._spans.advance(cycle, period + 1, int(ultrasonic), stepping=runs, sounding=not ultrasonic)

    def _runs(self) -> bool:
        return bool(self._length.left and self._linear)

    def _take(self, kind: int, value: int) -> None:
        if kind == QUARTER_FRAME:
            self._clock_linear()
        elif kind == HALF_FRAME:
            self._clock_linear()
            self._length.clock()
        elif kind == 0:
            self._length.halted = bool(value & 0x80)
            self._linear_load = value & 0x7F
        elif kind == 2:
            self._period = self._period & 0x700 | value
        elif kind == 3:
            self._period = self._period & 0xFF | (value & 7) << 8
            self._length.load(value)
            self._reloads = True
        elif kind == ENABLE:
            self._length.enable(value)

    def _clock_linear(self) -> None:
        if self._reloads:
            self._linear = self._linear_load
        elif self._linear:
            self._linear -= 1
        if not self._length.halted:  # one flag, of two uses: it halts the length and keeps reloading the linear counter
            self._reloads = False
