"""A review that is served, with a queue that only keeps what it is given."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from charter.review.errors import TooMany
from charter.review.store.database import Database, now
from charter.review.store.jobs import About, add, job_json
from charter.review.store.songs import new_song
from charter.review.store.tables import Run
from charter.review.web.app import create_app
from charter.review.web.context import Review
from charter.review.web.guard import GuardSettings
from charter.review.web.http_server import listening, make_server
from charter.review.web.live import Live
from tests.http_client import open_client

MARK = {"X-Charter": "1"}


@dataclass
class StillQueue:
    """A queue in which nothing ever runs."""

    room: int = 100
    woken: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)

    def check_room(self, session: Session, kind: str, author_id: int | None) -> None:
        if len(self.asked) >= self.room:
            raise TooMany("no more room")

    def submit(self, session: Session, kind: str, request: dict[str, Any], **about: int | None) -> dict[str, Any]:
        self.check_room(session, kind, None)
        self.asked.append({"kind": kind, **request, **about})
        return job_json(session, add(session, kind, request, About(**about)))

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    """With run 1 and, in it, song 1, whose folder is empty."""
    data = tmp_path_factory.mktemp("data")
    for name in ("songs", "uploads", "exports"):
        (data / name).mkdir(parents=True)
    database = Database(f"sqlite:///{data / 'review.sqlite3'}")
    with database.write() as session:
        run = Run(name="A run", source="", request={}, created=now())
        session.add(run)
        session.flush()
        song = new_song(session, run.id, "a.ogg")
        song.key, song.state = "5" * 32, "ready"
    (data / "songs" / ("5" * 32) / "hearing").mkdir(parents=True)
    yield Review(database, data, Live(), StillQueue())  # type: ignore[arg-type]
    database.close()


@pytest.fixture
def queue(review: Review) -> StillQueue:
    """The review's queue, empty."""
    queue = review.runner
    assert isinstance(queue, StillQueue)
    queue.room, queue.woken, queue.asked = 100, 0, []
    return queue


Browser = Callable[..., httpx.Client]
_OPEN = GuardSettings()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of an application that is served for as long as the block takes."""
    began = threading.Event()
    server = make_server(app, began.set)
    with listening("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            assert began.wait(10)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def browser(review: Review) -> Iterator[Browser]:
    """A browser that nobody is signed in with, at a server with the guard's settings that are given."""
    with ExitStack() as stack:
        addresses: dict[GuardSettings, str] = {}

        def open_one(settings: GuardSettings = _OPEN) -> httpx.Client:
            if settings not in addresses:
                addresses[settings] = stack.enter_context(served(create_app(review, settings)))
            return stack.enter_context(open_client(addresses[settings], timeout=30))

        yield open_one


@pytest.fixture
def ann(browser: Browser) -> httpx.Client:
    """A browser that Ann is signed in with."""
    client = browser()
    assert client.post("/api/login", json={"name": "Ann"}, headers=MARK).status_code == 200
    client.headers.update(MARK)
    return client
