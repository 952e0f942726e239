"""How many rows a chart gets: from what is asked for, or from what charts of its difficulty have."""

import math
from collections.abc import Mapping
from itertools import pairwise

from charter.errors import RequestError
from charter.notation import Difficulty

LOWEST_DENSITY, HIGHEST_DENSITY = 0.1, 20.0

# Rows per second of each difficulty at 140 BPM, and the power of the tempo by which they grow: least squares over the
# train split's charts for feet (`python -m tests.benchmarks.densities` prints these figures). A fast song gets more
# rows a second, though fewer a beat.
_DENSITY_AT_140_BPM = (0.96, 1.67, 2.34, 3.16, 4.10)
_TEMPO_POWER = 0.44
_TEMPO_LIMITS = (70.0, 280.0)


def typical_density(difficulty: Difficulty, bpm: float) -> float:
    """Rows per second that charts of a difficulty have in songs of a tempo."""
    low, high = _TEMPO_LIMITS
    return float(_DENSITY_AT_140_BPM[difficulty] * (min(max(bpm, low), high) / 140) ** _TEMPO_POWER)


def followed_density(difficulty: Difficulty, bpm: float, expected: float) -> float:
    """Rows per second for a song of which the placement net expects ``expected``.

    The geometric mean of that and the typical density: the chart follows its song, held by what is usual at its tempo.
    """
    return math.sqrt(typical_density(difficulty, bpm) * max(expected, LOWEST_DENSITY))


def check_density(density: float) -> float:
    """The density, if it can be played. Raises RequestError if not."""
    if not LOWEST_DENSITY <= density <= HIGHEST_DENSITY:
        raise RequestError(
            f"a density of {density:g} rows per second is out of range; "
            f"it goes from {LOWEST_DENSITY:g} to {HIGHEST_DENSITY:g}"
        )
    return density


def check_ladder(asked: Mapping[Difficulty, float]) -> None:
    """Raises RequestError where the densities asked for fall as the difficulty rises."""
    for easier, harder in pairwise(sorted(asked)):
        if asked[easier] > asked[harder]:
            raise RequestError(
                f"{harder.name.lower()} is asked to be sparser ({asked[harder]:.2f} rows per second) "
                f"than {easier.name.lower()} ({asked[easier]:.2f})"
            )


def plan_densities(following: Mapping[Difficulty, float], asked: Mapping[Difficulty, float]) -> dict[Difficulty, float]:
    """Rows per second of each difficulty, easiest first: as asked, the others as they follow the song but in between.

    following: of every difficulty wanted
    """
    plan: dict[Difficulty, float] = {}
    for level in sorted(following):
        below = max((density for other, density in {**plan, **asked}.items() if other < level), default=0.0)
        above = min((density for other, density in asked.items() if other > level), default=float("inf"))
        plan[level] = asked.get(level, min(max(following[level], below), above))
    return plan
