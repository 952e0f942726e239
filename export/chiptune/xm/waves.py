"""The chip's sounds as a tracker's samples: single cycles of the pulses and the triangle, whole drums."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from export.chiptune.driver import register_log
from export.chiptune.hardware import Region
from export.chiptune.mixer import LINEAR_PULSE, LINEAR_TRIANGLE, Mixing
from export.chiptune.render import render
from export.chiptune.samples import bits_per_second
from export.chiptune.score import LOUDEST, Drum, Duty, Hit, Sample, Score, Trigger

_DRUM_RATE = 44_100
_SETTLING = 0.02  # seconds after a drum, for the console's filter
_CYCLE_RATE = 48_000  # samples a second, about, at which a cycle is played at its pitch
_LONGEST_CYCLE = 1024

NOTES = 96  # of a module, from C-0 on
FIRST_NOTE = 12  # MIDI number of the first
MIDDLE_NOTE = 48  # the note, counted from 0, that plays a sample at its own rate
_MIDDLE_RATE = 8363.0
_MIDDLE_PITCH = 440 * 2 ** ((FIRST_NOTE + MIDDLE_NOTE - 69) / 12)
_FINETUNES = 128  # a semitone
TUNINGS = 16  # of a semitone, which players tell apart


class Wave(NamedTuple):
    """A sample. levels: (frames,) on the scale of the chip's output; note and finetune: added to a played note's."""

    levels: NDArray[np.float64]
    loops: bool
    note: int
    finetune: int


class Waves(NamedTuple):
    """An instrument's samples, and which of them each of the 96 notes plays."""

    samples: tuple[Wave, ...]
    by_note: tuple[int, ...]


def pulse_waves(duty: Duty, cents: float) -> Waves:
    """A pulse at full volume, tuned by ``cents``."""
    share = (0.125, 0.25, 0.5, 0.75)[duty]

    def cycle(length: int) -> NDArray[np.float64]:
        return (np.where(np.arange(length) < share * length, 1.0, 0.0) - share) * (LINEAR_PULSE * LOUDEST)

    return _cycles(cycle, 8, cents)


def triangle_waves(cents: float) -> Waves:
    """The triangle's 32 steps, down and up again, tuned by ``cents``."""
    steps = np.concatenate((np.arange(LOUDEST, -1, -1), np.arange(LOUDEST + 1))) - np.float64(LOUDEST / 2)

    def cycle(length: int) -> NDArray[np.float64]:
        return np.repeat(steps, length // len(steps)) * LINEAR_TRIANGLE

    return _cycles(cycle, len(steps), cents)


def playable_cents(cents: float, tunings: int = TUNINGS) -> float:
    """The tuning nearest to ``cents`` that a pulse or triangle can have, of so many in a semitone: 1, 2, 4, 8 or 16."""
    # A cycle as long as a power of two is a little flat when played as if the middle note were its own rate.
    flat = (12 * math.log2(_MIDDLE_PITCH * 32 / _MIDDLE_RATE)) % 1
    return 100 * (round((cents / 100 + flat) * tunings) / tunings - flat)


def drum_waves(sound: Drum | Sample) -> Waves:
    """A drum of the noise, or a sample of the DMC, from its start to its end, at the middle note.

    It is what the console plays: its filter takes away what would be a thump in a player without one.
    """
    if isinstance(sound, Drum):
        seconds = min(len(sound.volumes), len(sound.periods)) * Region.NTSC.frame_seconds
        score = Score(seconds + _SETTLING, noise=(Hit(0.0, sound),))
    else:
        seconds = 8 * len(sound.data) / bits_per_second(sound.rate)
        score = Score(seconds + _SETTLING, dmc=(Trigger(0.0, sound),))
    levels = render(register_log(score), _DRUM_RATE, Mixing.LINEAR).astype(np.float64)
    return Waves((_tuned(levels, _DRUM_RATE, loops=False),), (0,) * NOTES)


def _cycles(cycle: Callable[[int], NDArray[np.float64]], shortest: int, cents: float) -> Waves:
    """A cycle long enough for its harmonics at low notes, and short enough for players at high ones."""
    pitches = 440 * 2 ** ((FIRST_NOTE + np.arange(NOTES) + cents / 100 - 69) / 12)
    lengths = np.clip(2 ** np.rint(np.log2(_CYCLE_RATE / pitches)), shortest, _LONGEST_CYCLE).astype(np.int64)
    different = np.unique(lengths)[::-1]
    rates = different * pitches[MIDDLE_NOTE]
    samples = tuple(
        _tuned(cycle(length), rate, loops=True) for length, rate in zip(different.tolist(), rates.tolist(), strict=True)
    )
    return Waves(samples, tuple(np.searchsorted(-different, -lengths).tolist()))


def _tuned(levels: NDArray[np.float64], rate: float, *, loops: bool) -> Wave:
    """A sample that the middle note plays at ``rate``."""
    notes = 12 * np.log2(rate / _MIDDLE_RATE)
    note = round(notes)
    return Wave(levels, loops, note, _FINETUNES // TUNINGS * round((notes - note) * TUNINGS))
