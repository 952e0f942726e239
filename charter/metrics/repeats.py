"""Whether the steps come back where the music does.

Conventions
    A bar is a measure of the chart with at least two rows. Its rhythm is where its rows stand in it, its steps are the
    panels too. Music repeats by phrases: a bar is set beside those 4, 8 and 16 measures before it.

Metrics
    repeated   of the bars whose rhythm one of those bars has, the share whose steps one of them has
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from charter.notation import TICKS_PER_MEASURE
from charter.notation.hit_rows import HitRow

PHRASES = (4, 8, 16)  # measures
_FEWEST_ROWS = 2


class RepeatCounts(NamedTuple):
    """Bars whose rhythm comes back, and of those the bars whose steps do."""

    rhythms: int
    steps: int


def count_repeats(rows: Sequence[HitRow]) -> RepeatCounts:
    """Counts of one chart."""
    bars: dict[int, list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
    for row in rows:
        bars[row.tick // TICKS_PER_MEASURE].append((row.tick % TICKS_PER_MEASURE, row.panels))
    rhythms = steps = 0
    for measure, bar in bars.items():
        alike = [
            bars[measure - phrase]
            for phrase in PHRASES
            if measure - phrase in bars and _rhythm(bars[measure - phrase]) == _rhythm(bar)
        ]
        if alike and len(bar) >= _FEWEST_ROWS:
            rhythms += 1
            steps += bar in alike
    return RepeatCounts(rhythms, steps)


def _rhythm(bar: Sequence[tuple[int, tuple[int, ...]]]) -> list[int]:
    return [place for place, _ in bar]
