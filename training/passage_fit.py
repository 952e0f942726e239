"""The weights that choose the preview passage, fitted on the windows that people gave to their songs.

    python -m training passage --corpus data/songs --manifest data/songs.tsv --charts-only data/charts_only

A conditional logit over all windows of a song. People's windows begin and end between the bars too, and seldom agree to
the bar: so a window counts as picked by as much as it shares with theirs. Songs of which there are only charts have
their say too: their form is blurred, but how people choose is the same, and they are many and by other people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from charter.notation import PreviewWindow
from charter.sections.form import Form
from charter.sections.passage import Windows, features, likeliest_overlap, overlap

_PENALTY = 3.0  # of a weight's square, in the scale of its feature's spread
_SHARPNESS = 4.0  # the power of the intersection over union by which a window counts as picked
_NOTHING_SHARED = 1e-4
_FOLDS = 10
_CHARTS_SHARE = 0.15  # of a song with audio, by which one of charts alone counts


@dataclass(frozen=True, eq=False)
class Pick:
    """A song's windows and the one that a person picked.

    measured: (windows, features); shared: (windows,) intersection over union with the person's
    """

    windows: Windows
    names: tuple[str, ...]
    measured: NDArray[np.float64]
    shared: NDArray[np.float64]

    @classmethod
    def of(cls, form: Form, chosen: PreviewWindow) -> "Pick":
        """What can be learnt from a person's choice."""
        windows = Windows.of(form)
        measured = features(form, windows)
        start, end = np.array(chosen.start), np.array(chosen.start + chosen.length)
        shared = overlap(windows.starts, windows.ends, start, end)
        return cls(windows, tuple(measured), np.stack(list(measured.values()), axis=1), shared)


class PassageFit(NamedTuple):
    """weights: by feature; songs: how many; overlaps: (songs,) what each shares, fitted on the other nine tenths."""

    weights: dict[str, float]
    songs: int
    overlaps: NDArray[np.float64]


def fit_passage(picks: Sequence[Pick], by_charts: Sequence[Pick] = ()) -> PassageFit:
    """The weights of all features, and how well those of other songs do on each. by_charts: see `fit_weights`."""
    spread = np.concatenate([pick.measured for pick in picks]).std(axis=0) + 1e-9
    order = np.random.default_rng(0).permutation(len(picks))
    overlaps = np.zeros(len(picks))
    for fold in range(_FOLDS):
        left_out = order[fold::_FOLDS]
        weights = fit_weights([picks[i] for i in np.setdiff1d(order, left_out)], spread, by_charts)
        for i in left_out:
            overlaps[i] = picks[i].shared[likeliest_overlap(picks[i].windows, picks[i].measured @ weights)]
    weights = fit_weights(picks, spread, by_charts)
    return PassageFit(dict(zip(picks[0].names, weights.tolist(), strict=True)), len(picks), overlaps)


def fit_weights(
    picks: Sequence[Pick], spread: NDArray[np.float64], by_charts: Sequence[Pick] = ()
) -> NDArray[np.float64]:
    """The weights, (features,), under which people's windows, and what overlaps them, have the largest shares.

    by_charts: picks from songs without audio, which count for less
    """
    scaled = [
        (share, pick.measured / spread, _SHARPNESS * np.log(pick.shared + _NOTHING_SHARED))
        for share, some in ((1.0, picks), (_CHARTS_SHARE, by_charts))
        for pick in some
    ]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = _PENALTY * float(np.square(weights).sum()), 2 * _PENALTY * weights
        for share, measured, picked in scaled:
            scores = measured @ weights
            total += share * float(logsumexp(scores) - logsumexp(scores + picked))
            slope = slope + share * (softmax(scores) - softmax(scores + picked)) @ measured
        return total, slope

    found = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)
