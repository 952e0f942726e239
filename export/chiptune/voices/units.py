"""What the voices share: envelope, length counter and sweep, each clocked by the frame counter.

Source: nesdev.org/wiki/APU_Envelope, APU_Length_Counter, APU_Sweep.
"""

# Half frames, by the upper five bits of a voice's fourth register: notes of two tempi in turn with plain numbers.
_NOTES = (10, 20, 40, 80, 160, 60, 14, 26, 12, 24, 48, 96, 192, 72, 16, 32)
_NUMBERS = (254, *range(2, 32, 2))
LENGTHS = tuple(length for pair in zip(_NOTES, _NUMBERS, strict=True) for length in pair)

_LOWEST_PERIOD = 8
_HIGHEST_PERIOD = 0x7FF


class Envelope:
    """A volume of 0 to 15: the one written, or one that falls from 15, a step every `written + 1` quarter frames."""

    def __init__(self) -> None:
        self._written = 0
        self._constant = False
        self._loops = False
        self._restarts = False
        self._divider = 0
        self._decay = 0

    @property
    def volume(self) -> int:
        """The volume now."""
        return self._written if self._constant else self._decay

    def write(self, value: int) -> None:
        """Take the voice's first register: --LC VVVV."""
        self._loops = bool(value & 0x20)
        self._constant = bool(value & 0x10)
        self._written = value & 0x0F

    def restart(self) -> None:
        """Begin again at the next clock; a write to the voice's fourth register does that."""
        self._restarts = True

    def clock(self) -> None:
        """A quarter frame."""
        if self._restarts:
            self._restarts = False
            self._decay = 15
            self._divider = self._written
        elif self._divider:
            self._divider -= 1
        else:
            self._divider = self._written
            if self._decay:
                self._decay -= 1
            elif self._loops:
                self._decay = 15


class LengthCounter:
    """Half frames until the voice falls silent; while the voice is disabled, 0."""

    def __init__(self) -> None:
        self.halted = False
        self.left = 0
        self._enabled = False

    def enable(self, bit: int) -> None:
        """Take the voice's bit of $4015."""
        self._enabled = bool(bit)
        if not bit:
            self.left = 0

    def load(self, value: int) -> None:
        """Take the voice's fourth register: LLLL L---."""
        if self._enabled:
            self.left = LENGTHS[value >> 3]

    def clock(self) -> None:
        """A half frame."""
        if self.left and not self.halted:
            self.left -= 1


class Sweep:
    """What bends a pulse's period, and mutes the pulse where the period is too low or would grow too high.

    ones_complement: whether falling periods lose one more, as the first pulse's do
    """

    def __init__(self, *, ones_complement: bool) -> None:
        self._extra = int(ones_complement)
        self._enabled = False
        self._negates = False
        self._shift = 0
        self._wait = 0
        self._divider = 0
        self._reloads = False

    def write(self, value: int) -> None:
        """Take the pulse's second register: EPPP NSSS."""
        self._enabled = bool(value & 0x80)
        self._wait = value >> 4 & 7
        self._negates = bool(value & 0x08)
        self._shift = value & 7
        self._reloads = True

    def target(self, period: int) -> int:
        """Where the timer period would go from `period` (both the register's, 11 bits)."""
        change = period >> self._shift
        return max(period - change - self._extra, 0) if self._negates else period + change

    def mutes(self, period: int) -> bool:
        """Whether a pulse of this period is silent; so it can be while the sweep is off, too."""
        return period < _LOWEST_PERIOD or self.target(period) > _HIGHEST_PERIOD

    def clock(self, period: int) -> int:
        """A half frame: the period from now on."""
        if not self._divider and self._enabled and self._shift and not self.mutes(period):
            period = self.target(period)
        if not self._divider or self._reloads:
            self._divider = self._wait
            self._reloads = False
        else:
            self._divider -= 1
        return period
