"""Music that comes in, and what is refused."""

import asyncio
import errno
import socket
import threading
from collections import namedtuple

import pytest

from charter.errors import OutputError, RequestError
from charter.review.document.text import shown_name
from charter.review.errors import TooLarge, TooMany
from charter.review.web import disk, uploads
from charter.review.web.guard import GuardSettings
from charter.review.web.uploads import Uploads
from tests.waiting import wait_for

MARK = {"X-Charter": "1"}


@pytest.fixture
def small(browser):
    """A browser that Ann is signed in with, at a server that takes no more than 1 MB."""
    client = browser(GuardSettings(most_upload=1_000_000))
    client.post("/api/login", json={"name": "Ann"}, headers=MARK).raise_for_status()
    client.headers.update(MARK)
    return client


def left(review) -> list[str]:
    return [path.name for path in (review.data / "uploads").iterdir()]


def test_a_file_becomes_a_song_that_waits(review, small, queue):
    answer = small.post("/api/runs/1/songs", params={"name": "My song.mp3"}, content=b"music" * 1000)
    assert answer.status_code == 200, answer.text
    row = answer.json()
    assert (row["run"], row["state"], row["source"]) == (1, "waiting", "My song.mp3")
    (asked,) = queue.asked
    assert (asked["kind"], asked["name"], asked["song_id"], asked["run_id"]) == ("intake", "My song.mp3", row["id"], 1)
    assert asked["author_id"] == small.get("/api/me").json()["id"]
    assert queue.woken == 1
    path = review.data / "uploads" / asked["upload"]
    assert path.read_bytes() == b"music" * 1000
    path.unlink()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\song.mp3", "song.mp3"),
        ("<script>alert(1)</script>.mp3", "script>.mp3"),
        ("a\r\nSet-Cookie: x.mp3", "aSet-Cookie: x.mp3"),
        ("\u202egpm.exe", "gpm.exe"),
        ("..", ".."),
        ("", "a file without a name"),
        (".", "a file without a name"),
        ("///", "a file without a name"),
        ("x" * 5000, "x" * 200),
        ("x" * 5000 + ".mp3", "x" * 196 + ".mp3"),
        ("x." + "y" * 5000, "x." + "y" * 198),
    ],
)
def test_names_are_only_shown(review, small, queue, name, shown):
    before = {path for path in review.data.rglob("*") if "sqlite" not in path.name}
    answer = small.post("/api/runs/1/songs", params={"name": name}, content=b"music")
    assert answer.json()["source"] == shown == shown_name(name)
    (new,) = {path for path in review.data.rglob("*") if "sqlite" not in path.name} - before
    assert new == review.data / "uploads" / queue.asked[0]["upload"]
    assert len(new.name) == 32
    assert set(new.name) <= set("0123456789abcdef")
    new.unlink()


def test_nothing_is_kept_of_what_is_too_large(review, small, queue):
    def pieces():
        for _ in range(40):
            yield b"x" * 50_000

    for content in (b"x" * 1_000_001, pieces()):
        answer = small.post("/api/runs/1/songs", content=content)
        assert answer.status_code == 413
        assert "1 MB" in answer.json()["error"]
    assert left(review) == queue.asked == []


def test_an_empty_file_is_refused(review, small, queue):
    assert small.post("/api/runs/1/songs", content=b"").status_code == 422
    assert left(review) == queue.asked == []


def test_a_run_that_is_not_there_takes_nothing(review, small, queue):
    answer = small.post("/api/runs/77/songs", content=b"music")
    assert (answer.status_code, answer.json()["error"]) == (404, "there is no run 77")
    assert left(review) == queue.asked == []


def test_a_full_queue_takes_nothing(review, small, queue):
    queue.room = 0
    assert small.post("/api/runs/1/songs", content=b"music").status_code == 429
    assert left(review) == []


def test_a_queue_that_fills_up_meanwhile_leaves_nothing(review, small, queue, monkeypatch):
    monkeypatch.setattr(type(queue), "check_room", lambda *_: None)
    monkeypatch.setattr(type(queue), "submit", lambda *_, **__: (_ for _ in ()).throw(TooMany("full")))
    songs = len(review_songs(review))
    assert small.post("/api/runs/1/songs", content=b"music").status_code == 429
    assert left(review) == []
    assert len(review_songs(review)) == songs


def review_songs(review):
    from sqlalchemy import select  # noqa: PLC0415

    from charter.review.store.tables import Song  # noqa: PLC0415

    with review.database.read() as session:
        return session.scalars(select(Song.id)).all()


