"""How hard a chart is, as people would rate it: a meter, estimated from when its rows fall.

An ordinal model of the meters that people gave to their charts for feet: cumulative logits with proportional odds
(McCullagh, "Regression Models for Ordinal Data", 1980). A score is weighed from a chart's features; between the
thresholds beside it lies the median of the meters that charts of that score have. The features are few, for no more of
them bring anything on the valid split; jumps have no weight there, and so a meter is known before there are panels.
`python -m training meters` fits the figures below and prints them, beside what other features would bring.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from charter.decode.density import HIGHEST_DENSITY, LOWEST_DENSITY
from charter.errors import RequestError

LOWEST_METER, HIGHEST_METER = 1, 25
BUSIEST_SECONDS = 15.0

_SHORTEST_SECONDS = 1.0  # rows within less are rated as if they took as long


class MeterFeatures(NamedTuple):
    """What a meter is estimated from: logarithms of rows per second, from the first row to the last.

    mean: of the whole; busiest: of the busiest 15 seconds
    """

    mean: float
    busiest: float

    @classmethod
    def of(cls, seconds: ArrayLike) -> "MeterFeatures":
        """Of a chart whose rows fall at ``seconds``, (rows,), rising."""
        times = np.asarray(seconds, dtype=np.float64)
        return cls(log_busiest(times, math.inf), log_busiest(times, BUSIEST_SECONDS))


class MeterScale(NamedTuple):
    """A fitted model.

    weights: of the features, none below 0; thresholds: scores that lie between meters 1 and 2, 2 and 3, ..., rising
    burst: mean excess of the busiest passage's feature over the mean's
    """

    weights: MeterFeatures
    thresholds: tuple[float, ...]
    burst: float

    def score(self, features: MeterFeatures) -> float:
        """Features, weighed."""
        return sum(weight * value for weight, value in zip(self.weights, features, strict=True))

    @property
    def knots(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Scores and their meters, (knots,) each, between which the scale is linear.

        Meter 1 reaches as far down as up. Beyond the thresholds the scale goes on to the highest meter, which a stream
        of the highest density has: too few charts are as hard as that to say more.
        """
        first, second = self.thresholds[:2]
        highest = self.score(MeterFeatures(math.log(HIGHEST_DENSITY), math.log(HIGHEST_DENSITY)))
        between = LOWEST_METER + 0.5 + np.arange(len(self.thresholds))
        scores = np.array([first - (second - first) / 2, *self.thresholds, highest])
        return scores, np.array([LOWEST_METER, *between, HIGHEST_METER])

    def meter(self, features: MeterFeatures) -> float:
        """The meter of features, between whole ones too; rounded, it is the median of people's."""
        return float(np.interp(self.score(features), *self.knots))

    def steepness(self) -> float:
        """By how much the score grows as the density grows e-fold, everywhere alike."""
        return sum(self.weights)

    def score_of(self, meter: float) -> float:
        """The score of which a meter is estimated."""
        scores, meters = self.knots
        return float(np.interp(meter, meters, scores))


SCALE = MeterScale(
    weights=MeterFeatures(mean=1.60, busiest=4.94),
    thresholds=(0.02, 2.61, 4.26, 5.79, 6.81, 7.77, 8.74, 10.09, 11.31, 12.47, 13.77),
    burst=0.28,
)


def log_busiest(seconds: NDArray[np.float64], window: float) -> float:
    """Logarithm of the most rows per second in any ``window`` seconds, or in all if those are fewer.

    seconds: (rows,), rising. Rows are counted as if they came evenly between each and the next: a stream has the same
    rate in windows of any length. Fewer than two rows have the lowest density there is.
    """
    if len(seconds) < 2:
        return math.log(LOWEST_DENSITY)
    first, last = float(seconds[0]), float(seconds[-1])
    window = min(window, last - first)
    # The most rows are in a window that begins or ends with one.
    starts = np.clip(np.concatenate([seconds, seconds - window]), first, last - window)
    count = np.arange(len(seconds))
    rows = np.interp(starts + window, seconds, count) - np.interp(starts, seconds, count)
    return math.log(max(float(rows.max()) / max(window, _SHORTEST_SECONDS), LOWEST_DENSITY))


def estimated_meter(seconds: ArrayLike) -> float:
    """The meter of a chart whose rows fall at ``seconds``, (rows,), rising; between whole meters too."""
    return SCALE.meter(MeterFeatures.of(seconds))


def meter_of(seconds: ArrayLike) -> int:
    """The whole meter nearest to the one estimated."""
    return round(estimated_meter(seconds))


def density_of_meter(meter: int) -> float:
    """Rows per second of a chart of a meter, if its busiest passage stands out as usual.

    Raises RequestError for a meter off the scale.
    """
    if not LOWEST_METER <= meter <= HIGHEST_METER:
        raise RequestError(f"a meter of {meter} is off the scale; it goes from {LOWEST_METER} to {HIGHEST_METER}")
    return math.exp((SCALE.score_of(meter) - SCALE.weights.busiest * SCALE.burst) / SCALE.steepness())


def denser(density: float, seconds: ArrayLike, meter: int) -> float:
    """The density that brings a chart nearer to a meter: what was asked for it, more or less by what it is off.

    density: rows per second asked for the chart whose rows fall at ``seconds``, (rows,), rising
    """
    off = SCALE.score_of(meter) - SCALE.score(MeterFeatures.of(seconds))
    return min(max(density * math.exp(off / SCALE.steepness()), LOWEST_DENSITY), HIGHEST_DENSITY)
