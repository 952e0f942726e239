"""How alike the bars of a song are, where it turns to something new, and what it plays again."""

import numpy as np
from numpy.typing import NDArray


def self_similarity(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """How alike any two bars are: (bars, width) vectors -> (bars, bars) cosines of what sets them off from the mean.

    The song's mean is taken out, as all of a song's bars share its key and its sound. A bar at the mean is like none.
    """
    if not len(points):
        return np.zeros((0, 0), dtype=np.float32)
    apart = points - points.mean(axis=0, keepdims=True)
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    apart = np.divide(apart, lengths, out=np.zeros_like(apart), where=lengths > 1e-6)
    return np.asarray(apart @ apart.T, dtype=np.float32)


def blended(*similarities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Several similarities of the same bars as one, (bars, bars): their mean, each in its own standard deviations."""
    each = [(similar - similar.mean()) / (similar.std() + 1e-6) for similar in similarities if similar.size]
    return np.asarray(np.mean(each, axis=0) if each else similarities[0], dtype=np.float32)


def novelty(similar: NDArray[np.float32], reach: int) -> NDArray[np.float64]:
    """How much changes at each edge between bars, ``reach`` bars before it beside as many behind: (bars + 1,), 0 to 1.

    A checkerboard kernel with a Gaussian taper moves along the diagonal (Foote, "Automatic audio segmentation using a
    measure of audio novelty", ICME 2000, doi 10.1109/ICME.2000.869637): alike on either side, unlike across. Both ends
    of the song have none.
    """
    bars = len(similar)
    places = np.arange(-reach, reach) + 0.5
    taper = np.exp(-0.5 * (places / (0.5 * reach)) ** 2)
    found = np.zeros(bars + 1)
    for edge in range(1, bars):
        # Near the ends the kernel is cut on both sides alike, or the end itself would look like a change.
        around = min(reach, edge, bars - edge)
        part = taper[reach - around : reach + around]
        kernel = np.outer(part, part)
        block = similar[edge - around : edge + around, edge - around : edge + around] * kernel
        within = block[:around, :around].sum() + block[around:, around:].sum()
        across = block[:around, around:].sum() + block[around:, :around].sum()
        # A short kernel is noisier: it counts by the share that is left of it.
        found[edge] = (within - across) / kernel.sum() * around / reach
    return np.maximum(found / 2, 0.0)


def repetition(similar: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    """How alike the ``length`` bars from any two bars on are: (bars, bars) mean similarity, bar by bar.

    -1 where a passage would reach beyond the end, or the two overlap.
    """
    bars = len(similar)
    found = np.full((bars, bars), -1.0, dtype=np.float32)
    for lag in range(length, bars - length + 1):
        sums = np.concatenate([[0.0], np.cumsum(np.diagonal(similar, lag), dtype=np.float64)])
        mean = (sums[length:] - sums[:-length]) / length
        first = np.arange(len(mean))
        found[first, first + lag] = found[first + lag, first] = mean
    return found
