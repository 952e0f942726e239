"""The delta modulation voice, which plays samples from memory. Source: nesdev.org/wiki/APU_DMC."""

import numpy as np
from numpy.typing import NDArray

from export.chiptune.hardware import Region
from export.chiptune.log import SAMPLE_START
from export.chiptune.voices.events import ENABLE, Event, Steps, changes

# CPU cycles from one delta to the next, by the rate written.
PERIODS = {
    Region.NTSC: (428, 380, 340, 320, 286, 254, 226, 214, 190, 160, 142, 128, 106, 84, 72, 54),
    Region.PAL: (398, 354, 316, 298, 276, 236, 210, 198, 176, 148, 132, 118, 98, 78, 66, 50),
}
_MEMORY = 0x8000  # bytes, from $8000 on: where the address wraps
_HIGHEST = 127


class Dmc:
    """A level of 7 bits that goes up or down by 2 with each bit of a sample, and not where it would leave 0 to 127.

    The CPU cycles that a fetch steals are not counted, and there is no interrupt.
    samples: as in `RegisterLog`
    """

    def __init__(self, region: Region, samples: bytes) -> None:
        self.level = 0
        self._periods = PERIODS[region]
        self._memory = np.zeros(_MEMORY, np.uint8)
        held = np.frombuffer(samples, np.uint8)
        self._memory[SAMPLE_START - _MEMORY :][: len(held)] = held
        self._period = self._periods[0]
        self._loops = False
        self._sample_address, self._sample_length = SAMPLE_START, 1
        self._address, self._bytes_left = SAMPLE_START, 0
        self._buffer: int | None = None
        self._shift: int | None = None  # the byte being played, None for silence
        self._bits_left = 8
        self._next_tick = 0

    def run(self, events: list[Event], end: int) -> Steps:
        """Play up to the cycle `end`; see `voices.events.Voice`. Frame clocks mean nothing to this voice."""
        before = self.level
        parts: list[tuple[NDArray[np.int64], NDArray[np.uint8]]] = []
        for cycle, kind, value in events:
            parts.append(self._play(cycle))
            self._take(kind, value)
            if kind == 1:
                parts.append((np.array([cycle]), np.array([self.level], np.uint8)))
        parts.append(self._play(end))
        cycles = np.concatenate([cycles for cycles, _ in parts])
        levels = np.concatenate([levels for _, levels in parts])
        last = np.ones(len(cycles), bool)  # of several loads at one cycle, and a tick, the last counts
        np.not_equal(cycles[1:], cycles[:-1], out=last[:-1])
        return changes(cycles[last], levels[last], before)

    def _take(self, kind: int, value: int) -> None:
        if kind == 0:
            self._loops = bool(value & 0x40)
            self._period = self._periods[value & 0x0F]
        elif kind == 1:
            self.level = value & _HIGHEST
        elif kind == 2:
            self._sample_address = SAMPLE_START + value * 64
        elif kind == 3:
            self._sample_length = value * 16 + 1
        elif kind == ENABLE:
            if not value:
                self._bytes_left = 0
            elif not self._bytes_left:
                self._address, self._bytes_left = self._sample_address, self._sample_length
            if self._buffer is None:
                self._buffer = next(iter(self._fetch(1).tolist()), None)

    def _fetch(self, count: int) -> NDArray[np.uint8]:
        """(at most `count`,) the next bytes of the sample, which begins anew at its end if it loops."""
        if not self._bytes_left:
            return np.empty(0, np.uint8)
        place = np.arange(count if self._loops else min(count, self._bytes_left))
        beyond = place - self._bytes_left
        address = np.where(beyond < 0, self._address + place, self._sample_address + beyond % self._sample_length)
        if len(place) < self._bytes_left:
            self._address += len(place)
            self._bytes_left -= len(place)
        elif self._loops:
            into = (len(place) - self._bytes_left) % self._sample_length
            self._address, self._bytes_left = self._sample_address + into, self._sample_length - into
        else:
            self._bytes_left = 0
        return np.asarray(self._memory[address % _MEMORY])

    def _play(self, end: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Cycles and levels of the ticks up to `end`, exclusively; those of a silence are left out at its end."""
        ticks = max(-((self._next_tick - end) // self._period), 0)
        first = self._next_tick
        self._next_tick += ticks * self._period
        # A byte is taken from the buffer whenever the one before has run out; the buffer is filled again at once.
        loads = (ticks - self._bits_left) // 8 + 1 if ticks >= self._bits_left else 0
        playing, buffered = [] if self._shift is None else [self._shift], [] if self._buffer is None else [self._buffer]
        fetched = self._fetch(loads) if buffered else np.empty(0, np.uint8)
        stream = np.concatenate([np.array(buffered, np.uint8), fetched])
        loaded = stream[:loads]
        if loads:
            self._buffer = int(stream[loads]) if len(stream) > loads else None
        deltas = np.zeros(self._bits_left + 8 * len(loaded), np.int64)
        if playing:
            deltas[: self._bits_left] = _deltas(np.array(playing, np.uint8))[-self._bits_left :]
        deltas[self._bits_left :] = _deltas(loaded)
        deltas = deltas[:ticks]
        if loads:
            self._shift = int(loaded[-1]) if len(loaded) == loads else None
            self._bits_left = 8 - (ticks - self._bits_left) % 8
        else:
            self._bits_left -= ticks
        levels = walk(self.level, deltas)
        if len(levels):
            self.level = int(levels[-1])
        return first + np.arange(len(deltas)) * self._period, levels


def _deltas(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """(8 bytes,) the lowest bit first: 2 up or down."""
    return np.unpackbits(data, bitorder="little").astype(np.int64) * 4 - 2


def walk(level: int, deltas: NDArray[np.int64]) -> NDArray[np.uint8]:
    """(deltas,) the level after each delta, where one that would leave 0 to 127 is not taken.

    Where no delta is refused that is a sum. Else each delta is the map x -> clip(x + a, low, high), and so is any run
    of them: runs of 1, 2, 4, … are put together until each begins at the first.
    """
    plain = level + np.cumsum(deltas)
    if not len(plain) or (plain.min() >= 0 and plain.max() <= _HIGHEST):
        return plain.astype(np.uint8)
    # In a map, a run's sum counts no further than from one end of the range to the other.
    add = deltas.astype(np.int16)
    low = np.full(len(deltas), level % 2, np.int16)
    high = low + np.int16(_HIGHEST - 1)
    length = 1
    while length < len(deltas):
        before, of = slice(None, -length), slice(length, None)
        low[of], high[of] = (
            np.minimum(np.maximum(edge[before] + add[of], low[of]), high[of]) for edge in (low.copy(), high.copy())
        )
        add[of] = np.clip(add[of] + add[before], -2 * _HIGHEST, 2 * _HIGHEST)
        length *= 2
    return np.asarray(np.minimum(np.maximum(level + add, low), high), np.uint8)
