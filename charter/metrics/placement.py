"""When the notes fall: a generated chart's onsets beside those of the chart a person wrote.

Conventions
    An onset is a row with a tap, a hold head or a roll head that can be hit: no mines, tails, lifts, fakes or warped
    rows. Times are seconds of the audio; a reference whose beats are heard late is shifted before it comes here
    (`Timing.shifted`). Counts are taken chart by chart and pooled: a figure is micro over charts unless it says mean.

Metrics
    scores        precision, recall and F1 of the largest one-to-one matching within 20 and 50 ms
    null          F1 after the generated inter-onset intervals are shuffled: as dense, as regular, and deaf
    phase         generated minus reference, in ms, over the closest pairs within 50 ms: median, and MAD around it
    tick classes  see `charter.metrics.tick_class`
    density       ratio of generated to reference onsets, and onsets per second of audio
    gaps          the longest time between two onsets of a chart: what 95 in 100 human charts keep to, and the worst
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charter.metrics.matching import MatchCounts, Seconds, closest_offsets, match_counts, total, validate
from charter.metrics.onsets import TimedChart, onset_seconds
from charter.metrics.tick_class import ClassCounts, ClassFigures, TickClass, count_classes, pool_class

TOLERANCES_MS = (20, 50)
PHASE_TOLERANCE_MS = 50
NULL_SEEDS = range(5)
GAP_PERCENTILE = 95


@dataclass(frozen=True)
class PlacementCounts:
    """What one generated chart's placement adds to the pool.

    matches: by tolerance in ms
    null: by tolerance in ms; the mean over the shuffles
    offsets: generated minus reference, in seconds, (pairs,)
    reference_gap, generated_gap: seconds, the longest between two onsets; 0 where there are fewer
    duration: of the audio, in seconds; None where nobody measured it
    """

    matches: dict[int, MatchCounts]
    null: dict[int, MatchCounts]
    classes: dict[TickClass, ClassCounts]
    offsets: Seconds
    reference_gap: float
    generated_gap: float
    duration: float | None


@dataclass(frozen=True)
class ToleranceFigures:
    """Scores within one tolerance: micro over charts, the mean of the charts' own F1, and the deaf floor."""

    precision: float
    recall: float
    f1: float
    chart_mean_f1: float
    null_f1: float


@dataclass(frozen=True)
class PlacementFigures:
    """The placement of a set of charts.

    reference_per_second, generated_per_second: onsets per second of audio; None where a duration is unknown
    within: by tolerance in ms
    phase_median_ms, phase_mad_ms: None where no onset has a partner
    usual_gap: seconds; the longest gap between two onsets of a reference chart, at the 95th percentile over charts
    longest_gap: seconds; between any two onsets of any generated chart
    """

    charts: int
    reference_onsets: int
    generated_onsets: int
    ratio: float
    reference_per_second: float | None
    generated_per_second: float | None
    within: dict[int, ToleranceFigures]
    classes: dict[TickClass, ClassFigures]
    phase_median_ms: float | None
    phase_mad_ms: float | None
    usual_gap: float
    longest_gap: float


def shuffled(onsets: Seconds, seed: int) -> Seconds:
    """The same inter-onset intervals in another order, from the same first onset; same shape."""
    if len(onsets) < 2:
        return onsets
    gaps: Seconds = np.random.default_rng(seed).permutation(np.diff(onsets))
    shuffled_onsets: Seconds = onsets[0] + np.concatenate([[0.0], np.cumsum(gaps)])
    return shuffled_onsets


def null_counts(reference: Seconds, generated: Seconds, tolerance: float) -> MatchCounts:
    """What the generated rhythm would match if it did not listen: the mean over `NULL_SEEDS` shuffles."""
    matched = [match_counts(reference, shuffled(generated, seed), tolerance).matched for seed in NULL_SEEDS]
    return MatchCounts(sum(matched) / len(matched), len(reference), len(generated))


def longest_gap(onsets: Seconds) -> float:
    """Seconds between the two neighbours that lie furthest apart; 0 where there are fewer than two."""
    return float(np.diff(onsets).max(initial=0.0))


def count_placement(
    reference: TimedChart, generated: TimedChart | None, duration: float | None = None
) -> PlacementCounts:
    """Counts of one chart. A generated chart that is missing counts as one without notes."""
    ours, theirs = onset_seconds(reference), onset_seconds(generated)
    for onsets in (ours, theirs):
        validate(onsets)
    return PlacementCounts(
        matches={ms: match_counts(ours, theirs, ms / 1000) for ms in TOLERANCES_MS},
        null={ms: null_counts(ours, theirs, ms / 1000) for ms in TOLERANCES_MS},
        classes=count_classes(reference, theirs),
        offsets=closest_offsets(ours, theirs, PHASE_TOLERANCE_MS / 1000),
        reference_gap=longest_gap(ours),
        generated_gap=longest_gap(theirs),
        duration=duration,
    )


def pool_placement(counts: Sequence[PlacementCounts]) -> PlacementFigures:
    """The figures of a set of charts, at least one."""
    overall = total([chart.matches[TOLERANCES_MS[0]] for chart in counts])
    durations = [chart.duration for chart in counts if chart.duration is not None]
    seconds = sum(durations) if len(durations) == len(counts) else None
    offsets_ms = np.concatenate([chart.offsets for chart in counts]) * 1000
    median = float(np.median(offsets_ms)) if offsets_ms.size else None
    return PlacementFigures(
        charts=len(counts),
        reference_onsets=int(overall.reference),
        generated_onsets=int(overall.generated),
        ratio=overall.generated / max(overall.reference, 1),
        reference_per_second=overall.reference / seconds if seconds else None,
        generated_per_second=overall.generated / seconds if seconds else None,
        within={ms: _within(counts, ms) for ms in TOLERANCES_MS},
        classes={kind: pool_class([chart.classes[kind] for chart in counts]) for kind in TickClass},
        phase_median_ms=median,
        phase_mad_ms=float(np.median(np.abs(offsets_ms - median))) if median is not None else None,
        usual_gap=float(np.percentile([chart.reference_gap for chart in counts], GAP_PERCENTILE)),
        longest_gap=max(chart.generated_gap for chart in counts),
    )


def evaluate(reference: TimedChart, generated: TimedChart | None, duration: float | None = None) -> PlacementFigures:
    """The figures of one chart."""
    return pool_placement([count_placement(reference, generated, duration)])


def _within(counts: Sequence[PlacementCounts], ms: int) -> ToleranceFigures:
    pooled = total([chart.matches[ms] for chart in counts])
    return ToleranceFigures(
        precision=pooled.precision,
        recall=pooled.recall,
        f1=pooled.f1,
        chart_mean_f1=float(np.mean([chart.matches[ms].f1 for chart in counts])),
        null_f1=total([chart.null[ms] for chart in counts]).f1,
    )
