"""How a timing's beats lie to those that were played."""

import numpy as np

from charter.notation import TICKS_PER_BEAT, Timing


def off_beats(timing: Timing, seconds: np.ndarray) -> np.ndarray:
    """How far each of these moments lies from the timing's nearest beat, in seconds."""
    numbers = np.rint(timing.ticks_at(seconds) / TICKS_PER_BEAT)
    around = np.stack([timing.seconds_at((numbers + shift) * TICKS_PER_BEAT) for shift in (-1, 0, 1)])
    return np.abs(around - seconds).min(axis=0)
