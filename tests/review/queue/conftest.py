"""A queue whose work is done by stand-ins."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from charter.review.queue import crew
from charter.review.queue.crew import Crew, local_slots
from charter.review.queue.room import QueueSettings
from charter.review.queue.runner import Runner
from charter.review.store import jobs
from charter.review.store.database import Database, now
from charter.review.store.songs import new_song
from charter.review.store.tables import Chart, Job, Person, Run, Song
from tests.waiting import wait_for

sys.path.insert(0, str(Path(__file__).parent))  # a spawned process looks where its parent does

import stand_ins


class Heard:
    """Stands for the pages: what they were told."""

    def __init__(self) -> None:
        self.events: list[tuple[int, dict[str, Any]]] = []

    def publish(self, run_id: int, event: dict[str, Any]) -> None:
        self.events.append((run_id, event))

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for _, event in self.events if event["type"] == kind]


class Queue:
    """A runner with its database, and shorthands for what tests do with them."""

    def __init__(self, folder: Path, *, workers: int = 1, settings: QueueSettings | None = None) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.database = Database(f"sqlite:///{folder}/review.sqlite3")
        self.live = Heard()
        slots = local_slots(partial(stand_ins.serving, folder), workers)
        self.runner = Runner(self.database, self.data, self.live, settings, Crew(slots))
        for name in ("songs", "uploads", "exports"):
            (self.data / name).mkdir(parents=True, exist_ok=True)
        (folder / "runs").mkdir(exist_ok=True)
        with self.database.write() as session:
            run = Run(name="A run", request={}, created=now())
            people = [Person(name=f"{name}{uuid4().hex}", created=now()) for name in "ab"]
            session.add_all([run, *people])
            session.flush()
            self.run, (self.ann, self.bob) = run.id, (person.id for person in people)

    def song(self, state: str = "waiting", upload: str = "") -> int:
        with self.database.write() as session:
            song = new_song(session, self.run, "a.ogg")
            song.state, song.fields = state, stand_ins.FIELDS if state == "ready" else {}
            if upload:
                (self.data / "uploads" / upload).write_bytes(b"sound")
            return song.id

    def chart(self) -> tuple[int, int]:
        """A chart of a song that is ready: the song's number and its own."""
        song = self.song("ready")
        with self.database.write() as session:
            chart = Chart(
                song_id=song,
                place=0,
                slot="hard",
                meter=9,
                draft={"notes": [], "meter": 9, "description": ""},
                findings=[],
                footing=[],
                checked_version=0,
                checked_song_version=0,
            )
            session.add(chart)
            session.flush()
            return song, chart.id

    def submit(self, kind: str, request: dict[str, Any], author: int | None = None, **about: int) -> int:
        with self.database.write() as session:
            job = self.runner.submit(session, kind, request, run_id=self.run, author_id=author, **about)
        self.runner.wake()
        return int(job["id"])

    def intake(self, do: str, author: int | None = None) -> tuple[int, int]:
        """An upload: the numbers of its job and its song."""
        upload = uuid4().hex
        song = self.song(upload=upload)
        return self.submit("intake", {"upload": upload, "name": do}, author, song_id=song), song

    def export(self, do: str = "fine", author: int | None = None) -> int:
        return self.submit("export", {"do": do, "file": uuid4().hex}, author)

    def redo(self, do: str = "fine", author: int | None = None) -> int:
        song, chart = self.chart()
        return self.submit("redo", {"do": do}, author, song_id=song, chart_id=chart)

    def job(self, number: int) -> dict[str, Any]:
        with self.database.read() as session:
            job = session.get(Job, number)
            assert job is not None
            return {**jobs.job_json(session, job), "tries": job.tries}

    def song_state(self, number: int) -> tuple[str, str]:
        with self.database.read() as session:
            song = session.get(Song, number)
            assert song is not None
            return song.state, song.error

    def until(self, number: int, *states: str) -> dict[str, Any]:
        wait_for(lambda: self.job(number)["state"] in (states or jobs.OVER))
        return self.job(number)

    def release(self) -> None:
        (self.folder / "released").touch()

    def runs(self) -> list[tuple[str, str, int]]:
        return stand_ins.runs(self.folder)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Queue]]:
    """Makes queues that are not begun; they are ended behind the test."""
    monkeypatch.setattr(crew, "MOST_MEMORY", 400 * stand_ins.MIB)
    queues: list[Queue] = []

    def make(**values: Any) -> Queue:
        queues.append(Queue(tmp_path, **values))
        return queues[-1]

    yield make
    for queue in queues:
        queue.runner.close()
        queue.database.close()


@pytest.fixture
def queue(made: Callable[..., Queue]) -> Queue:
    queue = made()
    queue.runner.start()
    return queue
