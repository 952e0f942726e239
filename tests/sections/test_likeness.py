"""Self-similarity, novelty and repetition of bars."""

import numpy as np
import pytest

from charter.sections.likeness import blended, novelty, repetition, self_similarity


def blocks(letters: str) -> np.ndarray:
    return np.array([[1.0 if one == other else -0.3 for other in letters] for one in letters], dtype=np.float32)


def test_bars_are_alike_by_what_sets_them_off_from_the_mean():
    shared = np.array([5.0, 5.0, 5.0], dtype=np.float32)
    points = np.array([[1, 0, 0], [1, 0, 0], [-1, 0, 0], [-1, 0, 0]], dtype=np.float32)
    similar = self_similarity(points + shared)
    assert similar[0] == pytest.approx([1, 1, -1, -1], abs=1e-5)


def test_bars_that_are_all_the_same_are_like_none():
    assert not self_similarity(np.ones((5, 3), dtype=np.float32)).any()
    assert self_similarity(np.zeros((0, 3), dtype=np.float32)).shape == (0, 0)


def test_similarities_are_blended_in_their_own_scale():
    one = blocks("AABB")
    assert blended(one, 100 * one + 3) == pytest.approx(blended(one), abs=1e-4)
    assert blended(one).std() == pytest.approx(1, abs=1e-4)
    assert blended(np.zeros((0, 0), np.float32)).shape == (0, 0)


@pytest.mark.parametrize("reach", [2, 4, 8])
def test_novelty_is_highest_where_something_new_begins(reach):
    found = novelty(blocks("A" * 8 + "B" * 12 + "A" * 9), reach)
    assert found.shape == (30,)
    highest = np.sort(np.argsort(found)[-2:])
    assert highest.tolist() == [8, 20]
    assert found[0] == found[-1] == 0
    assert 0 <= found.min() <= found.max() <= 1


def test_nothing_new_is_no_novelty():
    assert novelty(blocks("A" * 20), 8) == pytest.approx(0, abs=1e-6)


def test_a_passage_that_comes_again_is_found():
    rng = np.random.default_rng(0)
    sounds = {letter: rng.normal(size=20) for letter in "abcdefghijkl"}
    similar = self_similarity(np.array([sounds[letter] for letter in "abcdefghijabcdkl"], dtype=np.float32))
    found = repetition(similar, 4)
    assert np.argwhere(found > 0.95).tolist() == [[0, 10], [10, 0]]


def test_a_passage_overlaps_neither_itself_nor_the_end():
    found = repetition(np.ones((10, 10), dtype=np.float32), 4)
    first, other = np.nonzero(found > -1)
    assert (np.abs(first - other) >= 4).all()
    assert max(first.max(), other.max()) == 6
    assert (found == found.T).all()
    assert (repetition(np.ones((6, 6), dtype=np.float32), 4) == -1).all()
