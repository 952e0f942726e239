"""The band: instruments and drums that fit together at full volume.

A tone's attack is its loudest, so that notes of one pitch stay apart; what is held lies lower and leaves room for the
other voices.
"""

import numpy as np

from export.chiptune.samples import bits_per_second, delta_coded
from export.chiptune.score import Drum, Duty, Instrument, Sample

LEAD = Instrument((13, 15, 14, 13, 12, 12, 11, 11, 10), Duty.QUARTER, vibrato=0.2)
COUNTER = Instrument((9, 10, 9, 8, 8, 7, 7, 7, 6), Duty.HALF, vibrato=0.12)
CHORD = Instrument((10, 9, 8, 7, 7, 6, 6, 5, 5, 5, 4, 4, 4, 4, 3), Duty.EIGHTH)  # for several pitches in turn
BASS = Instrument((15,))  # of the triangle

KICK = Drum((15, 13, 10, 6, 3, 1), (9, 12, 13, 14, 14, 15))
SNARE = Drum((14, 12, 10, 8, 6, 5, 4, 3, 2, 1), (8, 5, 5, 5, 4, 4, 4, 4, 4, 4))
HAT = Drum((7, 4, 2, 1), (1, 2, 1, 1))
OPEN_HAT = Drum((8, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1), (2,) * 15)

_FINEST = 15  # the DMC's highest rate: 33 kHz


def _kick() -> Sample:
    """A sine that falls from 180 to 50 Hz and dies away, lifted to stand on level 0."""
    time = np.arange(0, 0.16, 1 / bits_per_second(_FINEST))
    phase = 2 * np.pi * np.cumsum(50 + 130 * np.exp(-time / 0.022)) / bits_per_second(_FINEST)
    return delta_coded(50 * np.exp(-time / 0.05) * (1 - np.cos(phase)), _FINEST)


def _snare() -> Sample:
    """A burst of noise over a tone of 190 Hz, both dying away, lifted to stand on level 0."""
    time = np.arange(0, 0.14, 1 / bits_per_second(_FINEST))
    held = 4  # steps of the coder for one value of the noise: faster ones are beyond its slope
    noise = np.repeat(np.random.RandomState(2).uniform(-1, 1, len(time) // held + 1), held)[: len(time)]
    tone = np.sin(2 * np.pi * 190 * time)
    body = 22 * np.exp(-time / 0.04) * (1 + tone) + 30 * np.exp(-time / 0.035) * (1 + noise)
    return delta_coded(body, _FINEST)


KICK_SAMPLE = _kick()
SNARE_SAMPLE = _snare()
