"""The two pulse voices. Source: nesdev.org/wiki/APU_Pulse."""

import numpy as np

from export.chiptune.voices.events import ENABLE, HALF_FRAME, QUARTER_FRAME, Event, Steps, changes
from export.chiptune.voices.spans import Spans
from export.chiptune.voices.units import Envelope, LengthCounter, Sweep

# (duties, steps): the outputs in the order in which they are played.
DUTIES = np.array(
    [[0, 1, 0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0, 0, 0], [0, 1, 1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 1, 1, 1, 1]], np.uint8
)
_STEPS = DUTIES.shape[1]


class Pulse:
    """A pulse wave of 4 duties: 8 steps of 2 (t + 1) cycles, where t is the timer period of 11 bits.

    ones_complement: of its sweep, True in the first pulse, False in the second
    """

    def __init__(self, *, ones_complement: bool) -> None:
        self.level = 0
        self._envelope = Envelope()
        self._length = LengthCounter()
        self._sweep = Sweep(ones_complement=ones_complement)
        self._duty = 0
        self._period = 0
        self._spans = Spans()

    def run(self, events: list[Event], end: int) -> Steps:
        """Play up to the cycle `end`; see `voices.events.Voice`."""
        period, sound = self._period, self._sound()
        for cycle, kind, value in events:
            self._take(kind, value)
            now = self._sound()
            if now != sound or self._period != period or kind == 3:
                self._advance(cycle, period, sound)
                period, sound = self._period, now
                if kind == 3:
                    self._spans.step = 0  # the sequencer restarts, the timer does not
        self._advance(end, period, sound)
        ticks = self._spans.take()
        levels = DUTIES.ravel()[(ticks.values >> 4) * _STEPS + ticks.steps % _STEPS] * (ticks.values & 15).astype(
            np.uint8
        )
        steps = changes(ticks.cycles, levels, self.level)
        if len(levels):
            self.level = int(levels[-1])
        return steps

    def _advance(self, cycle: int, period: int, sound: int) -> None:
        self._spans.advance(cycle, 2 * (period + 1), sound, sounding=bool(sound & 15))

    def _sound(self) -> int:
        """Duty and volume in one number."""
        silent = not self._length.left or self._sweep.mutes(self._period)
        return self._duty << 4 | (0 if silent else self._envelope.volume)

    def _take(self, kind: int, value: int) -> None:
        if kind == QUARTER_FRAME:
            self._envelope.clock()
        elif kind == HALF_FRAME:
            self._envelope.clock()
            self._length.clock()
            self._period = self._sweep.clock(self._period)
        elif kind == 0:
            self._duty = value >> 6
            self._length.halted = bool(value & 0x20)
            self._envelope.write(value)
        elif kind == 1:
            self._sweep.write(value)
        elif kind == 2:
            self._period = self._period & 0x700 | value
        elif kind == 3:
            self._period = self._period & 0xFF | (value & 7) << 8
            self._length.load(value)
            self._envelope.restart()
        elif kind == ENABLE:
            self._length.enable(value)
