"""Counts that foretell the next symbol, beside counts made by hand and by the book."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from charter.model.vocabulary import START, SYMBOLS
from training.kneser_ney import KneserNey


def fitted(*sequences: list[int], order: int = 5) -> KneserNey:
    return KneserNey.fit([np.array(sequence) for sequence in sequences], order)


def probabilities(counts: KneserNey, sequence: list[int]) -> np.ndarray:
    return np.exp(counts.log_probabilities(np.array(sequence)))


def by_the_book(sequences: list[list[int]], order: int, context: tuple[int, ...]) -> np.ndarray:
    """Chen and Goodman's recursion as they write it, with dictionaries."""
    grams = Counter()
    for sequence in sequences:
        padded = [START] * (order - 1) + sequence
        grams.update(tuple(padded[i : i + order]) for i in range(len(sequence)))
    levels = [grams]
    for _ in range(order - 1):
        levels.insert(0, Counter(gram[1:] for gram in levels[0]))
    found = np.full(SYMBOLS, 1 / SYMBOLS)
    for length, level in enumerate(levels):
        of_count = Counter(level.values())
        discount = of_count[1] / (of_count[1] + 2 * of_count[2]) if of_count[1] else 0.5
        behind = defaultdict(dict)
        for gram, count in level.items():
            behind[gram[:-1]][gram[-1]] = count
        seen = behind[context[len(context) - length :]]
        if seen:
            found = found * discount * len(seen) / sum(seen.values())
            for symbol, count in seen.items():
                found[symbol] += (count - discount) / sum(seen.values())
    return found


def test_a_bigram_by_hand():
    """Charts A B A B and A C: the bigrams are START A twice, A B twice, and B A and A C once."""
    counts = fitted([0, 1, 0, 1], [0, 2], order=2)
    # Four kinds, two counted once and two twice. A was seen behind START and behind B, B and C behind A alone.
    bigram, single = 2 / (2 + 2 * 2), 2 / (2 + 2 * 1)
    share = single * 3 / 4 / SYMBOLS  # of the 4 continuations, what the three kinds give away
    a, b = (2 - single) / 4 + share, (1 - single) / 4 + share
    start, behind_a = probabilities(counts, [0, 1])
    assert start[[0, 1, 5]] == pytest.approx([(2 - bigram) / 2 + bigram / 2 * a, bigram / 2 * b, bigram / 2 * share])
    assert behind_a[[0, 1, 2]] == pytest.approx(
        [bigram * 2 / 3 * a, (2 - bigram) / 3 + bigram * 2 / 3 * b, (1 - bigram) / 3 + bigram * 2 / 3 * b]
    )


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_as_the_book_has_it(order):
    rng = np.random.default_rng(0)
    charts = [rng.integers(0, 4, 40).tolist() for _ in range(5)]
    other = [*rng.integers(0, 5, 30).tolist(), SYMBOLS - 1, 0]
    found = probabilities(fitted(*charts, order=order), other)
    for row in range(len(other)):
        padded = [START] * order + other[:row]
        context = tuple(padded[len(padded) - order + 1 :])
        assert found[row] == pytest.approx(by_the_book(charts, order, context)), row


def test_every_row_has_a_distribution():
    rng = np.random.default_rng(1)
    counts = fitted(*(rng.integers(0, SYMBOLS, 200).tolist() for _ in range(3)))
    found = probabilities(counts, rng.integers(0, SYMBOLS, 100).tolist())
    assert found.shape == (100, SYMBOLS)
    assert found.sum(axis=1) == pytest.approx(np.ones(100))
    assert (found > 0).all()


def test_what_always_repeats_is_foretold():
    pattern = [3, 1, 4, 1, 5, 9, 2, 6] * 50
    found = probabilities(fitted(pattern), pattern)
    assert (found.argmax(axis=1) == pattern).all()
    # All contexts but those of the first rows were seen often, and always with the same symbol behind them.
    assert found[5:][np.arange(len(pattern) - 5), pattern[5:]].min() > 0.97


def test_behind_what_was_never_seen_the_last_symbols_tell():
    counts = fitted([0, 1, 2, 3] * 20)
    known, strange = [probabilities(counts, [*before, 1, 2, 0])[-1] for before in ([3, 0], [40, 41])]
    assert strange.argmax() == known.argmax() == 3
    unseen = probabilities(counts, [50, 0])[-1]
    assert unseen.sum() == pytest.approx(1)
    assert unseen[3] == pytest.approx(unseen[1], rel=0.5)  # every symbol of the chart follows one other
    assert unseen[3] > 10 * unseen[20]
