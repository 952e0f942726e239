import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.audio.blocks import PlacedSound, overlaid, passage


def cut(sound: np.ndarray, sizes: list[int]) -> list[np.ndarray]:
    return np.split(sound, np.minimum(np.cumsum(sizes), len(sound)))


@given(
    sizes=st.lists(st.integers(0, 20), max_size=6),
    places=st.lists(st.tuples(st.integers(0, 70), st.integers(1, 30)), max_size=8),
)
def test_sounds_are_added_where_they_stand_however_the_blocks_fall(sizes, places):
    music = np.random.default_rng(1).standard_normal((60, 2)).astype(np.float32)
    sounds = [PlacedSound(frame, np.full(length, 1.0 + frame, np.float32)) for frame, length in sorted(places)]
    expected = music.copy()
    for frame, sound in sounds:
        inside = expected[frame : frame + len(sound)]
        inside += sound[: len(inside), None]
    given_blocks = cut(music, sizes)
    heard = np.concatenate(list(overlaid(given_blocks, sounds)))
    assert heard == pytest.approx(expected, abs=1e-4)
    assert np.concatenate(given_blocks) is not heard
    assert (np.concatenate(given_blocks) == music).all()


@given(sizes=st.lists(st.integers(0, 20), max_size=6), start=st.integers(0, 70), length=st.integers(0, 70))
def test_a_passage_is_the_same_however_the_blocks_fall(sizes, start, length):
    sound = np.arange(60)
    pieces = list(passage(cut(sound, sizes), start, start + length))
    assert [*np.concatenate([sound[:0], *pieces])] == [*sound[start : start + length]]


def test_what_lies_behind_a_passage_is_not_decoded():
    def blocks():
        yield np.zeros(10)
        raise AssertionError

    assert sum(map(len, passage(blocks(), 2, 8))) == 6
