"""What a review server does when somebody means it harm, or makes the mistakes that look like it."""

import io
import os
import subprocess
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile

from tests.review_server import Served, Visitor, ready, served

pytestmark = pytest.mark.model

ROWS = "1000 0100 0010 0001 " * 8
EVIL = [
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\windows\\win.ini",
    "a\x00b",
    "<script>alert(1)</script>",
    "x" * 5000,
]


@pytest.fixture(scope="module")
def pack(tmp_path_factory, write_loop, write_song) -> Path:
    folder = tmp_path_factory.mktemp("input") / "A pack"
    write_loop(folder / "one" / "song.wav", bpm=120, seconds=20)
    write_song(folder / "one" / "song.sm", {"Hard": ROWS}, MUSIC="song.wav", BPMS="0=120")
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory, pack) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served") / "data", "--most-upload", "20", pack=pack) as server:
        yield server


@pytest.fixture(scope="module")
def visitor(server) -> Iterator[Visitor]:
    with closing(Visitor(server.url, "somebody")) as visitor:
        visitor.wait_for(run_of(visitor), ready)
        yield visitor


def run_of(visitor: Visitor) -> str:
    """Where the run of the pack is asked for."""
    return next(f"/api/runs/{run['id']}" for run in visitor.get("/api/runs") if run["source"])


def song_of(visitor: Visitor) -> dict:
    song: dict = visitor.get(run_of(visitor))["songs"][0]
    return song


def told(response: httpx.Response, status: int) -> str:
    """What a refusal says to a person."""
    assert response.status_code == status, response.text
    message: str = response.json()["error"]
    assert message and "\n" not in message and "Traceback" not in message
    return message


def is_up(visitor: Visitor) -> bool:
    started = time.monotonic()
    visitor.get("/api/runs")
    return time.monotonic() - started < 2


def upload(visitor: Visitor, data: bytes, name: str) -> dict:
    response = visitor.http.post(f"{run_of(visitor)}/songs", params={"name": name}, content=data)
    assert response.status_code == 200, response.text
    song: dict = response.json()
    return song


def outcome(visitor: Visitor, song: dict) -> dict:
    return visitor.wait_for(f"/api/songs/{song['id']}", lambda said: said["state"] not in ("waiting", "working"))


def test_an_upload_of_two_gigabytes_is_refused_before_it_is_stored(server, visitor):
    def two_gigabytes() -> Iterator[bytes]:
        for _ in range(2048):
            yield bytes(1 << 20)

    path = f"{run_of(visitor)}/songs?name=big.wav"
    refusals = []
    for headers in ({"Content-Length": str(2 << 30)}, {}):
        try:
            refusals.append(told(visitor.http.post(path, content=two_gigabytes(), headers=headers), 413))
        except httpx.WriteError:  # it hung up on us, which is as good
            refusals.append("20 MB")
    assert all("20" in refusal for refusal in refusals)
    assert sum(path.stat().st_size for path in (server.data / "uploads").rglob("*") if path.is_file()) < 20 << 20
    assert is_up(visitor)


def test_bombs_cost_their_own_song_only(server, visitor):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("song.ogg", bytes(200 << 20))
    long = io.BytesIO()
    # A day of silence is a few megabytes.
    with soundfile.SoundFile(long, "w", 8000, 1, format="FLAC") as sound:
        for _ in range(24 * 60):
            sound.write(np.zeros(8000 * 60, np.float32))
    for data, name in (
        (bomb.getvalue(), "bomb.ogg"),
        (long.getvalue(), "day.flac"),
        (bytes(range(256)) * 999, "noise.mp3"),
    ):
        song = upload(visitor, data, name)
        failed = outcome(visitor, song)
        assert failed["state"] == "failed"
        assert failed["error"] and "Traceback" not in failed["error"]
        assert str(server.data) not in failed["error"]
        assert name in failed["error"]
        assert is_up(visitor)
    assert not list((server.data / "uploads").iterdir())


@pytest.mark.parametrize("evil", EVIL)
def test_no_field_leads_to_a_file_or_into_a_page(server, visitor, evil):
    run = visitor.http.post("/api/runs", json={"name": evil})
    assert run.status_code in (200, 422, 400)
    song = song_of(visitor)
    chart = song["charts"][0]["id"]
    for method, path, body in (
        ("GET", f"/api/songs/{song['id']}/sound/{evil}", None),
        ("GET", f"/static/{evil}", None),
        ("GET", f"/{evil}", None),
        ("GET", f"/api/exports/{evil}", None),
        ("GET", f"/api/jobs/{evil}", None),
        ("DELETE", f"/api/charts/{chart}/dismissals/{evil}", None),
        ("POST", f"/api/songs/{song['id']}/edits", {"key": evil, "fields": {evil: ["", evil]}, "summary": evil}),
        ("POST", f"/api/charts/{chart}/edits", {"key": evil, "base": evil, "kind": evil, "changes": {evil: evil}}),
        ("POST", f"/api/charts/{chart}/comments", {"tick": evil, "text": evil}),
        ("POST", f"/api/charts/{chart}/redo", {"start": evil, "end": evil, "locks": evil}),
        ("POST", f"/api/songs/{song['id']}/charts?name=x", {"not": "a simfile"}),
        ("PATCH", f"/api/charts/{chart}", {"assignee": evil}),
    ):
        try:
            response = visitor.http.request(method, httpx.URL(path), json=body)
        except httpx.InvalidURL:
            continue
        assert 400 <= response.status_code < 500, (method, path, response.text)
        assert "root:" not in response.text
        told(response, response.status_code) if path.startswith("/api") else None
    assert is_up(visitor)


