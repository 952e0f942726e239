"""The passage for the preview: what repeats, from a downbeat on, within the audio."""

import tracemalloc

import numpy as np
import pytest

from charter.sections.passage import (
    LENGTHS,
    LONGEST_SECONDS,
    WEIGHTS,
    Windows,
    features,
    likeliest_overlap,
    overlap,
    pick_passage,
)


def windows(starts, ends) -> Windows:
    starts, ends = np.array(starts, float), np.array(ends, float)
    return Windows(np.arange(len(starts)), np.ones(len(starts), np.int64), starts, ends)


def test_overlap_is_intersection_over_union():
    found = overlap(
        *(np.array(values, float) for values in ([0, 0, 0, 5], [10, 10, 10, 5], [0, 5, 20, 5], [10, 15, 30, 5]))
    )
    assert found == pytest.approx([1, 1 / 3, 0, 0])


def test_the_likeliest_is_left_for_what_shares_more_with_the_others():
    """One window alone, just ahead, and three that overlap: a person's is most likely among these."""
    song = windows([0, 50, 52, 54], [16, 66, 68, 70])
    assert likeliest_overlap(song, np.array([0.2, 0.0, 0.0, 0.0])) == 2
    assert likeliest_overlap(song, np.array([3.0, 0.0, 0.0, 0.0])) == 0


def test_every_feature_has_a_weight_and_none_is_left_over(shape):
    form = shape("A" * 8 + "B" * 8 + "A" * 8 + "C" * 8)
    measured = features(form, Windows.of(form))
    assert set(measured) == set(WEIGHTS)
    assert {values.shape for values in measured.values()} == {(len(Windows.of(form)),)}
    assert all(np.isfinite(values).all() for values in measured.values())


def test_windows_lie_on_bars_within_the_song(shape):
    form = shape("A" * 40)
    every = Windows.of(form)
    assert set(every.bars) == {length for length in LENGTHS if length * 2.0 <= LONGEST_SECONDS}
    assert np.isin(every.starts, form.bars.edges).all()
    assert np.isin(every.ends, form.bars.edges).all()
    assert len(set(zip(every.first, every.bars, strict=True))) == len(every)


def test_what_comes_again_is_preferred_to_what_is_heard_once(shape):
    """Every bar of its own, but for sixteen that come twice, louder than the rest."""
    own = iter("abcdefghijklmnopqrstuvwxyz0123456789!$%&/()=?+*#")
    verse = ["".join(next(own) for _ in range(count)) for count in (10, 10, 8)]
    chorus = "ABCDEFGHIJKLMNOP"
    form = shape(verse[0] + chorus + verse[1] + chorus + verse[2], loud=dict.fromkeys(chorus, 1.5))
    picked = pick_passage(form)
    shared = [
        float(overlap(*np.array([picked.start, picked.start + picked.length, start * 2.0, start * 2.0 + 32])))
        for start in (10, 36)
    ]
    assert max(shared) > 0.4


@pytest.mark.parametrize("bpm", [20, 40, 120, 999])
@pytest.mark.parametrize("bars", [1, 2, 4, 7, 30, 150])
def test_a_passage_starts_on_a_bar_and_ends_within_the_song(shape, bpm, bars):
    letters = ("AAAABBBBCCCC" * bars)[:bars]
    form = shape(letters, bpm=bpm)
    picked = pick_passage(form)
    assert np.abs(form.bars.edges[:-1] - picked.start).min() < 1e-9
    assert 0 < picked.length <= LONGEST_SECONDS
    assert picked.start + picked.length <= form.duration + 1e-9


def test_as_many_bars_as_there_may_be(shape):
    """What is compared grows by the square of the bars, what is chosen among by the bars."""
    letters = "".join(chr(65 + place // 16 % 9) for place in range(1024))
    form = shape(letters)
    tracemalloc.start()
    picked = pick_passage(form)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert picked.start + picked.length <= form.duration
    assert most < 300e6


def test_one_sound_throughout_still_has_a_passage(shape):
    picked = pick_passage(shape("A" * 60))
    assert 8 <= picked.length <= LONGEST_SECONDS
