"""Packs, simfiles, histories and measures by their addresses."""

import asyncio
import io
import json
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI, Request

from charter.notation import Chart, Difficulty, Note, NoteKind, PreviewWindow, Song, Tempo, Timing
from charter.review.document.codec import notes_json
from charter.review.out.imports import read_import
from charter.review.out.pack import export_pack
from charter.review.queue.exports import ask_export
from charter.review.store.comments import add_comment, comments
from charter.review.store.database import now
from charter.review.store.edits import edits_after
from charter.review.store.jobs import About, add, job_json
from charter.review.store.tables import Job
from charter.review.store.tables import Song as Row
from charter.review.web import disk
from charter.review.web.context import Review, Who
from charter.review.web.failures import add_handlers
from charter.review.web.routes import out
from export.stepmania.read import parse_song, read_song
from export.stepmania.save import save_song
from tests.review.out.reviews import AReview

EASY = tuple(Note(tick, tick // 96 % 4, NoteKind.TAP) for tick in range(0, 1920, 96))
SONG = Song(
    "A song",
    Timing((Tempo(0, 120.0),), -0.25),
    (Chart(Difficulty.EASY, 3, EASY), Chart(Difficulty.HARD, 8, EASY)),
    music="song.ogg",
    preview=PreviewWindow(1.0, 12.0),
)


class Runner:
    """Takes jobs and marks for a check, and does nothing with them."""

    def __init__(self):
        self.checked = []
        self.woken = 0

    def check_room(self, session, kind, author_id):
        pass

    def submit(self, session, kind, request, *, run_id, author_id):
        return job_json(session, add(session, kind, request, About(run_id, author_id=author_id)))

    def wake(self):
        self.woken += 1

    read_file = staticmethod(read_import)  # the real one does it in another process

    def check(self, chart_id):
        self.checked.append(chart_id)


class Live:
    def __init__(self):
        self.events = []

    def publish(self, run_id, event):
        self.events.append(event["type"])


@pytest.fixture
def review(tmp_path):
    save_song(SONG, tmp_path / "in", stem="x", duration=30.0)
    (tmp_path / "in" / "song.ogg").write_bytes(b"OggS")
    made = AReview.make(tmp_path / "data")
    made.take_in(tmp_path / "in", weights={"placement": "a" * 16})
    return made


@pytest.fixture
def served(review):
    return Review(review.database, review.data, Live(), Runner())


class Client:
    """Asks the application, without a socket."""

    def __init__(self, app):
        self.app = app

    def get(self, url, **more):
        return asyncio.run(self._ask("GET", url, **more))

    def post(self, url, **more):
        return asyncio.run(self._ask("POST", url, **more))

    async def _ask(self, method, url, **more):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://here") as client:
            return await client.request(method, url, **more)


@pytest.fixture
def client(review, served):
    app = FastAPI()
    app.state.review = served
    app.include_router(out.router)
    add_handlers(app)

    @app.middleware("http")
    async def signed_in(request: Request, call_next):
        request.state.who = Who(review.person, "Ada")
        return await call_next(request)

    return Client(app)


def song_of(review):
    return review.songs["in"]


def run_export(review, job_id):
    """What the queue does with the job."""
    with review.database.write() as session:
        asked = ask_export(session, session.get_one(Job, job_id), review.data)
        result = export_pack(asked, review.data, lambda *_: None)
        job = session.get_one(Job, job_id)
        job.state, job.result, job.ended = "done", result, now()
    return result


def test_an_export_is_asked_for_made_and_downloaded(review, served, client):
    refused = client.post(f"/api/runs/{review.run}/exports", json={"only": "accepted"})
    assert (refused.status_code, "nothing to export" in refused.json()["error"]) == (400, True)
    assert not (review.data / "exports").exists()
    _easy, hard = review.charts(song_of(review))
    review.decide(hard)
    job = client.post(f"/api/runs/{review.run}/exports", json={}).json()
    assert (job["kind"], job["state"], served.runner.woken, served.live.events) == ("export", "waiting", 1, ["job"])
    assert client.get(f"/api/exports/{job['id']}").status_code == 409
    result = run_export(review, job["id"])
    assert result["left_out"] == ["A song, easy: not decided on"]
    got = client.get(result["url"])
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''A%20pack%20_%20of%20ours.zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as file:
        data = file.read("A pack _ of ours/in/x.ssc")
    assert [chart.difficulty for chart in parse_song(data, review.data / "x.ssc").charts] == [Difficulty.HARD]


@pytest.mark.parametrize("address", ["exports/99", "runs/99/measure", "runs/99/history.jsonl", "songs/99/charts.zip"])
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(f"/api/{address}").status_code == 404


def test_a_song_that_is_not_ready_has_no_working_copy(review, client):
    song = song_of(review)
    with review.database.write() as session:
        session.get_one(Row, song).state = "working"
    got = client.get(f"/api/songs/{song}/charts.zip")
    assert (got.status_code, got.json()) == (409, {"error": "the song is working; wait until it is ready"})


def test_a_song_whose_folder_is_gone_says_so(review, client):
    song = song_of(review)
    shutil.rmtree(review.folder(song))
    got = client.get(f"/api/songs/{song}/charts.zip")
    assert got.status_code == 400
    assert "folder cannot be read" in got.json()["error"]
    assert list(review.data.glob("exports/*")) == []


def test_a_working_copy_comes_back_as_new_versions(review, served, client):
    song = song_of(review)
    easy, hard = review.charts(song)
    got = client.get(f"/api/songs/{song}/charts.zip")
    with zipfile.ZipFile(io.BytesIO(got.content)) as file:
        (name,) = [name for name in file.namelist() if name.endswith("x.sm")]
        text = file.read(name).decode()
    assert list((review.data / "exports").iterdir()) == []
    changed = text.replace("1000", "1001", 1)
    asked = {"name": "../dir/mine.sm"}
    dry = client.post(f"/api/songs/{song}/charts", params={**asked, "dry": True}, content=changed.encode()).json()
    assert [(made["slot"], made["rewritten"], made["version"]) for made in dry["imports"]] == [
        ("easy", 1, 0),
        ("hard", 0, 0),
    ]
    told = client.post(f"/api/songs/{song}/charts", params=asked, content=changed.encode()).json()
    assert [(made["chart"], made["changed"], made["version"]) for made in told["imports"]] == [
        (easy, True, 1),
        (hard, False, 0),
    ]
    assert (told["timing"], told["offered"], told["left_out"]) == (False, {}, [])
    assert (served.runner.checked, served.live.events) == ([easy], ["edit"])
    again = client.post(f"/api/songs/{song}/charts", params=asked, content=changed.encode()).json()
    assert [made["version"] for made in again["imports"]] == [1, 0]


def test_a_file_that_lacks_a_chart_and_has_another_meter_is_told_before_it_is_taken(review, served, client):
    song = song_of(review)
    easy, hard = review.charts(song)
    review.decide(easy)
    text = (review.folder(song) / "x.sm").read_text()
    some = text[: text.rindex("#NOTES")].replace("     3:", "     5:").replace("#TITLE:A song", "#TITLE:Another")
    url = f"/api/songs/{song}/charts"
    told = client.post(url, params={"name": "x.sm", "dry": True}, content=some.encode()).json()
    assert [(made["chart"], made["status"], made["fields"]) for made in told["imports"]] == [
        (easy, "accepted", {"meter": [3, 5]})
    ]
    assert told["missing"] == [{"chart": hard, "slot": "hard", "meter": 8}]
    assert (told["offered"], served.live.events) == ({"title": ["A song", "Another"]}, [])
    left = client.post(url, params={"name": "x.sm", "meters": False}, content=some.encode()).json()
    assert [made["changed"] for made in left["imports"]] == [False]
    client.post(url, params={"name": "x.sm"}, content=some.encode())
    assert served.live.events == ["edit", "chart"]  # it was accepted, and is open now


@pytest.mark.parametrize("wanted", ["bytes=abc", "lines=0-1", "bytes=999999999999-", "bytes=0-3"])
def test_a_working_copy_leaves_nothing_behind_whatever_part_is_asked_for(review, client, wanted):
    got = client.get(f"/api/songs/{song_of(review)}/charts.zip", headers={"Range": wanted})
    assert got.status_code == 200 and zipfile.is_zipfile(io.BytesIO(got.content))
    assert int(got.headers["content-length"]) == len(got.content)
    assert list((review.data / "exports").iterdir()) == []


def test_a_working_copy_needs_room(review, client, monkeypatch):
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda folder: SimpleNamespace(free=disk.SPARE_BYTES))
    got = client.get(f"/api/songs/{song_of(review)}/charts.zip")
    assert got.status_code == 507 and "the disk is full" in got.json()["error"]
    assert out._packing._value == 4
    for _ in range(4):
        out._packing.acquire()
    try:
        assert client.get(f"/api/songs/{song_of(review)}/charts.zip").status_code == 429
    finally:
        out._packing.release(4)


def test_an_export_that_is_tried_again_is_of_what_is_accepted_then(review, client):
    easy, hard = review.charts(song_of(review))
    review.decide(hard)
    job = client.post(f"/api/runs/{review.run}/exports", json={}).json()
    assert run_export(review, job["id"])["charts"] == 1
    review.decide(easy)
    assert run_export(review, job["id"])["charts"] == 2


def test_another_timing_is_offered_as_an_edit_of_the_song_has_it(review, client):
    song = song_of(review)
    text = (review.folder(song) / "x.ssc").read_text().replace("#OFFSET:-0.250", "#OFFSET:-0.240")
    told = client.post(f"/api/songs/{song}/charts", params={"name": "x.ssc"}, content=text.encode()).json()
    was, now_ = told["offered"]["timing"]
    assert told["timing"] and (was["offset"], now_["offset"]) == (-0.25, -0.24)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.exe", b"MZ", "is no simfile"),
        ("x.sm", b"", "x.sm"),
        ("x.sm", b"\0" * 1000, "x.sm"),
        ("x.ssc", b"#TITLE:<script>;#BPMS:0=nan;", "x.ssc"),
    ],
)
def test_what_is_no_simfile_is_refused(review, client, name, content, said):
    refused = client.post(f"/api/songs/{song_of(review)}/charts", params={"name": name}, content=content)
    assert refused.status_code == 400
    assert said in refused.json()["error"] and "\n" not in refused.json()["error"]


