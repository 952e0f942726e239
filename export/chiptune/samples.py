"""Sounds for the DMC: one bit a step, each two levels up or down."""

import numpy as np
from numpy.typing import ArrayLike

from charter.errors import RequestError
from export.chiptune.hardware import Region
from export.chiptune.score import Sample
from export.chiptune.voices.dmc import PERIODS

_HIGHEST_LEVEL = 127
MOST_BYTES = 4081  # of one sample: 255 * 16 + 1
_BLOCK = 16  # a sample's length register counts in these, and there is always one byte more
_STEP = 2


def bits_per_second(rate: int) -> float:
    """How many levels a sample of this rate index plays in a second, on an NTSC console."""
    return Region.NTSC.clock / PERIODS[Region.NTSC][rate]


def delta_coded(levels: ArrayLike, rate: int) -> Sample:
    """A sample that follows a curve as closely as steps of two allow, from level 0 and back to it.

    levels: (steps,) 0 to 127, `bits_per_second(rate)` of them a second. Level 0 at both ends costs the least: a higher
    one makes triangle and noise quieter in the chip's mixer, and needs no $4011 before the sample.

    Raises RequestError where the curve and its way back need more than 4081 bytes.
    """
    level = 0
    bits = []
    for wanted in np.asarray(levels, dtype=np.float64).tolist():
        # The nearer of the two levels that the next bit can reach; at 0 a step down stays there.
        rises = wanted > max(level, _STEP / 2) and level <= _HIGHEST_LEVEL - _STEP
        bits.append(rises)
        level = level + _STEP if rises else max(level - _STEP, 0)
    bits += [False] * (level // _STEP)
    length = -(-len(bits) // 8)
    length += -(length - 1) % _BLOCK
    if length > MOST_BYTES:
        raise RequestError(
            f"a sample of {length} bytes: the DMC plays at most {MOST_BYTES}; shorten it or lower its rate"
        )
    packed = np.packbits(np.array(bits, dtype=np.uint8), bitorder="little").tobytes()
    return Sample(packed.ljust(length, b"\0"), rate)
