"""Uploads of a review on a real Ray cluster; `one_node.py` runs it and tells what became of them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, write_loop: Any) -> dict[str, Any]:
    pytest.importorskip("ray")
    folder = tmp_path_factory.mktemp("ray")
    songs = [write_loop(folder / "song.wav", seconds=12), write_loop(folder / "long.wav", seconds=400)]
    command = [sys.executable, str(HERE / "one_node.py"), str(folder), *map(str, songs)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1, done.stdout  # Ray keeps silent
    return json.loads(done.stdout)


@pytest.mark.model
@pytest.mark.parametrize("which", ["charted", "again"])
def test_an_upload_is_charted_on_the_cluster(told: dict[str, Any], which: str) -> None:
    charted = told[which]
    assert (charted["state"], charted["error"], charted["song"]) == ("done", "", "ready")
    ((slot, rows),) = charted["charts"]
    assert slot == "hard" and rows > 5
    assert {"song.ogg", "song.ssc", "charter.json"} <= set(charted["files"])
    assert not charted["upload"]


@pytest.mark.model
def test_a_cancelled_upload_ends_there_and_its_process_with_it(told: dict[str, Any]) -> None:
    cancelled = told["cancelled"]
    assert (cancelled["state"], cancelled["song"]) == ("cancelled", "cancelled")
    assert (cancelled["charts"], cancelled["files"], cancelled["upload"]) == ([], [], True)  # it may be tried again
    assert cancelled["drafts"] == []
    assert told["processes"] == 1
    assert told["seconds_to_cancel"] < 10