def test_a_file_that_no_charter_wrote_is_too_large(review, client):
    address = f"/api/songs/{song_of(review)}/charts"
    refused = client.post(address, params={"name": "x.sm"}, content=b"0000\n" * 500_000)
    assert (refused.status_code, "2.5 MB" in refused.json()["error"]) == (413, True)


def test_a_note_inside_a_hold_is_refused_and_nothing_is_kept(review, client):
    song = song_of(review)
    _easy, _ = review.charts(song)
    head, first, second, third, rest = (review.folder(song) / "x.ssc").read_text().split("1000", 4)
    broken = "1000".join([f"{head}2000{first}", f"{second}3000{third}", rest]).replace("#METER:8", "#METER:9")
    refused = client.post(f"/api/songs/{song}/charts", params={"name": "x.ssc"}, content=broken.encode())
    assert refused.status_code == 422 and "easy" in refused.json()["error"]
    assert client.get(f"/api/runs/{review.run}/measure").json()["total"]["charts"] == 2
    with review.database.read() as session:
        assert session.get_one(Row, song).version == 0
    history = [json.loads(line) for line in client.get(f"/api/runs/{review.run}/history.jsonl").text.splitlines()]
    assert [line["version"] for line in history] == [0, 0]


def test_the_measure_and_its_tables(review, client):
    easy, hard = review.charts(song_of(review))
    review.write(easy, notes_json(EASY[:-1]))
    review.decide(easy, seconds=90)
    review.decide(hard, "rejected", seconds=30)
    found = client.get(f"/api/runs/{review.run}/measure").json()
    total = found["total"]
    assert (total["draft_rows"], total["rows"]["kept"], total["rows"]["removed"]) == (20, 19, 1)
    assert (total["accepted"], total["rejected"], total["minutes_per_chart"]) == (1, 1, 2.0)
    assert [group["label"] for group in found["weights"]] == ["placement aaaaaaaa"]
    table = client.get(f"/api/runs/{review.run}/measure.csv")
    assert table.headers["content-type"].startswith("text/csv") and len(table.text.splitlines()) == 2
    (line,) = client.get(f"/api/runs/{review.run}/measure.jsonl").text.splitlines()
    assert json.loads(line)["kept"] == 19
    review.write(easy, notes_json(EASY))
    assert client.get(f"/api/runs/{review.run}/measure").json()["total"]["accepted"] == 0
    review.decide(easy)
    assert client.get(f"/api/runs/{review.run}/measure").json()["total"]["rows"]["kept"] == 20


