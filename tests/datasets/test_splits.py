"""The committed splits: nobody is scored on what was trained on."""

from itertools import combinations

import pytest

from charter.errors import RequestError
from datasets import splits
from datasets.splits import SPLITS, read_split, split_hash


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
