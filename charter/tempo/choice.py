"""Which of the candidate pulses is the beat that a person would chart, and how sure that is.

A conditional logit: each candidate gets a score from a few measured features, and the exponentials of the scores share
out one. The weights come from songs that the beat net had not heard: `python -m training rivals` fits and prints them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from charter.notation import BEATS_PER_MEASURE
from charter.tempo.pulse import Pulse
from charter.tempo.recording import Recording

# As `python -m training rivals` prints them; the opening's was chosen beside them, as they stand.
WEIGHTS = {
    "on": 4.30,
    "between": 0.40,
    "change": 2.72,
    "downbeat change": 5.25,
    "comb": 0.23,
    "tempo": 0.86,
    "tempo squared": -4.34,
    "opening": 2.0,
}
_MIDDLE_BPM = 150.0  # of the scale of tempos, whose unit is the octave
_OPENING_SECONDS = 0.05  # how far from a beat the first sound may be heard: attacks are soft
_FAINT = 0.02  # added to probabilities before their logarithm
_LITTLE = 0.1  # of the mean, added to strengths before theirs


def features(recording: Recording, pulse: Pulse) -> dict[str, float]:
    """What is measured of a candidate, by name.

    on, between: mean log probability of a beat, by the net, on the pulse's beats and half-way between them
    change: log of how much the sound changes on the beats, beside half-way between them
    downbeat change: log of how much it changes on every fourth, where that is most
    comb: how much more than by chance sets in on beats and, counted half, between them, per second (see `comb`)
    tempo: octaves above 150 BPM
    opening: 1 where the music sets in on a beat, as three songs in four do, down to 0 where it does between beats
    """
    beats = pulse.beats_in(*recording.span)
    if len(beats) < BEATS_PER_MEASURE:
        return dict.fromkeys(WEIGHTS, 0.0) | {"on": float(np.log(_FAINT))}  # as if the net heard none of them
    halves = beats + pulse.period / 2
    change = recording.change_at(beats)
    measures = [float(change[first::BEATS_PER_MEASURE].mean()) for first in range(BEATS_PER_MEASURE)]
    attacks = recording.attacks_at(beats).mean() + 0.5 * recording.attacks_at(halves).mean() - 1.5
    tempo = float(np.log2(pulse.bpm / _MIDDLE_BPM))
    return {
        "on": _mean_log(recording.activation.beat_at(beats)),
        "between": _mean_log(recording.activation.beat_at(halves)),
        "change": float(np.log((change.mean() + _LITTLE) / (recording.change_at(halves).mean() + _LITTLE))),
        "downbeat change": float(np.log(max(measures) + _LITTLE)),
        "comb": float(attacks / pulse.period),
        "tempo": tempo,
        "tempo squared": tempo**2,
        "opening": float(np.exp(-np.square(pulse.off(recording.span.start) / _OPENING_SECONDS))),
    }


def shares(recording: Recording, pulses: Sequence[Pulse]) -> NDArray[np.float64]:
    """The probability of each candidate to be the beat, (candidates,), if one of them is."""
    scores = [sum(WEIGHTS[name] * value for name, value in features(recording, pulse).items()) for pulse in pulses]
    return np.asarray(softmax(np.array(scores)))


def _mean_log(probabilities: NDArray[np.float64]) -> float:
    return float(np.log(probabilities + _FAINT).mean())
