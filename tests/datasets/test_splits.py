"""The committed splits: nobody is scored on what was trained on."""

from itertools import combinations

import pytest

from charter.errors import RequestError
from datasets import splits
from datasets.splits import SPLITS, is_held_out, is_within_share, read_split, read_style, split_hash


def test_sizes():
    assert {name: len(read_split(name)) for name in SPLITS} == {"train": 167, "valid": 20, "test": 13}


@pytest.mark.parametrize(("one", "other"), list(combinations(SPLITS, 2)))
def test_no_song_is_on_two_sides(one, other):
    assert read_split(one) & read_split(other) == frozenset()


@pytest.mark.parametrize("name", SPLITS)
def test_lists_are_clean(name):
    ids = (splits._FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert ids == sorted(set(ids))
    assert all(id_ == id_.strip() != "" for id_ in ids)


def test_an_unknown_split():
    with pytest.raises(RequestError, match="'dev'; there are train, valid, test"):
        read_split("dev")


def test_the_hash_changes_with_any_id_and_not_with_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr(splits, "_FOLDER", tmp_path)
    seen = set()
    for train, valid in (("a\nb\n", "c\n"), ("a\n", "b\nc\n"), ("a\nb\n", "d\n"), ("b\na\n", "c\n")):
        for name, text in (("train", train), ("valid", valid), ("test", "t\n")):
            (tmp_path / f"{name}.txt").write_text(text)
        seen.add(split_hash())
    assert len(seen) == 3
    assert all(len(digits) == 16 and int(digits, 16) >= 0 for digits in seen)


@pytest.mark.parametrize("one_of", [2, 3, 10])
def test_a_share_is_held_out_by_its_ids_alone(one_of):
    ids = [f"song {number}" for number in range(3000)]
    held = [song for song in ids if is_held_out(song, one_of)]
    assert len(held) == pytest.approx(3000 / one_of, rel=0.15)
    assert held == [song for song in reversed(ids) if is_held_out(song, one_of)][::-1]


def test_every_song_or_none_may_be_held_out():
    assert not any(is_held_out(song, 0) for song in read_split("train"))
    assert all(is_held_out(song, 1) for song in read_split("train"))


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_a_share_of_the_songs_lies_within_every_larger_one(share):
    ids = [f"song {number}" for number in range(3000)]
    within = {song for song in ids if is_within_share(song, share)}
    assert len(within) == pytest.approx(3000 * share, rel=0.1)
    assert within <= {song for song in ids if is_within_share(song, min(share + 0.25, 1.0))}


STYLES = sorted(path.stem for path in splits._STYLES.glob("*.txt"))


def test_there_are_lists_of_styles_that_share_no_chart():
    assert len(STYLES) >= 2
    for one, other in combinations(STYLES, 2):
        assert not read_style(one) & read_style(other)


@pytest.mark.parametrize("style", STYLES)
def test_a_style_learns_from_nothing_that_it_is_scored_on(style):
    assert read_style(style)
    assert not read_style(style) & (read_split("valid") | read_split("test"))


def test_an_unknown_style_names_those_there_are():
    with pytest.raises(RequestError, match=f"'polka'; there are {', '.join(STYLES)}"):
        read_style("polka")
