"""A song's sections: where each begins, and which of them are alike."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

LONGEST_SECTION = 32  # bars
_BOUNDARY_COST = 0.6  # what a boundary must be worth, in standard deviations of the novelty
# What a section's length costs, in the same unit: people write in fours and eights (the regularity function of
# Marmoret et al., "Barwise Music Structure Analysis with the Correlation Block-Matching Segmentation Algorithm",
# TISMIR 2023, doi 10.5334/tismir.167).
_EIGHTS, _FOURS, _EVEN, _ODD, _SHORT = 0.0, 0.25, 0.6, 1.0, 3.0
_SHORTEST_USUAL = 4
# Sections are one where they are more alike than this share of the way from any two bars to neighbouring ones.
_ALIKE = 0.55


def boundaries(novelty: NDArray[np.float64]) -> NDArray[np.int64]:
    """The edges at which sections begin and end, the song's own ends included: (bars + 1,) novelty -> (sections + 1,).

    The best of all divisions: each boundary brings its novelty, each section costs by its length in bars. (The dynamic
    programming is that of Sargent, Bimbot and Vincent, IEEE TASLP 2017, doi 10.1109/TASLP.2016.2635031.)
    """
    bars = len(novelty) - 1
    spread = float(novelty[1:-1].std()) if bars > 1 else 0.0
    worth = (novelty - novelty.mean()) / spread - _BOUNDARY_COST if spread > 1e-6 else np.full(bars + 1, -1.0)
    best, before = np.full(bars + 1, -np.inf), np.zeros(bars + 1, dtype=np.int64)
    best[0] = 0.0
    for edge in range(1, bars + 1):
        starts = np.arange(max(0, edge - LONGEST_SECTION), edge)
        # The first and the last section may be of any length: music starts and stops where it likes.
        costs = np.array([_length_cost(edge - int(start)) for start in starts])
        costs[(starts == 0) | (edge == bars)] *= 0.5
        scores = best[starts] - costs
        before[edge] = starts[scores.argmax()]
        best[edge] = scores.max() + (worth[edge] if edge < bars else 0.0)
    found = [bars]
    while found[-1] > 0:
        found.append(int(before[found[-1]]))
    return np.array(found[::-1], dtype=np.int64)


def _length_cost(bars: int) -> float:
    if bars < _SHORTEST_USUAL:
        return _SHORT
    return _EIGHTS if bars % 8 == 0 else _FOURS if bars % 4 == 0 else _EVEN if bars % 2 == 0 else _ODD


def labels(similar: NDArray[np.float32], edges: NDArray[np.int64]) -> list[int]:
    """Which sections are alike: (bars, bars) similarity, (sections + 1,) edges -> a number for each, 0 the first heard.

    Groups of sections are joined, the most alike first, while their mean likeness lasts.
    """
    sections = len(edges) - 1
    if sections == 1:
        return [0]
    likeness = np.array(
        [[_likeness(similar, edges, one, other) for other in range(sections)] for one in range(sections)]
    )
    apart = likeness.max() - likeness
    joined = linkage(apart[np.triu_indices(sections, 1)], "average")
    groups = fcluster(joined, likeness.max() - _threshold(similar), "distance")
    order = list(dict.fromkeys(groups.tolist()))
    return [order.index(group) for group in groups.tolist()]


def _likeness(similar: NDArray[np.float32], edges: NDArray[np.int64], one: int, other: int) -> float:
    """The mean similarity of two sections bar by bar, where the shorter fits the longer best."""
    block = similar[edges[one] : edges[one + 1], edges[other] : edges[other + 1]]
    if block.shape[0] > block.shape[1]:
        block = block.T
    short, long = block.shape
    return max(float(np.diagonal(block, shift).mean()) for shift in range(long - short + 1))


def _threshold(similar: NDArray[np.float32]) -> float:
    if len(similar) < 2:
        return 0.0
    usual, neighbours = float(similar.mean()), float(np.diagonal(similar, 1).mean())
    return usual + _ALIKE * (max(neighbours, usual) - usual)
