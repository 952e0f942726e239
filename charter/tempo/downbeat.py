"""Which beats begin a measure.

Of every four beats one does, the same through the song. Two things speak for it: the beat net, and where the sound
changes most, since chords and fills turn on downbeats.
"""

import numpy as np
from numpy.typing import NDArray

from charter.notation import BEATS_PER_MEASURE
from charter.tempo.recording import Recording

# As `python -m training rivals` prints them.
DOWNBEAT_WEIGHTS = {"net": 2.20, "change": 5.40}
_FAINT, _LITTLE = 0.01, 0.1


def downbeat_features(recording: Recording, beats: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """What speaks for each of the first four beats to begin a measure, by name; (4,) each.

    beats: seconds, rising, at least four
    net: mean log probability of a downbeat; change: log of how much the sound changes, beside its mean
    """
    net = np.log(recording.activation.downbeat_at(beats) + _FAINT)
    change = recording.change_at(beats)
    firsts = range(BEATS_PER_MEASURE)
    return {
        "net": np.array([net[first::BEATS_PER_MEASURE].mean() for first in firsts]),
        "change": np.log([change[first::BEATS_PER_MEASURE].mean() + _LITTLE for first in firsts]),
    }


def first_downbeat(recording: Recording, beats: NDArray[np.float64]) -> int:
    """Which of the first four beats begins a measure."""
    if len(beats) < BEATS_PER_MEASURE:
        return 0
    measured = downbeat_features(recording, beats)
    return int(np.sum([DOWNBEAT_WEIGHTS[name] * values for name, values in measured.items()], axis=0).argmax())
