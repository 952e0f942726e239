"""What a chart set is worth: where its notes fall beside those people placed, and what it asks of two feet.

Each module is one family of figures: its conventions, its metrics, how they are counted on one chart, and how counts
pool over many. `compare` brings them together. They know notation alone: two charts and their timings, no audio.
"""

from charter.metrics.matching import MatchCounts
from charter.metrics.nesting import NestingFigures, nested_share
from charter.metrics.onsets import TimedChart, onset_seconds, onset_ticks
from charter.metrics.placement import PlacementFigures, count_placement, pool_placement
from charter.metrics.report import Figures, Report, SongPair, compare
from charter.metrics.steps import StepFigures, count_steps, pool_steps
from charter.metrics.tick_class import TickClass

__all__ = [
    "Figures",
    "MatchCounts",
    "NestingFigures",
    "PlacementFigures",
    "Report",
    "SongPair",
    "StepFigures",
    "TickClass",
    "TimedChart",
    "compare",
    "count_placement",
    "count_steps",
    "nested_share",
    "onset_seconds",
    "onset_ticks",
    "pool_placement",
    "pool_steps",
]
