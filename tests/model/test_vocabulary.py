"""Symbols as class numbers, and the symmetries of the pad."""

import numpy as np
import pytest

from charter.model.vocabulary import LENGTHS, START, SYMBOLS, SYMMETRIES, TURNED, decode, encode, length_class


def test_every_class_is_a_row_of_one_panel_or_two_and_back():
    rows = decode(np.arange(SYMBOLS))
    assert rows.shape == (66, 4)
    assert len({tuple(row) for row in rows}) == SYMBOLS == START
    assert set((rows > 0).sum(axis=1).tolist()) == {1, 2}
    assert np.array_equal(encode(rows), np.arange(SYMBOLS))


@pytest.mark.parametrize("row", [[0, 0, 0, 0], [1, 1, 1, 0], [1, 2, 3, 1]])
def test_rows_of_no_panel_or_of_more_than_two_are_no_symbol(row):
    assert encode(np.array(row)) == START


def test_a_turned_class_is_the_class_of_the_turned_row():
    rows = decode(np.arange(SYMBOLS))
    for symmetry, classes in zip(SYMMETRIES, TURNED, strict=True):
        for panel, image in enumerate(symmetry):
            assert np.array_equal(decode(classes[:SYMBOLS])[:, image], rows[:, panel])
        assert classes[START] == START
        assert np.array_equal(classes[classes], np.arange(SYMBOLS + 1))


def test_shapes_are_kept():
    classes = np.arange(6).reshape(2, 3)
    assert decode(classes).shape == (2, 3, 4)
    assert np.array_equal(encode(decode(classes)), classes)


def test_symmetries_are_their_own_inverse_and_form_a_group():
    for symmetry in SYMMETRIES:
        assert tuple(symmetry[panel] for panel in symmetry) == (0, 1, 2, 3)
        for other in SYMMETRIES:
            assert tuple(symmetry[panel] for panel in other) in SYMMETRIES


def test_symmetries_keep_opposite_panels_opposite():
    for symmetry in SYMMETRIES:
        assert {symmetry[0], symmetry[3]} == {0, 3}
        assert {symmetry[1], symmetry[2]} == {1, 2}


def test_lengths_rise_and_are_their_own_class():
    assert (np.diff(LENGTHS) > 0).all()
    assert length_class(LENGTHS).tolist() == list(range(len(LENGTHS)))


@pytest.mark.parametrize(("ticks", "length"), [(0, 6), (1, 6), (7, 6), (26, 24), (50, 48), (300, 288), (5000, 384)])
def test_a_length_is_taken_as_the_nearest_by_ratio(ticks, length):
    assert LENGTHS[length_class(np.array(ticks))] == length


def test_length_class_keeps_the_shape():
    assert length_class(np.full((2, 3), 48)).shape == (2, 3)
