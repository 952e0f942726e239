"""The noise voice. Source: nesdev.org/wiki/APU_Noise."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from export.chiptune.hardware import Region
from export.chiptune.voices.events import ENABLE, HALF_FRAME, QUARTER_FRAME, Event, Steps, changes
from export.chiptune.voices.spans import Spans
from export.chiptune.voices.units import Envelope, LengthCounter

# CPU cycles from one step of the shift register to the next, by the rate written.
PERIODS = {
    Region.NTSC: (4, 8, 16, 32, 64, 96, 128, 160, 202, 254, 380, 508, 762, 1016, 2034, 4068),
    Region.PAL: (4, 8, 14, 30, 60, 88, 118, 148, 188, 236, 354, 472, 708, 944, 1890, 3778),
}
_BITS = 15
_POWER_ON = 1


class Orbits(NamedTuple):
    """Every state of the shift register, one orbit behind the other, each in the order in which it is run through.

    states: (32767,); places: (32768,) of a state in `states`; starts, lengths: (32768,) of the orbit a state is on
    """

    states: NDArray[np.int64]
    places: NDArray[np.int64]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]


def stepped(state: int, *, short: bool) -> int:
    """The 15-bit shift register one step on: fed back from bits 0 and 1, in the short mode from bits 0 and 6."""
    return state >> 1 | ((state ^ state >> (6 if short else 1)) & 1) << (_BITS - 1)


@cache
def orbits(*, short: bool) -> Orbits:
    """The orbits of a mode: one of 32767 states, or in the short mode 352 of 93 and one of 31."""
    size = 1 << _BITS
    places, starts, lengths = [-1] * size, [0] * size, [0] * size
    states: list[int] = []
    for head in range(1, size):
        if places[head] >= 0:
            continue
        start, state = len(states), head
        while places[state] < 0:
            places[state] = len(states)
            states.append(state)
            state = stepped(state, short=short)
        for state in states[start:]:
            starts[state] = start
            lengths[state] = len(states) - start
    return Orbits(np.array(states), np.array(places), np.array(starts), np.array(lengths))


@cache
def _high(*, short: bool) -> NDArray[np.uint8]:
    """(32767,) whether the voice is high at each place of the mode's orbits: where bit 0 is clear."""
    return (1 - (orbits(short=short).states & 1)).astype(np.uint8)


class Noise:
    """Bit 0 of a shift register, which sounds as long noise or, in the short mode, as a metallic tone."""

    def __init__(self, region: Region) -> None:
        self.level = 0
        self._periods = PERIODS[region]
        self._envelope = Envelope()
        self._length = LengthCounter()
        self._short = False
        self._period = self._periods[0]
        self._state = _POWER_ON
        self._spans = Spans()
        self._enter()

    def run(self, events: list[Event], end: int) -> Steps:
        """Play up to the cycle `end`; see `voices.events.Voice`."""
        parts: list[tuple[NDArray[np.int64], NDArray[np.uint8]]] = []
        period, short, volume = self._period, self._short, self._volume()
        for cycle, kind, value in events:
            self._take(kind, value)
            now = self._volume()
            if now == volume and self._period == period and self._short == short:
                continue
            self._spans.advance(cycle, period, volume, sounding=bool(volume))
            if self._short != short:
                parts.append(self._outputs(short=short))
                self._enter()
            period, short, volume = self._period, self._short, now
        self._spans.advance(end, period, volume, sounding=bool(volume))
        parts.append(self._outputs(short=short))
        levels = np.concatenate([levels for _, levels in parts])
        steps = changes(np.concatenate([cycles for cycles, _ in parts]), levels, self.level)
        if len(levels):
            self.level = int(levels[-1])
        return steps

    def _enter(self) -> None:
        """Go on from the register's state on the orbit that the mode puts it on."""
        table = orbits(short=self._short)
        self._start = int(table.starts[self._state])
        self._orbit_length = int(table.lengths[self._state])
        self._spans.step = int(table.places[self._state]) - self._start

    def _outputs(self, *, short: bool) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Cycles and levels of the spans so far, all of one mode."""
        ticks = self._spans.take()
        self._spans.step %= self._orbit_length
        self._state = int(orbits(short=short).states[self._start + self._spans.step])
        orbit = _high(short=short)[self._start : self._start + self._orbit_length]
        return ticks.cycles, orbit[ticks.steps % self._orbit_length] * ticks.values.astype(np.uint8)

    def _volume(self) -> int:
        return self._envelope.volume if self._length.left else 0

    def _take(self, kind: int, value: int) -> None:
        if kind == QUARTER_FRAME:
            self._envelope.clock()
        elif kind == HALF_FRAME:
            self._envelope.clock()
            self._length.clock()
        elif kind == 0:
            self._length.halted = bool(value & 0x20)
            self._envelope.write(value)
        elif kind == 2:
            self._short = bool(value & 0x80)
            self._period = self._periods[value & 0x0F]
        elif kind == 3:
            self._length.load(value)
            self._envelope.restart()
        elif kind == ENABLE:
            self._length.enable(value)
