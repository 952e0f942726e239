"""Whether a chart set reads as one song, thinned: human charts keep 94 to 99 % of a chart in the next harder one.

Conventions
    Rows are compared by their exact tick. A song counts where it has both charts of a step of the ladder and the easier
    one has notes. Shares lie between 0 and 1.

Metrics
    nested_share   share of a chart's rows that stand in the next harder chart too
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from charter.metrics.onsets import TimedChart, onset_ticks
from charter.notation import Difficulty


@dataclass(frozen=True)
class NestingFigures:
    """Over the songs that have a share; None where there are none.

    shares: how many there are
    """

    shares: int
    median: float | None
    mean: float | None


def nested_share(easier: TimedChart, harder: TimedChart) -> float | None:
    """Share of the easier chart's rows that stand in the harder one; None where it has no rows."""
    ticks = onset_ticks(easier)
    return float(np.isin(ticks, onset_ticks(harder)).mean()) if ticks.size else None


def nested_shares(charts: Mapping[Difficulty, TimedChart]) -> dict[Difficulty, float]:
    """A song's shares, by the easier difficulty of each step of the ladder that it has."""
    shares = {
        easier: nested_share(charts[easier], charts[harder])
        for easier, harder in pairwise(Difficulty)
        if easier in charts and harder in charts
    }
    return {difficulty: share for difficulty, share in shares.items() if share is not None}


def pool_nesting(shares: Sequence[float]) -> NestingFigures:
    """The figures of a set of shares."""
    if not shares:
        return NestingFigures(0, None, None)
    return NestingFigures(len(shares), float(np.median(shares)), float(np.mean(shares)))
