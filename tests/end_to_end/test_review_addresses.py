"""Every address of a review server, asked by schemathesis: it keeps what its page promises, and nothing breaks it."""

import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.programs import missing
from tests.review_server import Visitor, ready, served

pytestmark = pytest.mark.model

SECONDS = 30
# What is left off, and why.
EXCLUDED = (
    "positive_data_acceptance",  # no schema says which note stands where, nor who is a person of this review
    "unsupported_method",  # what is no address of the API is a page's that is not there
    "allow_header_conformance",  # FastAPI names the methods of one route of an address, not of all
)
ROWS = "1000 0100 0010 0001 " * 8


def test_every_address_keeps_what_its_page_promises(tmp_path, write_loop, write_song):
    if find_spec("schemathesis") is None:
        missing("schemathesis is not installed")
    pack = tmp_path / "input" / "A pack"
    write_loop(pack / "one" / "song.wav", bpm=120, seconds=20)
    write_song(pack / "one" / "song.sm", {"Easy": ROWS, "Hard": ROWS}, MUSIC="song.wav", BPMS="0=120")
    with served(tmp_path / "data", pack=pack) as server, closing(Visitor(server.url, "Ann")) as ann:
        ann.wait_for("/api/runs/1", ready)
        chart = ann.get("/api/runs/1")["songs"][0]["charts"][0]["id"]
        ann.post(f"/api/charts/{chart}/comments", {"tick": 48, "text": "=1+1"})
        ann.post(f"/api/charts/{chart}/decisions", {"verdict": "accepted", "version": 0})
        (tmp_path / "page.json").write_text(ann.http.get("/openapi.json").text)
        done = _asked(tmp_path, server.url, ann)
        assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
        assert "Fuzzing" in done.stdout and "Stateful" in done.stdout
        assert ann.get("/api/me")["name"] == "Ann"
        assert "charter failed" not in server.log.read_text()


def _asked(folder: Path, url: str, visitor: Visitor) -> subprocess.CompletedProcess[str]:
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.http.cookies.items())
    command = [sys.executable, "-m", "schemathesis.cli", "run", "page.json", "--url", url]
    command += ["-H", "X-Charter: 1", "-H", f"Cookie: {cookie}", "--exclude-path", "/api/logout"]  # ends the login
    command += ["--checks", "all", "--exclude-checks", ",".join(EXCLUDED), "--continue-on-failure"]
    command += ["--max-time", str(SECONDS), "--request-timeout", "20", "--no-shrink", "--seed", "1"]
    command += ["--suppress-health-check", "all"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS * 10)
