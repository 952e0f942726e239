"""The scale of meters of `charter.decode.meter`, fitted on the meters that people gave to their charts.

    python -m training meters --corpus data/songs --manifest data/songs.tsv --charts-only data/charts_only

The scale is that of the manifest's songs for feet (style ``pad``): it is fitted on their train split and judged on
their valid split, beside scales of other features, one that learns from a folder of other charts too, and a straight
line from rows per second to meters.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import spearmanr

from charter.decode.meter import HIGHEST_METER, LOWEST_METER, MeterFeatures, MeterScale, log_busiest
from charter.errors import RequestError
from charter.notation.hit_rows import hit_rows
from datasets.songs import LabelledSong, labelled_songs, same_title

_STYLE = "pad"
_ABSURD_METER = 20  # above it, a meter is a joke or on another scale
_FEWEST_THRESHOLDS = 2
_LEAST_HARDER = 20  # charts above a threshold, for it to say something
_PENALTY = 0.01  # of a weight's square, in the scale of its feature's spread


@dataclass(frozen=True, eq=False)
class RatedChart:
    """A chart with the meter that people gave it. seconds: (rows,); jumps: share of rows that take both feet."""

    meter: int
    seconds: NDArray[np.float64]
    jumps: float


@dataclass(frozen=True, eq=False)
class RatedCharts:
    """Charts for feet of the train and valid splits; other: of songs that are in neither split nor in test."""

    train: Sequence[RatedChart]
    valid: Sequence[RatedChart]
    other: Sequence[RatedChart]

    @classmethod
    def read(cls, corpus: Path, manifest: Path, charts_only: Path | None = None) -> Self:
        """Those of a corpus, and of a folder of simfiles. Raises as the reading of the corpus does."""
        splits: dict[str, list[RatedChart]] = {"train": [], "valid": [], "other": []}
        held_back = []
        for song in labelled_songs(corpus, manifest):
            if song.split != "train":
                held_back.append(song.title)
            if song.style == _STYLE and song.split in splits:
                splits[song.split] += _rated(song)
        for song in labelled_songs(charts_only) if charts_only is not None else ():
            if not any(same_title(song.title, title) for title in held_back):
                splits["other"] += _rated(song)
        if not splits["train"] or not splits["valid"]:
            raise RequestError(f"{manifest}: lists no chart for feet in its train or valid split")
        return cls(**splits)


def _rated(song: LabelledSong) -> list[RatedChart]:
    rated = []
    for chart in song.charts.values():
        rows = hit_rows(chart, song.timing)
        if LOWEST_METER <= chart.meter <= _ABSURD_METER and len(rows) > 1:
            jumps = sum(row.is_jump for row in rows) / len(rows)
            rated.append(RatedChart(chart.meter, np.array([row.second for row in rows]), jumps))
    return rated


Feature = Callable[[RatedChart], float]


def _mean(chart: RatedChart) -> float:
    return MeterFeatures.of(chart.seconds).mean


def _busiest(chart: RatedChart) -> float:
    return MeterFeatures.of(chart.seconds).busiest


def _burst(chart: RatedChart) -> float:
    return log_busiest(chart.seconds, 2.0)


def _jumps(chart: RatedChart) -> float:
    return chart.jumps


def _fast(chart: RatedChart) -> float:
    return float(np.mean(np.diff(chart.seconds) < 0.2))


_SHIPPED = (_mean, _busiest)
_RIVALS: Mapping[str, tuple[Feature, ...]] = {
    "mean alone": (_mean,),
    "busiest 2 s for 15 s": (_mean, _burst),
    "busiest 2 s too": (*_SHIPPED, _burst),
    "share of gaps under 0.2 s too": (*_SHIPPED, _fast),
    "share of jumps too": (*_SHIPPED, _jumps),
}


@dataclass(frozen=True, eq=False)
class OrdinalFit:
    """Cumulative logits with proportional odds. weights: (features,), none below 0; thresholds: rising."""

    weights: NDArray[np.float64]
    thresholds: NDArray[np.float64]

    @classmethod
    def of(cls, measured: NDArray[np.float64], meters: NDArray[np.int64]) -> Self:
        """The likeliest, with a small penalty. measured: (charts, features); meters: (charts,)."""
        above = [int((meters > meter).sum()) for meter in range(LOWEST_METER, _ABSURD_METER)]
        count = sum(harder >= _LEAST_HARDER for harder in above)
        if count < _FEWEST_THRESHOLDS:
            raise RequestError(f"too few charts of different meters to fit a scale to ({len(meters)} charts)")
        spread = measured.std(axis=0) + 1e-9
        features = measured.shape[1]
        level = np.minimum(meters - LOWEST_METER, count)

        def split(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
            return values[:features], np.cumsum(np.append(values[features], np.exp(values[features + 1 :])))

        def loss(values: NDArray[np.float64]) -> float:
            weights, thresholds = split(values)
            below = np.concatenate([[-np.inf], thresholds, [np.inf]])
            score = measured / spread @ weights
            share = expit(below[level + 1] - score) - expit(below[level] - score)
            return float(_PENALTY * weights @ weights - np.log(share + 1e-12).sum())

        start = np.concatenate([np.ones(features), np.zeros(count)])
        bounds = [(0.0, None)] * features + [(None, None)] * count
        found = minimize(loss, start, method="L-BFGS-B", bounds=bounds, options={"maxfun": 200_000, "maxiter": 2_000})
        weights, thresholds = split(found.x)
        return cls(weights / spread, thresholds)


def _measured(charts: Sequence[RatedChart], features: Sequence[Feature]) -> NDArray[np.float64]:
    return np.array([[feature(chart) for feature in features] for chart in charts])


def _meters(charts: Sequence[RatedChart]) -> NDArray[np.int64]:
    return np.array([chart.meter for chart in charts])


def fit_scale(charts: Sequence[RatedChart]) -> MeterScale:
    """The scale that charts of known meters are likeliest on."""
    measured = _measured(charts, _SHIPPED)
    fit = OrdinalFit.of(measured, _meters(charts))
    mean, busiest = fit.weights.tolist()
    burst = float((measured[:, 1] - measured[:, 0]).mean())
    return MeterScale(MeterFeatures(mean, busiest), tuple(fit.thresholds.tolist()), burst)


def meter_table(charts: RatedCharts) -> list[str]:
    """The scale's figures, and lines that say what it and others are worth on valid."""
    scale = fit_scale(charts.train)
    truth = _meters(charts.valid)
    lines = [
        f"fitted on {len(charts.train)} charts; busiest passage over mean: {scale.burst:.2f}",
        f"weights: mean {scale.weights.mean:.2f}, busiest {scale.weights.busiest:.2f}",
        f"thresholds: {', '.join(f'{threshold:.2f}' for threshold in scale.thresholds)}",
        f"on {len(truth)} charts of valid:",
        _worth("scale", np.array([scale.meter(MeterFeatures.of(chart.seconds)) for chart in charts.valid]), truth),
        _worth("straight line", _straight_line(charts.train, charts.valid), truth),
    ]
    for name, features in _RIVALS.items():
        fit = OrdinalFit.of(_measured(charts.train, features), _meters(charts.train))
        lines.append(_worth(name, _medians(fit, _measured(charts.valid, features)), truth))
    if charts.other:
        wider = fit_scale([*charts.train, *charts.other])
        found = np.array([wider.meter(MeterFeatures.of(chart.seconds)) for chart in charts.valid])
        lines.append(_worth(f"scale, from {len(charts.other)} other charts too", found, truth))
    return lines


def _medians(fit: OrdinalFit, measured: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(LOWEST_METER + np.searchsorted(fit.thresholds, measured @ fit.weights), dtype=np.float64)


def _straight_line(train: Sequence[RatedChart], valid: Sequence[RatedChart]) -> NDArray[np.float64]:
    """Meters by rows per second alone: the line through the medians of meters 1 to 11."""
    rates, meters = np.exp(_measured(train, [_mean])[:, 0]), _meters(train)
    known = np.array([meter for meter in range(1, 12) if (meters == meter).any()])
    slope, zero = np.polyfit(known, [np.median(rates[meters == meter]) for meter in known], 1)
    return np.asarray((np.exp(_measured(valid, [_mean])[:, 0]) - zero) / slope, dtype=np.float64)


def _worth(name: str, found: NDArray[np.float64], truth: NDArray[np.int64]) -> str:
    whole = np.clip(np.rint(found), LOWEST_METER, HIGHEST_METER)
    off = np.abs(whole - truth)
    rank = float(spearmanr(found, truth).statistic)
    return f"  {name:32s} off by {off.mean():.2f}, within 1: {(off <= 1).mean():.2f}, rank correlation {rank:.3f}"
