"""The frame counter, which clocks the voices' units some 240 and 120 times a second.

Source: nesdev.org/wiki/APU_Frame_Counter, whose APU cycles are two CPU cycles each.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from export.chiptune.hardware import Region


class FrameSequence(NamedTuple):
    """One round: CPU cycles from its start on.

    clocks: of the quarter frames; halves: which of them are half frames too; length: of the round
    """

    clocks: tuple[int, ...]
    halves: tuple[bool, ...]
    length: int


_HALVES = (False, True, False, True)
FOUR_STEPS = {
    Region.NTSC: FrameSequence((7457, 14913, 22371, 29829), _HALVES, 29830),
    Region.PAL: FrameSequence((8313, 16627, 24939, 33253), _HALVES, 33254),
}
FIVE_STEPS = {
    Region.NTSC: FrameSequence((7457, 14913, 22371, 37281), _HALVES, 37282),
    Region.PAL: FrameSequence((8313, 16627, 24939, 41565), _HALVES, 41566),
}


class Clocks(NamedTuple):
    """When the units are clocked.

    cycles: (clocks,) CPU cycles, rising; halves: (clocks,) whether a half frame is clocked with the quarter frame
    """

    cycles: NDArray[np.int64]
    halves: NDArray[np.bool_]


class FrameCounter:
    """Runs in four steps from power-on until a write to $4017 restarts it, in five steps where bit 7 is set.

    The restart comes 3 CPU cycles after a write at an even cycle, 4 after one at an odd cycle (the even ones being
    those at which the pulses' timers count); in five steps it clocks everything at once. No interrupt.
    """

    def __init__(self, region: Region) -> None:
        self._region = region
        self._sequence = FOUR_STEPS[region]
        self._start = 0
        self._now = 0
        self._pending: tuple[int, FrameSequence] | None = None

    def run(self, writes: list[tuple[int, int]], end: int) -> Clocks:
        """Clocks from where it stands up to the cycle `end`, exclusively. writes: cycle and value, in order."""
        parts: list[Clocks] = []
        for cycle, value in writes:
            self._advance(cycle, parts)
            sequence = (FIVE_STEPS if value & 0x80 else FOUR_STEPS)[self._region]
            self._pending = cycle + 3 + cycle % 2, sequence
        self._advance(end, parts)
        return Clocks(
            np.concatenate([np.empty(0, np.int64), *(part.cycles for part in parts)]),
            np.concatenate([np.empty(0, bool), *(part.halves for part in parts)]),
        )

    def _advance(self, end: int, parts: list[Clocks]) -> None:
        if self._pending is not None and self._pending[0] < end:
            restart, sequence = self._pending
            self._pending = None
            parts.append(self._clocks(restart))
            self._sequence, self._start, self._now = sequence, restart, restart
            if sequence in FIVE_STEPS.values():
                parts.append(Clocks(np.array([restart]), np.array([True])))
        parts.append(self._clocks(end))
        self._now = end

    def _clocks(self, end: int) -> Clocks:
        """Those from now up to `end`."""
        sequence = self._sequence
        rounds = np.arange((self._now - self._start) // sequence.length, (end - self._start) // sequence.length + 1)
        cycles = (self._start + rounds[:, None] * sequence.length + np.array(sequence.clocks)).ravel()
        within = (cycles >= self._now) & (cycles < end)
        return Clocks(cycles[within], np.tile(sequence.halves, len(rounds))[within])
