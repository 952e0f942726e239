"""A chart's page in Firefox, which puppeteer drives by WebDriver BiDi: playwright knows its own Firefox only."""

import json
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.npm import installed
from tests.programs import missing, program
from tests.review_server import Visitor, ready, served

PACKAGE = "puppeteer-core@24.43.1"
SCRIPT = Path(__file__).with_name("firefox.mjs")
# Firefox now and then forgets a key that it was told to press, and waits for good while the page is idle.
TRY_AGAIN = 75
TRIES = 3

pytestmark = [pytest.mark.alone, pytest.mark.model, pytest.mark.browser, pytest.mark.npm]


def test_a_chart_is_edited_and_played(tmp_path, write_loop, write_song):
    write_loop(tmp_path / "A pack" / "one" / "song.wav", bpm=120, seconds=20)
    rows = "1000 0100 0010 0001 " * 8
    write_song(tmp_path / "A pack" / "one" / "song.sm", {"Hard": rows}, MUSIC="song.wav", BPMS="0=120")
    for attempt in range(TRIES):
        done = looked_at(tmp_path / "A pack", tmp_path / f"data {attempt}")
        if done.returncode != TRY_AGAIN:
            break
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["problems"] == []
    assert (seen["before"], seen["placed"], seen["undone"]) == (32, 33, 32)
    if not seen["sound"]:
        missing("Firefox finds no sound output; pulseaudio with a null sink is one")
    before, after = (int(clock.split("/")[0].rpartition(":")[2]) for clock in seen["clock"])
    assert abs(after - before - seen["seconds"]) <= 2.5  # whole seconds, and a busy machine


def looked_at(pack: Path, data: Path) -> subprocess.CompletedProcess[str]:
    """A chart of a pack in Firefox, on a server of its own."""
    firefox, node = program("firefox-esr"), program("node")
    script = Path(shutil.copy(SCRIPT, installed(PACKAGE)))
    with served(data, pack=pack) as server:
        with closing(Visitor(server.url, "Ada")) as visitor:
            chart = visitor.wait_for("/api/runs/1", ready)["songs"][0]["charts"][0]["id"]
        command = [node, str(script), firefox, server.url, str(chart)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
