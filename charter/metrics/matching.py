"""Pair off the onsets of two charts.

Conventions
    Onsets are times in seconds, one-dimensional, finite and in rising order. Two onsets may pair where they lie within
    a tolerance (in seconds) of each other, the tolerance itself included.

Metrics
    matched_indices   the largest one-to-one pairing; its precision, recall and F1 are `MatchCounts`'
    closest_offsets   how far apart partners are, where the closest pair off first
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

EPSILON_SECONDS = 1e-6  # beats become seconds with rounding; a note exactly on the tolerance still counts
_LONGEST_SONG_SECONDS = 6 * 3600.0

Seconds = NDArray[np.float64]


class MatchCounts(NamedTuple):
    """How many onsets of a reference and of a generated chart there are, and how many of them pair off.

    Counts of several charts may be summed. They need not be whole: the null is a mean over shuffles.
    """

    matched: float
    reference: float
    generated: float

    @property
    def precision(self) -> float:
        """Share of the generated onsets that have a partner; 0 where nothing was generated."""
        return self.matched / max(self.generated, 1)

    @property
    def recall(self) -> float:
        """Share of the reference onsets that have a partner; 0 where there are none."""
        return self.matched / max(self.reference, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where both charts are empty."""
        total = self.reference + self.generated
        return 2 * self.matched / total if total else 1.0


def validate(onsets: Seconds) -> None:
    """Raise ValueError, with the likely mistake, where ``onsets`` break the conventions."""
    if onsets.ndim != 1:
        raise ValueError(f"onsets have {onsets.ndim} dimensions; one list of times was expected")
    if not np.isfinite(onsets).all():
        raise ValueError("onsets hold a NaN or an infinity")
    if (np.diff(onsets) < 0).any():
        raise ValueError("onsets are not in rising order")
    if onsets.size and onsets[-1] > _LONGEST_SONG_SECONDS:
        raise ValueError(f"onsets reach {onsets[-1]:g}; are they milliseconds or ticks instead of seconds?")


def total(counts: Sequence[MatchCounts]) -> MatchCounts:
    """The counts of several charts together."""
    return MatchCounts(*(sum(column) for column in zip(*counts, strict=True)))


def matched_indices(reference: Seconds, generated: Seconds, tolerance: float) -> NDArray[np.intp]:
    """Indices of the reference onsets that the largest one-to-one pairing holds, rising.

    Taking the earliest partner that is still free is as good as a maximum bipartite matching here, because every onset
    may pair with one interval of the other list and these intervals rise together.
    """
    pairs: list[int] = []
    i = j = 0
    ours, theirs = reference.tolist(), generated.tolist()
    while i < len(ours) and j < len(theirs):
        if abs(ours[i] - theirs[j]) <= tolerance + EPSILON_SECONDS:
            pairs.append(i)
            i, j = i + 1, j + 1
        elif ours[i] < theirs[j]:
            i += 1
        else:
            j += 1
    return np.array(pairs, dtype=np.intp)


def match_counts(reference: Seconds, generated: Seconds, tolerance: float) -> MatchCounts:
    """Counts of the largest one-to-one pairing of two charts' onsets."""
    return MatchCounts(len(matched_indices(reference, generated, tolerance)), len(reference), len(generated))


def closest_offsets(reference: Seconds, generated: Seconds, tolerance: float) -> Seconds:
    """Generated minus reference, in seconds, of one-to-one pairs within the tolerance, (pairs,), closest first.

    Unlike the largest pairing, this one does not push partners apart to make room for more of them.
    """
    reach = tolerance + EPSILON_SECONDS
    starts = np.searchsorted(generated, reference - reach)
    ends = np.searchsorted(generated, reference + reach)
    pairs = [
        (abs(float(generated[j] - reference[i])), i, j)
        for i in range(len(reference))
        for j in range(int(starts[i]), int(ends[i]))
    ]
    taken_reference: set[int] = set()
    taken_generated: set[int] = set()
    offsets: list[float] = []
    for _, i, j in sorted(pairs):
        if i not in taken_reference and j not in taken_generated:
            taken_reference.add(i)
            taken_generated.add(j)
            offsets.append(float(generated[j] - reference[i]))
    return np.array(offsets, dtype=np.float64)
