"""Nothing that charter does needs a network, or asks for one: beside each run stands what was tried."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.review_server import Visitor, ready, served

pytestmark = pytest.mark.model
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of what processes try that start from here on; empty while none does."""
    path = tmp_path / "tried"
    path.touch()
    monkeypatch.setenv("CHARTER_TRIED", str(path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "tests" / "offline"), str(ROOT)]))
    return path


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """What runs a command without any network, other code than Python's included; nothing where that is not allowed."""
    words = ["unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*words, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return words


@pytest.mark.parametrize(
    "attempt", ["socket.create_connection(('192.0.2.1', 9))", "socket.getaddrinfo('example.org', 80)"]
)
def test_an_attempt_would_be_seen(tried, attempt):
    program = f"import contextlib, socket\nwith contextlib.suppress(OSError):\n    {attempt}"
    subprocess.run([sys.executable, "-c", program], check=True)
    assert tried.read_text()


def test_songs_are_charted_checked_and_played(tmp_path, write_loop, tried, alone):
    def charter(*words: str | Path) -> None:
        command = [*alone, sys.executable, "-m", "charter", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr

    song = write_loop(tmp_path / "music" / "a.wav", seconds=12)
    charter("generate", song, "--out", "Songs", "--preview")
    (simfile,) = (tmp_path / "Songs").rglob("*.ssc")
    charter("check", simfile)
    charter("preview", simfile, "--out", "chip.nsf")
    charter("batch", "music", "--out", "Pack", "--workers", "1")
    assert tried.read_text() == ""


def test_a_pack_is_reviewed(tmp_path, write_song, write_loop, tried):
    write_loop(tmp_path / "Pack" / "A song" / "song.wav")
    write_song(tmp_path / "Pack" / "A song" / "a.sm", {"Easy": "1000 0100 0010 0001"}, MUSIC="song.wav")
    with served(tmp_path / "data", pack=tmp_path / "Pack") as server:
        ann = Visitor(server.url, "ann")
        ann.wait_for(f"/api/runs/{ann.get('/api/runs')[-1]['id']}", ready)
        assert ann.http.get("/").is_success
        ann.close()
    assert tried.read_text() == ""
