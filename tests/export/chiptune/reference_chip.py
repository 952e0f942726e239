"""The chip a cycle at a time, as slow and as plain as the wiring: what the fast voices are compared with.

Written from nesdev.org/wiki/APU alone and shares nothing with `export.chiptune`, so that a mistake would have to be
made twice.
"""

from dataclasses import dataclass, field

LENGTHS = [10, 254, 20, 2, 40, 4, 80, 6, 160, 8, 60, 10, 14, 12, 26, 14]
LENGTHS += [12, 16, 24, 18, 48, 20, 96, 22, 192, 24, 72, 26, 16, 28, 32, 30]
DUTIES = ["01000000", "01100000", "01111000", "10011111"]
TRIANGLE = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
NOISE = {
    False: [4, 8, 16, 32, 64, 96, 128, 160, 202, 254, 380, 508, 762, 1016, 2034, 4068],
    True: [4, 8, 14, 30, 60, 88, 118, 148, 188, 236, 354, 472, 708, 944, 1890, 3778],
}
DMC = {
    False: [428, 380, 340, 320, 286, 254, 226, 214, 190, 160, 142, 128, 106, 84, 72, 54],
    True: [398, 354, 316, 298, 276, 236, 210, 198, 176, 148, 132, 118, 98, 78, 66, 50],
}
# CPU cycles of the quarter frames, of those the half frames, and of the round.
FOUR = {
    False: ([7457, 14913, 22371, 29829], [14913, 29829], 29830),
    True: ([8313, 16627, 24939, 33253], [16627, 33253], 33254),
}
FIVE = {
    False: ([7457, 14913, 22371, 37281], [14913, 37281], 37282),
    True: ([8313, 16627, 24939, 41565], [16627, 41565], 41566),
}


@dataclass
class Length:
    enabled: bool = False
    halt: bool = False
    count: int = 0

    def load(self, value: int) -> None:
        if self.enabled:
            self.count = LENGTHS[value >> 3]

    def enable(self, on: int) -> None:
        self.enabled = bool(on)
        if not on:
            self.count = 0

    def clock(self) -> None:
        if not self.halt and self.count > 0:
            self.count -= 1


@dataclass
class Decay:
    register: int = 0
    start: bool = False
    divider: int = 0
    level: int = 0

    def clock(self) -> None:
        if self.start:
            self.start = False
            self.level = 15
            self.divider = self.register & 15
            return
        if self.divider > 0:
            self.divider -= 1
            return
        self.divider = self.register & 15
        if self.level > 0:
            self.level -= 1
        elif self.register & 0x20:
            self.level = 15

    def volume(self) -> int:
        return self.register & 15 if self.register & 0x10 else self.level


@dataclass
class PulseCells:
    first: bool
    length: Length = field(default_factory=Length)
    decay: Decay = field(default_factory=Decay)
    sweep: int = 0
    sweep_divider: int = 0
    sweep_reload: bool = False
    period: int = 0
    counter: int = 0
    step: int = 0

    def write(self, register: int, value: int) -> None:
        if register == 0:
            self.decay.register = value
            self.length.halt = bool(value & 0x20)
        elif register == 1:
            self.sweep = value
            self.sweep_reload = True
        elif register == 2:
            self.period = (self.period & 0x700) + value
        else:
            self.period = (self.period & 0x0FF) + ((value & 7) << 8)
            self.length.load(value)
            self.decay.start = True
            self.step = 0

    def target(self) -> int:
        change = self.period >> (self.sweep & 7)
        if self.sweep & 8:
            change = -change - 1 if self.first else -change
        return max(0, self.period + change)

    def muted(self) -> bool:
        return self.period < 8 or self.target() > 0x7FF

    def half(self) -> None:
        self.length.clock()
        if self.sweep_divider == 0 and self.sweep & 0x80 and self.sweep & 7 and not self.muted():
            self.period = self.target()
        if self.sweep_divider == 0 or self.sweep_reload:
            self.sweep_divider = self.sweep >> 4 & 7
            self.sweep_reload = False
        else:
            self.sweep_divider -= 1

    def quarter(self) -> None:
        self.decay.clock()

    def tick(self, cycle: int) -> int:
        if cycle % 2 == 0:
            if self.counter == 0:
                self.counter = self.period
                self.step = (self.step + 1) % 8
            else:
                self.counter -= 1
        if self.length.count == 0 or self.muted():
            return 0
        return int(DUTIES[self.decay.register >> 6][self.step]) * self.decay.volume()


@dataclass
class TriangleCells:
    length: Length = field(default_factory=Length)
    control: int = 0
    linear: int = 0
    reload: bool = False
    period: int = 0
    counter: int = 0
    step: int = 0

    def write(self, register: int, value: int) -> None:
        if register == 0:
            self.control = value
            self.length.halt = bool(value & 0x80)
        elif register == 2:
            self.period = (self.period & 0x700) + value
        elif register == 3:
            self.period = (self.period & 0x0FF) + ((value & 7) << 8)
            self.length.load(value)
            self.reload = True

    def half(self) -> None:
        self.length.clock()

    def quarter(self) -> None:
        if self.reload:
            self.linear = self.control & 0x7F
        elif self.linear > 0:
            self.linear -= 1
        if not self.control & 0x80:
            self.reload = False

    def tick(self, cycle: int) -> int:
        runs = self.length.count > 0 and self.linear > 0
        if self.counter == 0:
            self.counter = self.period
            if runs:
                self.step = (self.step + 1) % 32
        else:
            self.counter -= 1
        if runs and self.period < 2:
            return 7  # the choice of ours for a tone above hearing
        return TRIANGLE[self.step]