def test_a_title_with_a_path_stays_in_the_export(server, visitor):
    song = song_of(visitor)
    chart = song["charts"][0]
    was = visitor.get(f"/api/songs/{song['id']}")["fields"]["title"]
    title = "../../<script>alert(1)</script>"
    visitor.post(f"/api/songs/{song['id']}/edits", {"key": "t", "fields": {"title": [was, title]}, "summary": ""})
    verdict = {"verdict": "accepted", "text": "", "version": visitor.get(f"/api/charts/{chart['id']}")["version"]}
    visitor.post(f"/api/charts/{chart['id']}/decisions", verdict)
    job = visitor.post(f"/api/runs/{song['run']}/exports", {"only": "accepted"})
    job = visitor.wait_for(f"/api/jobs/{job['id']}", lambda job: job["state"] not in ("waiting", "running"))
    assert job["state"] == "done", job
    with zipfile.ZipFile(io.BytesIO(visitor.http.get(job["result"]["url"]).content)) as file:
        for name in file.namelist():
            assert ".." not in Path(name).parts and not name.startswith("/")
        assert any(f"#TITLE:{title}" in file.read(name).decode() for name in file.namelist() if name.endswith("m"))


def test_without_a_name_or_with_a_forged_cookie_nothing_is_told(server, visitor):
    for cookies in ({}, dict.fromkeys(visitor.http.cookies, "0" * 64)):
        with httpx.Client(base_url=server.url, cookies=cookies, headers={"X-Charter": "1"}) as stranger:
            for path in ("/api/runs", "/api/people", "/api/songs/1", "/api/charts/1", "/openapi.json", "/api/jobs/1"):
                told(stranger.get(path), 401)


def test_a_token_is_asked_for(tmp_path):
    with served(tmp_path / "guarded", "--token", "right-and-long-enough") as server:
        with httpx.Client(base_url=server.url, headers={"X-Charter": "1"}) as stranger:
            told(stranger.post("/api/login", json={"name": "eve"}), 403)
            told(stranger.post("/api/login", json={"name": "eve", "token": "wrong"}), 403)
            told(stranger.get("/api/runs"), 401)
        with closing(Visitor(server.url, "ada", "right-and-long-enough")) as visitor:
            assert visitor.get("/api/runs") == []


def test_other_web_pages_cannot_speak_for_somebody(visitor):
    other = {"Origin": "https://evil.example"}
    told(visitor.http.post("/api/runs", json={"name": "theirs"}, headers=other), 403)
    told(visitor.http.post("/api/runs", json={"name": "theirs"}, headers={"X-Charter": ""}), 403)
    assert visitor.http.get("/api/runs", headers={"Host": "evil.example"}).status_code in (400, 403, 421)
    assert "theirs" not in str(visitor.get("/api/runs"))


def test_a_chart_file_of_a_hundred_megabytes_is_refused(visitor):
    song = song_of(visitor)
    try:
        response = visitor.http.post(f"/api/songs/{song['id']}/charts?name=x.sm", content=b"#TITLE:x;\n" * 10_000_000)
        told(response, 413)
    except httpx.WriteError:
        pass
    assert is_up(visitor)


def test_a_thousand_redos_at_once_are_refused_and_others_are_served(visitor, server):
    song = song_of(visitor)
    path = f"/api/charts/{song['charts'][0]['id']}/redo"
    # All of the song, by ear: work that is not done as fast as it is asked for.
    body = {"start": 0, "end": 1536, "locks": [], "keep_rows": False, "seed": 0, "candidates": 3}

    def ask(number: int) -> httpx.Response:
        return visitor.http.post(path, json={**body, "seed": number})

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(ask, range(1000)))
    refused = [answer for answer in answers if answer.status_code != 200]
    assert 0 < 1000 - len(refused) < 100
    assert {told(answer, 429) for answer in refused} == {"30 jobs of yours wait already; wait for one, or cancel some"}
    assert is_up(visitor)


def test_a_full_disk_is_told_and_nothing_saved_is_lost(tmp_path, pack):
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("a small disk can only be made as root")
    try:
        with served(disk / "data", pack=pack) as server, closing(Visitor(server.url, "somebody")) as visitor:
            run = visitor.wait_for(run_of(visitor), ready)
            chart = run["songs"][0]["charts"][0]["id"]

            def edit(key: str, tick: int) -> httpx.Response:
                changes = {"notes": [[tick, 0, None, ["1", None]]]}
                body = {"key": key, "base": 0, "kind": "edit", "changes": changes, "summary": ""}
                return visitor.http.post(f"/api/charts/{chart}/edits", json=body)

            assert edit("before", 2400).status_code == 200
            with (disk / "filler").open("wb") as filler:
                try:
                    while True:
                        filler.write(bytes(1 << 16))
                        filler.flush()
                except OSError:
                    pass
            statuses = []
            for number in range(200):  # the database may have a little room left
                response = edit(f"full.{number}", 4800 + 48 * number)
                statuses.append(response.status_code)
                if response.is_error:
                    assert "full" in told(response, 507)
                    break
            assert statuses[-1] == 507
            acknowledged = {"before"} | {f"full.{number}" for number in range(len(statuses) - 1)}
            told(visitor.http.post(f"/api/runs/{run['id']}/songs?name=a.ogg", content=bytes(1 << 20)), 507)
            (disk / "filler").unlink()
            assert edit("after", 9600 * 4).status_code == 200
            keys = {each["key"] for each in visitor.get(f"/api/charts/{chart}/edits?after=0")}
            assert keys == acknowledged | {"after"}
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
