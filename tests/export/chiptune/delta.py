"""What a DMC makes of its sample, bit by bit: the other way round than `export.chiptune.samples`."""

import numpy as np

_STEP, _HIGHEST = 2, 127


def decoded(data: bytes, level: int = 0) -> np.ndarray:
    """The level after each bit: (8 * bytes,), 0 to 127. level: before the first bit."""
    levels = []
    for bit in np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little").tolist():
        after = level + _STEP if bit else level - _STEP
        level = after if 0 <= after <= _HIGHEST else level
        levels.append(level)
    return np.array(levels, dtype=np.uint8)
