"""Which of the candidate pulses is the beat that a person would chart, and how sure that is.

A conditional logit: each candidate gets a score from a few measured features, and the exponentials of the scores share
out one. The weights come from songs that the beat net had not heard: `python -m training rivals` fits and prints them.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from charter.notation import BEATS_PER_MEASURE
from charter.tempo.candidates import agreement
from charter.tempo.pulse import Pulse
from charter.tempo.recording import Recording

# As `python -m training rivals` prints them.
WEIGHTS = {
    "beats": 0.33,
    "downbeats": 0.06,
    "on": 2.28,
    "between": 0.46,
    "bass": 0.39,
    "change": 3.38,
    "tempo": 1.96,
    "tempo squared": -3.0,
}
_MIDDLE_BPM = 150.0  # of the scale of tempos, whose unit is the octave
_FAINT = 0.02  # added to probabilities before their logarithm
_LITTLE = 0.1  # of the mean, added to strengths before theirs


def features(recording: Recording, pulse: Pulse) -> dict[str, float]:
    """What is measured of a candidate, by name.

    beats, downbeats: how far above chance the net's beats stand on the pulse's, and its downbeats on every fourth
    on, between: mean log probability of a beat on the pulse's beats and half-way between them
    bass, change: on the beats beside half-way between, as logarithms
    tempo: octaves above 150 BPM
    """
    hears = recording.activation
    beats = pulse.beats_in(*recording.span)
    if len(beats) < BEATS_PER_MEASURE:
        return dict.fromkeys(WEIGHTS, 0.0)
    halves = beats + pulse.period / 2
    downbeats = hears.downbeat_at(beats)
    strongest = max(float(downbeats[first::BEATS_PER_MEASURE].mean()) for first in range(BEATS_PER_MEASURE))
    chance, spread = float(hears.downbeat.mean()), float(hears.downbeat.std()) + 1e-6
    tempo = float(np.log2(pulse.bpm / _MIDDLE_BPM))

    def beside_halves(strength: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> float:
        return float(np.log((strength(beats).mean() + _LITTLE) / (strength(halves).mean() + _LITTLE)))

    return {
        "beats": agreement(recording, pulse),
        "downbeats": (strongest - chance) / spread * float(np.sqrt(BEATS_PER_MEASURE * pulse.period)),
        "on": _mean_log(hears.beat_at(beats)),
        "between": _mean_log(hears.beat_at(halves)),
        "bass": beside_halves(recording.bass_at),
        "change": beside_halves(recording.change_at),
        "tempo": tempo,
        "tempo squared": tempo**2,
    }


def shares(recording: Recording, pulses: Sequence[Pulse]) -> NDArray[np.float64]:
    """The probability of each candidate to be the beat, (candidates,), if one of them is."""
    scores = [sum(WEIGHTS[name] * value for name, value in features(recording, pulse).items()) for pulse in pulses]
    return np.asarray(softmax(np.array(scores)))


def _mean_log(probabilities: NDArray[np.float64]) -> float:
    return float(np.log(probabilities + _FAINT).mean())