def raw(client, head: str, body: bytes = b"") -> socket.socket:
    """A connection on which a request was begun."""
    connection = socket.create_connection((client.base_url.host, client.base_url.port))
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    host = client.base_url.netloc.decode()
    lines = f"{head} HTTP/1.1\r\nHost: {host}\r\nX-Charter: 1\r\nCookie: {cookie}\r\nContent-Length: 900000\r\n\r\n"
    connection.sendall(lines.encode() + body)
    return connection


def test_a_sender_that_leaves_leaves_nothing(review, small, queue):
    with raw(small, "POST /api/runs/1/songs?name=a.ogg", b"x" * 1000):
        wait_for(lambda: left(review))
    wait_for(lambda: not left(review))
    assert queue.asked == []


def test_a_sender_that_dawdles_is_sent_away(review, small, queue, monkeypatch):
    monkeypatch.setattr(uploads, "_IDLE_SECONDS", 0.2)
    with raw(small, "POST /api/runs/1/songs?name=a.ogg", b"x" * 1000) as connection:
        assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")
    assert left(review) == queue.asked == []


def test_a_sender_of_drops_is_sent_away(review, small, queue, monkeypatch):
    monkeypatch.setattr(uploads, "_IDLE_SECONDS", 0.3)
    with raw(small, "POST /api/runs/1/songs?name=a.ogg") as connection:
        connection.settimeout(5)
        stop = threading.Event()

        def drip():
            while not stop.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        said = b""
        while b"too slowly" not in said:
            said += connection.recv(4096)
        stop.set()
        dripping.join()
    assert left(review) == queue.asked == []


def test_no_more_than_some_at_once(review, small):
    connections = [raw(small, "POST /api/runs/1/songs?name=a.ogg", b"x") for _ in range(uploads.MOST_EACH)]
    try:
        wait_for(lambda: len(left(review)) == uploads.MOST_EACH)
        answer = small.post("/api/runs/1/songs", content=b"music")
        assert answer.status_code == 429
        assert "wait" in answer.json()["error"]
        assert small.get("/api/me").status_code == 200
    finally:
        for connection in connections:
            connection.close()
    wait_for(lambda: not left(review))


def receive(folder, *parts, length=None, most=1_000_000, spare=0):
    """What an upload of some parts comes to."""

    async def stream():
        for part in parts:
            yield part

    (folder / "uploads").mkdir(exist_ok=True)
    return asyncio.run(Uploads(folder, most, spare).receive(1, length, stream()))


Usage = namedtuple("Usage", "free")


def test_a_disk_without_room_is_told_before(tmp_path, monkeypatch):
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: Usage(500))
    assert receive(tmp_path, b"x" * 400, length=400).stat().st_size == 400
    for options in ({"length": 501}, {"length": 400, "spare": 200}, {"spare": 501}):
        with pytest.raises(OutputError, match="full"):
            receive(tmp_path, b"x", **options)
    assert len(list((tmp_path / "uploads").iterdir())) == 1


def test_files_on_their_way_share_the_room(tmp_path, monkeypatch):
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: Usage(500))
    (tmp_path / "uploads").mkdir()
    both = Uploads(tmp_path, 1000, 0)
    said = []

    async def slow():
        await asyncio.sleep(0.05)
        yield b"x" * 300

    async def send():
        try:
            await both.receive(1, 300, slow())
        except OutputError as error:
            said.append(error)

    async def send_two():
        await asyncio.gather(send(), send())

    asyncio.run(send_two())
    assert len(said) == len(list((tmp_path / "uploads").iterdir())) == 1


def test_a_disk_that_fills_up_meanwhile_keeps_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)
    with pytest.raises(OutputError, match="the disk is full"):
        receive(tmp_path, b"x")
    assert not list((tmp_path / "uploads").iterdir())


def test_a_length_that_is_not_true_changes_nothing(tmp_path):
    with pytest.raises(TooLarge):
        receive(tmp_path, b"x", length=2_000_000)
    with pytest.raises(TooLarge):
        receive(tmp_path, b"x" * 600_000, b"x" * 600_000, length=5)
    assert receive(tmp_path, b"x" * 10, length=5).stat().st_size == 10


def test_a_full_disk_is_its_own_answer(small, monkeypatch):
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: Usage(5))
    answer = small.post("/api/runs/1/songs", content=b"music")
    assert (answer.status_code, "full" in answer.json()["error"]) == (507, True)
    assert str(uploads.__file__)[:5] not in answer.json()["error"]


def test_a_stream_that_stops_is_an_error_of_the_request(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "_IDLE_SECONDS", 0.05)
    (tmp_path / "uploads").mkdir()

    async def stops():
        yield b"x"
        await asyncio.sleep(9)

    with pytest.raises(RequestError, match="stopped"):
        asyncio.run(Uploads(tmp_path, 100, 0).receive(1, None, stops()))