def test_charts_that_came_with_a_song_are_no_models_work(review, client):
    (review.folder(song_of(review)) / "charter.json").write_text(json.dumps({"kept": ["Hard"]}))
    found = client.get(f"/api/runs/{review.run}/measure").json()
    assert [(group["key"] != "", group["charts"]) for group in found["weights"]] == [(True, 1), (False, 1)]
    assert found["total"]["charts"] == 1


def test_a_look_at_the_measure_reads_no_file_that_was_read_before(review, client, monkeypatch):
    record = review.folder(song_of(review)) / "charter.json"
    record.write_text(json.dumps({"kept": ["Hard"]}))
    first = client.get(f"/api/runs/{review.run}/measure").json()
    read = []

    def counted(path, *args, **kwargs):
        read.append(path)
        return read_text(path, *args, **kwargs)

    read_text = Path.read_text
    monkeypatch.setattr(Path, "read_text", counted)
    assert client.get(f"/api/runs/{review.run}/measure").json() == first
    assert read == []
    record.write_text(json.dumps({"kept": []}))
    assert client.get(f"/api/runs/{review.run}/measure").json()["total"]["charts"] == 2
    assert read == [record]


def test_the_history_says_what_the_model_wrote_and_what_became_of_it(review, client):
    easy, _ = review.charts(song_of(review))
    review.write(easy, notes_json(EASY[2:]), meter=(3, 2))
    review.decide(easy, seconds=60)
    with review.database.write() as session:
        add_comment(session, easy, 48, "too hard", review.person)
    first, second = map(json.loads, client.get(f"/api/runs/{review.run}/history.jsonl").text.splitlines())
    assert first["draft"]["notes"] == notes_json(EASY) and first["final"]["notes"] == notes_json(EASY[2:])
    assert (first["rows"]["kept"], first["rows"]["removed"], first["final"]["meter"]) == (18, 2, 2)
    assert [edit["changes"]["fields"] for edit in first["edits"]] == [{"meter": [3, 2]}]
    assert first["decisions"][0]["author"]["name"] == "Ada" and first["seconds"][0]["seconds"] == 60
    assert first["song"]["weights"] == {"placement": "a" * 16}
    with review.database.read() as session:  # as pages get them
        assert first["edits"] == edits_after(session, easy, 0)
        assert first["comments"] == comments(session, easy)
    (comment,) = first["comments"]
    assert (comment["tick"], comment["text"], comment["author"]["name"]) == (48, "too hard", "Ada")
    assert (second["edits"], second["draft"]["notes"]) == ([], second["final"]["notes"])
    assert read_song(review.folder(song_of(review)) / "x.ssc").charts[0].notes == EASY
