"""A register log to sound: the chip, its mixer and the console behind it."""

from collections.abc import Iterator
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from charter.errors import RequestError
from export.chiptune.apu import Apu
from export.chiptune.band_limit import DELAY, MULTIPLE, BandLimiter
from export.chiptune.log import RegisterLog
from export.chiptune.mixer import Mixer, Mixing

_LOWEST_RATE, _HIGHEST_RATE = 8_000, 96_000
_BLOCK_FRAMES = 4096 * MULTIPLE


class Console(Enum):
    """What stands behind the chip: filters of the first order. Source: nesdev.org/wiki/APU_Mixer."""

    FAMICOM = "famicom"  # high-pass at 37 Hz
    NES = "nes"  # high-pass at 90 and 440 Hz, low-pass at 14 kHz
    NONE = "none"  # the mixer's output, less what it is at power-on

    @property
    def high_passes(self) -> tuple[float, ...]:
        """Their corners, in Hz."""
        return {"famicom": (37.0,), "nes": (90.0, 440.0), "none": ()}[self.value]

    def low_pass(self, frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) the gain of the low-pass filter at frequencies in Hz."""
        corner = 14_000.0 if self is Console.NES else np.inf
        return 1 / np.sqrt(1 + (frequencies / corner) ** 2)


def render_blocks(
    log: RegisterLog, rate: int = 48_000, mixing: Mixing = Mixing.NONLINEAR, console: Console = Console.FAMICOM
) -> Iterator[NDArray[np.float32]]:
    """Play the log: blocks of about 1.4 s of samples, (frames,) each, mono, as `render` describes them.

    Memory does not grow with the log's length.
    """
    if not _LOWEST_RATE <= rate <= _HIGHEST_RATE:
        raise RequestError(f"sampling rate {rate} Hz: not between {_LOWEST_RATE} and {_HIGHEST_RATE}")
    return _blocks(log, rate, mixing, console)


def render(
    log: RegisterLog, rate: int = 48_000, mixing: Mixing = Mixing.NONLINEAR, console: Console = Console.FAMICOM
) -> NDArray[np.float32]:
    """Play the log: (frames,) samples between -1 and 1, mono, from power-on to the log's end.

    The chip is heard as after a long rest: what its output is at power-on counts as silence. Band-limited, flat to
    0.41 of the rate (20 of 48 kHz), and nothing above half of it is folded back louder than some -80 dB.
    Raises RequestError for a rate out of 8 to 96 kHz.
    """
    return np.concatenate([np.empty(0, np.float32), *render_blocks(log, rate, mixing, console)])


def _blocks(log: RegisterLog, rate: int, mixing: Mixing, console: Console) -> Iterator[NDArray[np.float32]]:
    clock = log.region.clock
    apu = Apu(log)
    mixer = Mixer(mixing, tuple(voice.level for voice in apu.voices))
    limiter = BandLimiter(clock, rate, console.low_pass)
    sections = [signal.butter(1, corner, "highpass", fs=rate, output="sos") for corner in console.high_passes]
    filters = np.concatenate(sections) if sections else None
    state = np.zeros((len(sections), 2))
    left = round(log.end * rate / clock)
    rendered, skipped = 0, DELAY
    while left:
        rendered += _BLOCK_FRAMES
        steps = apu.run(min(int(np.ceil(rendered * clock / rate)), log.end))
        samples = limiter.block(mixer.mix(steps), _BLOCK_FRAMES)
        if filters is not None:
            samples, state = signal.sosfilt(filters, samples, zi=state)
        samples = samples[skipped : skipped + left]
        skipped = 0
        left -= len(samples)
        yield samples.astype(np.float32)
