"""A few changed files for every reader; `python -m tests.fuzz` looks for longer, and led by coverage."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from charter.errors import ChartError
from tests.fuzz.target import BrokenError, Target, ask, swapped
from tests.fuzz.targets import names, target


@cache
def seeds(name):
    return target(name).seeds()


def changed(data, edits, words):
    """The file after some edits: where (a share of it), how many bytes go, and what comes in their place."""
    for where, gone, word in edits:
        at = round(where * len(data))
        data = data[:at] + words[word % len(words)] + data[at + gone :]
    return data


edits = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.integers(0, 999)), min_size=1, max_size=4)


@pytest.mark.parametrize("name", names())
@settings(max_examples=4, derandomize=True, suppress_health_check=list(HealthCheck))
@given(chosen=st.integers(0, 9999), edits=edits)
def test_a_changed_file_is_read_or_told(tmp_path_factory, name, chosen, edits):
    data = seeds(name)[chosen % len(seeds(name))]
    words = target(name).words or (b"", b"\xff", b"\0\0\0\0", b"\xff\xff\xff\xff")
    ask(target(name), changed(data, edits, words), tmp_path_factory.mktemp("fuzz"))


def told(message):
    def read(_data, _folder):
        raise ChartError(message)

    return Target(read, list)


def test_what_is_no_answer(tmp_path, monkeypatch):
    ask(told("song.sm: is damaged"), b"", tmp_path)
    with pytest.raises(BrokenError, match="not one line"):
        ask(told("song.sm: is\ndamaged"), b"", tmp_path)
    with pytest.raises(ZeroDivisionError):
        ask(Target(lambda data, folder: 1 / 0, list), b"", tmp_path)
    clock = iter([0.0, 2.5])
    monkeypatch.setattr("tests.fuzz.target.time.process_time", lambda: next(clock))
    with pytest.raises(BrokenError, match=r"took 2\.5 s for 0 bytes"):
        ask(Target(lambda data, folder: None, list), b"", tmp_path)
    monkeypatch.undo()
    memory = iter([100.0, 700.0])
    monkeypatch.setattr("tests.fuzz.target._most_mb", lambda: next(memory))
    with pytest.raises(BrokenError, match="took 600 MB"):
        ask(Target(lambda data, folder: None, list), b"", tmp_path)


def test_every_value_is_swapped():
    found = list(swapped({"a": [1, {"b": 2}]}))
    assert {"a": [None, {"b": 2}]} in found and {"a": [1, {"b": []}]} in found and {} in found
