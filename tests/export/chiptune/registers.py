"""Logs of a few writes, and the voices' steps that they lead to."""

import numpy as np

from export.chiptune.apu import Apu
from export.chiptune.hardware import Region
from export.chiptune.log import RegisterLog
from export.chiptune.voices.events import Steps

PULSE_1, PULSE_2, TRIANGLE, NOISE, DMC = range(5)


def log_of(*writes, end, region=Region.NTSC, samples=b""):
    """A log of (cycle, address, value), in order."""
    cycles, addresses, values = zip(*writes, strict=True) if writes else ((), (), ())
    return RegisterLog(
        np.array(cycles, np.int64), np.array(addresses, np.uint16), np.array(values, np.uint8), end, region, samples
    )


def steps_of(voice: int, *writes, end, region=Region.NTSC, samples=b"") -> Steps:
    """One voice's steps, all voices but the DMC enabled first."""
    return Apu(log_of((0, 0x4015, 0x0F), *writes, end=end, region=region, samples=samples)).run(end)[voice]


def level_at(steps: Steps, cycle: int, before: int = 0) -> int:
    """The level at a cycle, which was `before` until the first step."""
    place = int(np.searchsorted(steps.cycles, cycle, "right"))
    return int(steps.levels[place - 1]) if place else before
