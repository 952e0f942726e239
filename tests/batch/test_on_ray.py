"""A batch on a real Ray cluster of two nodes; `two_nodes.py` runs it and tells what became of it."""

import json
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import charter
from charter.batch.on_ray import on_ray
from charter.errors import RequestError

HERE = Path(__file__).parent
FAULT = "charter failed, which is a fault of its own"
sys.path.insert(0, str(HERE))

from batch_factories import chart_by_name, job, settings  # noqa: E402

SLOW, WAITING = (sorted(f"{word}-{number}" for number in range(12)) for word in ("slow", "waits"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    pytest.importorskip("ray")
    command = [sys.executable, str(HERE / "two_nodes.py"), str(tmp_path_factory.mktemp("ray"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1, done.stdout  # Ray keeps silent
    return json.loads(done.stdout)


@pytest.mark.model
@pytest.mark.parametrize(("what", "songs"), [("workers killed", SLOW), ("node removed", WAITING)])
def test_every_song_is_there_once_whatever_is_lost(told: dict[str, Any], what: str, songs: list[str]) -> None:
    happened = told[what]
    assert happened["rows"] == [[name, "charted", ""] for name in songs]
    assert happened["published"] == songs
    assert set(happened["runs"]) == set(songs) and len(happened["runs"]) > 12  # something was lost, and run again


@pytest.mark.model
def test_weights_are_loaded_once_for_each_worker(told: dict[str, Any]) -> None:
    assert told["workers killed"]["processes"] <= 4  # two, and one for each that was killed


def reasons(happened: dict[str, Any]) -> list[list[str]]:
    """The rows, errors without the file's path and lines of code."""
    rows = [(name, status, error.rpartition(f"{name}.ogg: ")[2]) for name, status, error in happened["rows"]]
    return [[name, status, re.sub(r", line \d+", "", error)] for name, status, error in rows]


@pytest.mark.model
def test_a_bad_song_fails_alone(told: dict[str, Any]) -> None:
    assert reasons(told["bad songs"]) == [
        *([name, "charted", ""] for name in "abcd"),
        ["grows", "failed", "took more than 0.488 GB of memory"],
        ["kills", "failed", "its process was ended 2 times, by SIGKILL; does the file crash a decoder?"],
        ["once", "charted", ""],
        [
            "wrong",
            "failed",
            "charter failed, which is a fault of its own: ValueError: no such thing (batch_factories.py)",
        ],
    ]
    assert told["bad songs"]["published"] == ["a", "b", "c", "d", "once"]
    assert told["bad songs"]["workers"] == 2  # none of it reached Ray


@pytest.mark.model
def test_a_song_that_hangs_fails_alone(told: dict[str, Any]) -> None:
    assert reasons(told["hanging song"]) == [["a", "charted", ""], ["hangs", "failed", "took longer than 3 s"]]
    assert (told["hanging song"]["published"], told["hanging song"]["runs"]) == (["a"], ["a", "hangs"])  # once each


@pytest.mark.model
def test_ctrl_c_leaves_nothing_running(told: dict[str, Any]) -> None:
    assert told["stopped"]["runs"] == 2
    assert told["stopped"]["seconds_to_end"] < 10


@pytest.mark.model
def test_what_hinders_every_song_ends_the_batch(told: dict[str, Any]) -> None:
    refused = told["refused"]
    assert refused["weights"].startswith("WeightsError: ") and "no weights there" in refused["weights"]
    assert f"has charter {charter.__version__}, and this is 0.0.0" in refused["version"]
    assert "pack: the node" in refused["folder"] and "shared storage" in refused["folder"]
    assert not any("\n" in reason for reason in refused.values())


@pytest.mark.parametrize("address", ["nonsense", "ray://localhost:10001", "localhost:", ":6379", "localhost:70000"])
def test_what_is_no_address(tmp_path: Path, address: str) -> None:
    pytest.importorskip("ray")
    given = settings(tmp_path)
    with pytest.raises(RequestError, match=address.replace("/", ".")):
        next(on_ray([job(given, "a")], given, address, chart_by_name))


def test_a_cluster_that_does_not_answer_is_told_at_once(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    given = settings(tmp_path)
    with socket.socket() as closed:  # bound and not listening
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(RequestError, match=f"{address}: no Ray cluster answers there"):
            next(on_ray([job(given, "a")], given, address, chart_by_name))
    assert time.monotonic() - started < 10


def test_without_ray_its_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    given = settings(tmp_path)
    with pytest.raises(RequestError, match=r"pip install 'charter\[cluster\]'"):
        next(on_ray([job(given, "a")], given, "auto", chart_by_name))
