"""The routes of charts, songs and runs, for one who is signed in."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from charter.review.store.database import Database, now
from charter.review.store.tables import Job, Song
from charter.review.web.app import create_app
from charter.review.web.context import Review
from charter.review.web.guard import GuardSettings
from tests.http_client import open_client
from tests.review.store.stores import TIMING, Store, filled
from tests.review.web.conftest import MARK, served

DRAFT = [[0, 0, "1", None], [48, 1, "2", 96]]
FINDING = {"id": "0123456789ab", "kind": "jack", "severity": "fault", "message": "a jack", "beat": None, "tick": None}


class Heard:
    """What the live pages and the queue were told; stands for both."""

    def __init__(self, database: Database, data: Path) -> None:
        self.database = database
        self.data = data
        self.events: list[dict[str, Any]] = []
        self.checks: list[int] = []

    def publish(self, run: int, event: dict[str, Any]) -> None:
        self.events.append(json.loads(json.dumps({"run": run, **event})))

    def check(self, chart: int) -> None:
        self.checks.append(chart)

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    data = tmp_path_factory.mktemp("data")
    heard = Heard(Database(f"sqlite:///{data}/review.sqlite3"), data)
    yield heard
    heard.database.close()


@pytest.fixture(scope="module")
def store(listener: Heard) -> Store:
    return filled(listener.database)


@pytest.fixture
def heard(listener: Heard) -> Heard:
    """What is heard within one test."""
    listener.events.clear()
    listener.checks.clear()
    return listener


@pytest.fixture(scope="module")
def client(listener: Heard, store: Store) -> Iterator[httpx.Client]:
    review = Review(listener.database, listener.data, listener, listener)  # type: ignore[arg-type]
    with served(create_app(review, GuardSettings())) as address, open_client(address) as client:
        client.headers.update(MARK)
        assert client.post("/api/login", json={"name": "Ann"}).json()["id"] == store.ann
        yield client


def _edit(key: str = "a", base: int = 0, **changes: Any) -> dict[str, Any]:
    return {"key": key, "base": base, "kind": "edit", "changes": changes, "summary": "a tap"}


TAP = {"notes": [[240, 0, None, ["1", None]]]}


def test_an_edit_is_answered_told_and_checked_once(client: httpx.Client, store: Store, heard: Heard) -> None:
    chart = store.chart(DRAFT)
    url = f"/api/charts/{chart}/edits"
    first = client.post(url, json=_edit(**TAP))
    assert (first.status_code, first.json()) == (200, {"version": 1, "base": 0, "shift": 0, "others": []})
    assert client.post(url, json=_edit(**TAP)).json() == first.json()
    (event,) = heard.events
    assert (event["run"], event["type"], event["chart"], event["edit"]["version"]) == (store.run, "edit", chart, 1)
    assert heard.checks == [chart]
    assert client.get(url).json() == [event["edit"]]
    assert client.get(f"{url}?after=1").json() == []


def test_a_conflict_and_a_result_that_is_no_chart(client: httpx.Client, store: Store, heard: Heard) -> None:
    chart = store.chart(DRAFT)
    url = f"/api/charts/{chart}/edits"
    client.post(url, json=_edit(**TAP))
    clash = client.post(url, json=_edit("b", notes=[[240, 0, None, ["M", None]]]))
    assert clash.status_code == 409
    said = clash.json()
    assert (said["version"], said["conflicts"], said["fields"]) == (1, [[240, 0, ["1", None]]], {})
    assert "meanwhile" in said["error"]
    assert [edit["key"] for edit in said["others"]] == ["a"]
    wrong = client.post(url, json=_edit("c", notes=[[72, 1, None, ["1", None]]]))
    assert (wrong.status_code, wrong.json()["ticks"]) == (422, [72])
    assert len(heard.events) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**_edit(**TAP), "more": 1},
        {**_edit(**TAP), "kind": "import"},
        {**_edit(**TAP), "kind": "shift"},
        {**_edit(**TAP), "key": "../../etc/passwd"},
        {**_edit(**TAP), "key": "song:a"},
        {**_edit(**TAP), "key": ""},
        {**_edit(**TAP), "base": -1},
        {**_edit(**TAP), "base": 10**30},
        {**_edit(**TAP), "base": "0"},
        {**_edit(**TAP), "changes": [1]},
        {**_edit(**TAP), "summary": "x" * 301},
        {**_edit(**TAP), "summary": "a\u0000"},
        _edit(notes=[[240, 0, None, ["1", None]]] * 2),
        _edit(notes=[[240, 9, None, ["1", None]]]),
        _edit(shift=48),
        _edit(),
    ],
)
def test_an_edit_that_is_none_is_refused_in_one_line(client: httpx.Client, store: Store, body: dict[str, Any]) -> None:
    chart = store.chart(DRAFT)
    said = client.post(f"/api/charts/{chart}/edits", json=body)
    assert said.status_code in (400, 422)
    assert "\n" not in said.json()["error"]
    assert client.get(f"/api/charts/{chart}").json()["version"] == 0


def test_versions_are_shown_compared_and_restored(client: httpx.Client, store: Store, heard: Heard) -> None:
    chart = store.chart(DRAFT)
    client.post(f"/api/charts/{chart}/edits", json=_edit(**TAP))
    assert [entry["version"] for entry in client.get(f"/api/charts/{chart}/versions").json()] == [1, 0]
    assert client.get(f"/api/charts/{chart}/notes?version=0").json()["notes"] == DRAFT
    assert client.get(f"/api/charts/{chart}/notes?version=2").status_code == 404
    compared = client.get(f"/api/charts/{chart}/compare?from=0&to=1").json()
    assert (compared["kept"], compared["added"]) == (2, [240])
    back = client.post(f"/api/charts/{chart}/restore", json={"version": 0, "key": "back"})
    assert back.json() == {"version": 2, "base": 1, "shift": 0, "others": []}
    assert client.get(f"/api/charts/{chart}").json()["notes"] == DRAFT
    assert heard.kinds == ["edit", "edit"]
    again = client.post(f"/api/charts/{chart}/restore", json={"version": 0, "key": "more"})
    assert again.status_code == 422


def test_a_decision_is_told_and_an_edit_opens_it_again(client: httpx.Client, store: Store, heard: Heard) -> None:
    chart = store.chart(DRAFT)
    url = f"/api/charts/{chart}/decisions"
    row = client.post(url, json={"verdict": "accepted", "text": "good", "version": 0}).json()
    assert (row["status"], row["decided"]["verdict"]) == ("accepted", "accepted")
    assert heard.kinds == ["decision", "chart"]
    client.post(f"/api/charts/{chart}/edits", json=_edit(**TAP))
    assert heard.kinds[2:] == ["edit", "chart"]
    assert heard.events[-1]["chart"]["status"] == "open"
    late = client.post(url, json={"verdict": "accepted", "text": "", "version": 0})
    assert (late.status_code, late.json()["version"]) == (409, 1)
    assert client.post(url, json={"verdict": "fine", "text": "", "version": 1}).status_code == 422
    assert [each["text"] for each in client.get(url).json()] == ["good"]


def test_comments_and_dismissals_are_told(client: httpx.Client, store: Store, heard: Heard) -> None:
    chart = store.chart(DRAFT, findings=[FINDING])
    url = f"/api/charts/{chart}"
    comment = client.post(f"{url}/comments", json={"tick": 48, "text": " <script>alert(1)</script> "}).json()
    assert comment["text"] == "<script>alert(1)</script>"
    assert client.post(f"{url}/comments", json={"text": "  "}).status_code == 400
    done = client.post(f"/api/comments/{comment['id']}/resolved", json={"resolved": True}).json()
    assert done["resolved"]["author"]["name"] == "Ann"
    assert client.get(f"{url}/comments").json() == [done]
    found = client.post(f"{url}/dismissals", json={"finding": FINDING["id"], "reason": "meant"}).json()
    assert found["dismissed"]["reason"] == "meant"
    assert client.get(url).json()["findings"] == 0
    assert client.delete(f"{url}/dismissals/{FINDING['id']}").json()["dismissed"] is None
    assert client.delete(f"{url}/dismissals/etc").status_code == 422
    assert heard.kinds == ["comment", "chart", "comment", "chart", "dismissal", "chart", "dismissal", "chart"]
    assert heard.events[-1]["chart"]["findings"] == 1


def test_a_chart_is_given_to_someone(client: httpx.Client, store: Store, heard: Heard) -> None:
    chart = store.chart(DRAFT)
    assert client.patch(f"/api/charts/{chart}", json={"assignee": store.bob}).json()["assignee"]["name"] == "Bob"
    assert heard.events[-1]["chart"]["assignee"]["name"] == "Bob"
    assert client.patch(f"/api/charts/{chart}", json={"assignee": None}).json()["assignee"] is None
    assert client.patch(f"/api/charts/{chart}", json={"assignee": 99}).status_code == 422
    assert client.patch(f"/api/charts/{chart}", json={}).status_code == 422


def test_a_song_is_edited_and_its_beat_0_moved(client: httpx.Client, store: Store, heard: Heard) -> None:
    song = store.song()
    chart = store.chart(DRAFT, song)
    url = f"/api/songs/{song}"
    body = {"key": "a", "fields": {"title": ["A song", " Another "]}, "summary": "named"}
    said = client.post(f"{url}/edits", json=body).json()
    assert (said["version"], said["fields"]["title"], said["shift"]) == (1, "Another", 0)
    assert client.post(f"{url}/edits", json=body).json() == said
    assert heard.kinds == ["song edit", "song"]
    assert heard.checks == [chart]  # for what is said of the song as a whole
    clash = client.post(f"{url}/edits", json={**body, "key": "b"})
    assert (clash.status_code, clash.json()["fields"]) == (409, {"title": "Another"})
    moved = client.post(f"{url}/edits", json={"key": "c", "shift": 48}).json()
    assert moved["shift"] == 48
    assert heard.kinds[2:] == ["song edit", "edit"]
    assert heard.events[-1]["edit"]["changes"] == {"shift": 48}
    assert heard.checks == [chart, chart]
    assert [edit["kind"] for edit in client.get(f"{url}/edits").json()] == ["edit", "shift"]
    assert client.get(url).json()["fields"]["title"] == "Another"
    refused = client.post(f"{url}/edits", json={"key": "d", "shift": -96})
    assert refused.status_code == 422
    assert "beat 0" in refused.json()["error"]


@pytest.mark.parametrize(
    "body",
    [
        {"key": "a"},
        {"key": "a", "fields": {"title": ["A song", "A song"]}},
        {"key": "a", "fields": {"music": ["", "../../etc/passwd"]}},
        {"key": "a", "fields": {"title": ["A song"]}},
        {"key": "a", "fields": {"timing": [TIMING, {}]}},
        {"key": "a", "fields": {"timing": [TIMING, {**TIMING, "offset": 0}]}, "shift": 48},
        {"key": "a", "shift": 10**12},
        {"key": "a", "shift": 0.5},
        {"key": "a b", "shift": 48},
    ],
)
def test_a_song_edit_that_is_none_is_refused(client: httpx.Client, store: Store, body: dict[str, Any]) -> None:
    song = store.song()
    assert client.post(f"/api/songs/{song}/edits", json=body).status_code in (400, 422)
    assert client.get(f"/api/songs/{song}").json()["version"] == 0


def test_a_run_is_made_and_listed(client: httpx.Client, store: Store) -> None:
    made = client.post("/api/runs", json={"name": "Summer", "request": {"difficulties": ["Hard", "easy"], "seed": 5}})
    run = made.json()
    assert run["request"] == {"difficulties": ["easy", "hard"], "seed": 5, "sync": "null"}
    store.chart(DRAFT, store.song(run_id=run["id"]))
    assert client.get(f"/api/runs/{run['id']}").json()["songs"][0]["charts"][0]["slot"] == "hard"
    listed = client.get("/api/runs").json()
    assert (listed[0]["name"], listed[0]["songs"], listed[0]["charts"]) == ("Summer", 1, 1)


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "a", "request": {"difficulties": []}},
        {"name": "a", "request": {"difficulties": ["edit"]}},
        {"name": "a", "request": {"sync": "other"}},
        {"name": "a", "request": {"seed": -1}},
        {"name": "a", "request": {"timing": "/etc/passwd"}},
    ],
)
def test_a_run_that_asks_what_cannot_be_is_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    before = client.get("/api/runs").json()
    assert client.post("/api/runs", json=body).status_code in (400, 422)
    assert client.get("/api/runs").json() == before


@pytest.mark.parametrize("number", ["0", "-1", "999999", "99999999999999999999", "x", "..%2f"])
def test_what_is_not_there_is_no_failure_of_the_server(client: httpx.Client, number: str) -> None:
    for url in ("runs/{}", "songs/{}", "songs/{}/edits", "charts/{}", "charts/{}/edits", "charts/{}/versions"):
        assert client.get(f"/api/{url.format(number)}").status_code in (400, 404, 422)
    edits = client.post(f"/api/charts/{number}/edits", json=_edit(**TAP))
    assert edits.status_code in (400, 404, 405, 422)


def test_who_opens_an_accepted_chart_again_is_told(client: httpx.Client, store: Store, heard: Heard) -> None:
    chart = store.chart(DRAFT)
    client.post(f"/api/charts/{chart}/decisions", json={"verdict": "accepted", "version": 0})
    heard.events.clear()
    ann = {"id": store.ann, "name": "Ann"}
    told = {"verdict": "accepted", "decided_by": ann, "by": ann, "how": "edit"}
    said = client.post(f"/api/charts/{chart}/edits", json=_edit(**TAP)).json()
    assert said["reopened"] == told
    assert [(event["type"], event["reopened"]) for event in heard.events] == [("edit", told), ("chart", told)]
    client.post(f"/api/charts/{chart}/edits", json=_edit("b", 1, fields={"meter": [7, 8]}))
    assert "reopened" not in heard.events[-1]


def test_many_charts_are_assigned_at_once_or_none_is(client: httpx.Client, store: Store, heard: Heard) -> None:
    charts = [store.chart(DRAFT) for _ in range(3)]
    url = f"/api/runs/{store.run}/assignments"
    said = client.patch(url, json={"charts": charts, "assignee": store.bob})
    bob = {"id": store.bob, "name": "Bob"}
    assert (said.status_code, said.json()) == (200, {"charts": charts, "assignee": bob})
    assert [event["type"] for event in heard.events] == ["assigned"]
    wrong = client.patch(url, json={"charts": [charts[0], 10**6], "assignee": None})
    assert (wrong.status_code, wrong.json()["error"]) == (404, f"there is no chart 1000000 in run {store.run}")
    assert client.patch(url, json={"charts": charts, "assignee": 10**6}).status_code == 422
    assert [client.get(f"/api/charts/{chart}").json()["assignee"] for chart in charts] == [bob] * 3


def test_a_run_is_renamed_and_removed_once_its_name_is_given(client: httpx.Client, store: Store, heard: Heard) -> None:
    run = client.post("/api/runs", json={"name": "Mine"}).json()["id"]
    said = client.patch(f"/api/runs/{run}", json={"name": "Winter songs"}).json()
    assert said["name"] == client.get(f"/api/runs/{run}").json()["name"] == "Winter songs"
    assert client.patch(f"/api/runs/{run}", json={"name": " "}).status_code == 400
    song = store.song(run_id=run)
    chart = store.chart(DRAFT, song)
    other = store.chart(DRAFT)
    for each in (chart, other):
        client.post(f"/api/charts/{each}/edits", json=_edit(**TAP))
        client.post(f"/api/charts/{each}/comments", json={"text": "x"})
        client.post(f"/api/charts/{each}/decisions", json={"verdict": "accepted", "version": 1})
    with store.database.write() as session:
        key = session.get_one(Song, song).key
        export = {"file": "a" * 32}
        session.add(Job(kind="export", run_id=run, state="done", request=export, result={}, created=now()))
        session.add(Job(kind="hear", run_id=run, song_id=song, state="done", request={}, result={}, created=now()))
    (heard.data / "songs" / key).mkdir(parents=True)
    (heard.data / "songs" / key / "x.ssc").write_text("x")
    (heard.data / "exports").mkdir()
    (heard.data / "exports" / f"{'a' * 32}.zip").write_bytes(b"PK")
    assert client.delete(f"/api/runs/{run}?name=winter").status_code == 409
    assert (heard.data / "songs" / key).exists()
    assert client.delete(f"/api/runs/{run}", params={"name": "Winter songs"}).json() == {"id": run}
    assert heard.events[-1] == {"run": run, "type": "run gone"} | {"run": run}
    assert client.get(f"/api/runs/{run}").status_code == client.get(f"/api/charts/{chart}").status_code == 404
    assert (list((heard.data / "songs").iterdir()), list((heard.data / "exports").iterdir())) == ([], [])
    assert client.get(f"/api/charts/{other}").json()["version"] == 1
    empty = client.post("/api/runs", json={"name": "Empty"}).json()["id"]
    assert client.delete(f"/api/runs/{empty}").status_code == 200