@dataclass
class NoiseCells:
    pal: bool
    length: Length = field(default_factory=Length)
    decay: Decay = field(default_factory=Decay)
    mode: int = 0
    shift: int = 1
    counter: int = 0

    def write(self, register: int, value: int) -> None:
        if register == 0:
            self.decay.register = value
            self.length.halt = bool(value & 0x20)
        elif register == 2:
            self.mode = value
        elif register == 3:
            self.length.load(value)
            self.decay.start = True

    def half(self) -> None:
        self.length.clock()

    def quarter(self) -> None:
        self.decay.clock()

    def tick(self, cycle: int) -> int:
        if self.counter == 0:
            self.counter = NOISE[self.pal][self.mode & 15] - 1
            other = self.shift >> 6 & 1 if self.mode & 0x80 else self.shift >> 1 & 1
            feedback = (self.shift & 1) ^ other
            self.shift = (self.shift >> 1) + (feedback << 14)
        else:
            self.counter -= 1
        return 0 if self.shift & 1 or self.length.count == 0 else self.decay.volume()


@dataclass
class DmcCells:
    pal: bool
    memory: bytes
    control: int = 0
    level: int = 0
    address_register: int = 0
    length_register: int = 0
    address: int = 0xC000
    remaining: int = 0
    buffer: int | None = None
    shift: int = 0
    bits: int = 8
    silence: bool = True
    counter: int = 0

    def write(self, register: int, value: int) -> None:
        if register == 0:
            self.control = value
        elif register == 1:
            self.level = value & 0x7F
        elif register == 2:
            self.address_register = value
        else:
            self.length_register = value

    def restart(self) -> None:
        self.address = 0xC000 + 64 * self.address_register
        self.remaining = 16 * self.length_register + 1

    def enable(self, on: int) -> None:
        if not on:
            self.remaining = 0
        elif self.remaining == 0:
            self.restart()
        self.fetch()

    def fetch(self) -> None:
        if self.buffer is not None or self.remaining == 0:
            return
        place = self.address - 0xC000
        self.buffer = self.memory[place] if 0 <= place < len(self.memory) else 0
        self.address = 0x8000 if self.address == 0xFFFF else self.address + 1
        self.remaining -= 1
        if self.remaining == 0 and self.control & 0x40:
            self.restart()

    def tick(self, cycle: int) -> int:
        if self.counter > 0:
            self.counter -= 1
            return self.level
        self.counter = DMC[self.pal][self.control & 15] - 1
        if not self.silence:
            if self.shift & 1 and self.level <= 125:
                self.level += 2
            elif not self.shift & 1 and self.level >= 2:
                self.level -= 2
        self.shift >>= 1
        self.bits -= 1
        if self.bits == 0:
            self.bits = 8
            self.silence = self.buffer is None
            self.shift, self.buffer = self.buffer or 0, None
            self.fetch()
        return self.level


Cells = PulseCells | TriangleCells | NoiseCells


def write(voices: list[Cells], dmc: DmcCells, address: int, value: int) -> None:
    if address < 0x4010:
        voices[(address - 0x4000) // 4].write(address % 4, value)
    elif address < 0x4014:
        dmc.write(address % 4, value)
    elif address == 0x4015:
        for bit, voice in enumerate(voices):
            voice.length.enable(value >> bit & 1)
        dmc.enable(value >> 4 & 1)


def reference_levels(writes: list[tuple[int, int, int]], end: int, *, pal: bool, memory: bytes) -> list[list[int]]:
    """Five lists of `end` levels, one a cycle: at each cycle the writes, the frame counter, then the timers."""
    voices = [PulseCells(first=True), PulseCells(first=False), TriangleCells(), NoiseCells(pal)]
    dmc = DmcCells(pal, memory)
    levels: list[list[int]] = [[] for _ in range(5)]
    sequence, position, restart, mode = FOUR[pal], 0, -1, 0
    todo = [*writes, (end, 0, 0)][::-1]
    for cycle in range(end):
        while todo[-1][0] == cycle:
            _, address, value = todo.pop()
            write(voices, dmc, address, value)
            if address == 0x4017:
                restart, mode = cycle + (3 if cycle % 2 == 0 else 4), value
        everything = restart == cycle and mode >= 0x80
        if restart == cycle:
            position = 0
            sequence = (FIVE if everything else FOUR)[pal]
        for voice in voices:
            if everything or position in sequence[0]:
                voice.quarter()
            if everything or position in sequence[1]:
                voice.half()
        position = (position + 1) % sequence[2]
        for place, cells in enumerate([*voices, dmc]):
            levels[place].append(cells.tick(cycle))
    return levels
