"""Boundaries where novelty and a usual length agree, and one label for what is alike."""

import numpy as np
import pytest

from charter.sections.likeness import novelty
from charter.sections.segments import LONGEST_SECTION, boundaries, labels


def blocks(letters: str, noise: float = 0.2) -> np.ndarray:
    similar = np.array([[1.0 if one == other else -0.3 for other in letters] for one in letters])
    return (similar + noise * np.random.default_rng(0).normal(size=similar.shape)).astype(np.float32)


def test_boundaries_and_labels_of_a_song():
    letters = "A" * 8 + "B" * 16 + "A" * 8 + "B" * 16 + "C" * 12
    similar = blocks(letters)
    edges = boundaries(novelty(similar, 4) + novelty(similar, 8))
    assert set(edges) >= {0, 8, 24, 32, 48, 60}
    named = labels(similar, edges)
    assert [letters[edge] for edge in edges[:-1]] == ["ABC"[label] for label in named]


def test_between_two_edges_alike_the_usual_length_decides():
    new = np.zeros(17)
    new[[7, 8]] = 1.0
    assert boundaries(new).tolist() == [0, 8, 16]


@pytest.mark.parametrize("bars", [1, 2, 3, 5, 40, 200])
@pytest.mark.parametrize("even", [True, False])
def test_sections_cover_the_song(bars, even):
    new = np.zeros(bars + 1) if even else np.random.default_rng(bars).random(bars + 1)
    edges = boundaries(new)
    assert edges[0] == 0
    assert edges[-1] == bars
    assert (np.diff(edges) >= 1).all()
    assert np.diff(edges).max() <= LONGEST_SECTION


def test_labels_count_from_the_first_heard():
    assert labels(blocks("BBBBAAAABBBB"), np.array([0, 4, 8, 12])) == [0, 1, 0]
    assert labels(blocks("A"), np.array([0, 1])) == [0]
