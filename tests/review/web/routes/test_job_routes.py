"""The routes of jobs, for one who is signed in, with a real queue whose work is done by stand-ins."""

import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from charter.review.web.app import create_app
from charter.review.web.context import Review
from charter.review.web.guard import GuardSettings
from tests.http_client import open_client
from tests.review.queue.conftest import Queue
from tests.review.web.conftest import MARK, served

pytestmark = pytest.mark.slow

PASSAGE = {"start": 0, "end": 96}


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue]:
    """A queue that is begun."""
    queue = Queue(tmp_path_factory.mktemp("queue"))
    queue.runner.start()
    yield queue
    queue.runner.close()
    queue.database.close()


@pytest.fixture(scope="module")
def client(queue: Queue) -> Iterator[httpx.Client]:
    review = Review(queue.database, queue.data, queue.live, queue.runner)  # type: ignore[arg-type]
    with (
        served(create_app(review, GuardSettings())) as address,
        open_client(address, timeout=30, headers=MARK) as client,
    ):
        assert client.post("/api/login", json={"name": "Ann"}).status_code == 200
        yield client


def test_a_passage_is_asked_for_and_had(client: httpx.Client, queue: Queue) -> None:
    song, chart = queue.chart()
    job = client.post(f"/api/charts/{chart}/redo", json={**PASSAGE, "locks": [[0, 1]], "seed": 4}).json()
    assert (job["kind"], job["song"], job["chart"], job["author"]["name"]) == ("redo", song, chart, "Ann")
    queue.until(job["id"])
    done = client.get(f"/api/jobs/{job['id']}").json()
    assert done["state"] == "done" and done["result"]["candidates"] == []
    assert client.post(f"/api/jobs/{job['id']}/retry").status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"start": -1, "end": 3},
        {"start": 0, "end": 10**12},
        {**PASSAGE, "candidates": 99},
        {**PASSAGE, "candidates": "3"},
        {**PASSAGE, "locks": [[1]]},
        {**PASSAGE, "path": "../../etc/passwd"},
    ],
)
def test_a_passage_that_is_none_is_refused(client: httpx.Client, queue: Queue, body: dict[str, object]) -> None:
    _, chart = queue.chart()
    refused = client.post(f"/api/charts/{chart}/redo", json=body)
    assert refused.status_code in (400, 422) and "\n" not in refused.json()["error"]


def test_what_is_not_there_is_not_found(client: httpx.Client, queue: Queue) -> None:
    for address in ("jobs/9999/cancel", "jobs/9999/retry", "songs/9999/retry", "songs/9999/cancel", "songs/9999/hear"):
        assert client.post(f"/api/{address}").status_code == 404
    assert client.post("/api/charts/9999/redo", json=PASSAGE).status_code == 404
    assert client.get("/api/jobs/9999").status_code == 404
    assert client.get("/api/jobs/9999").json()["error"] == "there is no job 9999"
    assert client.delete("/api/songs/9999").status_code == 404
    waiting = queue.song()
    assert client.post(f"/api/songs/{waiting}/chiptune").status_code == 409


def test_a_song_is_stopped_tried_again_and_removed(client: httpx.Client, queue: Queue) -> None:
    job, song = queue.intake("hangs")
    queue.until(job, "running")
    assert client.delete(f"/api/songs/{song}").status_code == 409
    assert client.post(f"/api/songs/{song}/cancel").status_code == 200
    queue.until(job)
    assert client.post(f"/api/songs/{song}/retry").json()["state"] in ("waiting", "working")
    queue.until(job, "running")
    client.post(f"/api/songs/{song}/cancel")
    queue.until(job)
    assert len(list((queue.data / "uploads").iterdir())) == 1
    assert client.delete(f"/api/songs/{song}").json() == {"id": song}
    assert client.get(f"/api/songs/{song}").status_code == 404
    assert list((queue.data / "uploads").iterdir()) == []
    assert queue.live.of("song gone") == [{"type": "song gone", "song": song}]


def test_a_thousand_passages_at_once_are_refused_and_edits_go_on(client: httpx.Client, queue: Queue) -> None:
    _, chart = queue.chart()
    busy = [queue.redo("waits") for _ in range(2)]
    for number in busy:
        queue.until(number, "running")
    cookies = dict(client.cookies)
    statuses: list[int] = []
    errors: set[str] = set()

    def ask(count: int) -> None:
        with open_client(client.base_url, timeout=60, headers=MARK, cookies=cookies) as own:
            for _ in range(count):
                said = own.post(f"/api/charts/{chart}/redo", json=PASSAGE)
                statuses.append(said.status_code)
                errors.add(said.json().get("error", ""))

    crowd = [threading.Thread(target=ask, args=(125,)) for _ in range(8)]
    for thread in crowd:
        thread.start()
    waits = []
    while any(thread.is_alive() for thread in crowd):
        began = time.monotonic()
        assert client.get(f"/api/charts/{chart}").status_code == 200
        waits.append(time.monotonic() - began)
    assert statuses.count(200) == 30 and statuses.count(429) == 970
    assert errors == {"", "30 jobs of yours wait already; wait for one, or cancel some"}
    assert sorted(waits)[len(waits) // 2] < 1.0
    queue.release()
    for number in busy:
        assert queue.until(number)["state"] == "done"
