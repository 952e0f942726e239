"""A stand-in for the server: the pages' files, and the API's answers from values in memory."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import charter.review

PAGES = Path(charter.review.__file__).parent / "pages"
SITE = "http://review.test"
SLOTS = ("beginner", "easy", "medium", "hard", "challenge")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' "
    "ws://review.test; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
ANN, BO = {"id": 1, "name": "Ann Example"}, {"id": 2, "name": "Bo"}


def chart_row(chart: int, song: int, slot: str, **other: Any) -> dict[str, Any]:
    row = {"id": chart, "song": song, "slot": slot, "meter": 1 + 3 * SLOTS.index(slot), "status": "open"}
    row |= {"assignee": None, "version": 0, "rows": 200, "findings": 0, "faults": 0, "comments": 0, "seconds": 0}
    return row | {"decided": None} | other


def song_row(song: int, **other: Any) -> dict[str, Any]:
    row = {"id": song, "run": 1, "state": "ready", "error": "", "source": f"song {song}.mp3", "title": f"Song {song}"}
    row |= {"artist": "Someone", "version": 0, "duration": 100.0 + song, "findings": [], "job": None}
    charts = (
        []
        if other.get("state", "ready") != "ready"
        else [chart_row(song * 10 + i, song, s) for i, s in enumerate(SLOTS)]
    )
    return row | {"charts": charts} | other


class StandIn:
    """What a server would know, changed by what pages ask; ``asked`` keeps every request but those for files."""

    def __init__(self) -> None:
        self.songs: dict[int, dict[str, Any]] = {}
        self.runs: dict[int, dict[str, Any]] = {}
        self.me: dict[str, Any] | None = ANN
        self.asked: list[tuple[str, str, Any]] = []
        self.sockets: list[Any] = []
        self.jobs: dict[int, dict[str, Any]] = {}
        self.measure: dict[str, Any] = {}
        self.upload_status = 200

    def serve(self, page: Any) -> None:
        """Answer a page's requests."""
        page.route("**/*", self._route)
        page.route_web_socket(re.compile(r"/api/live"), self._connected)

    def _connected(self, socket: Any) -> None:
        self.sockets.append(socket)

    def tell(self, event: dict[str, Any]) -> None:
        """Send an event to the page that connected last."""
        self.sockets[-1].send(json.dumps(event))

    def add_run(self, songs: list[dict[str, Any]], name: str = "A run") -> None:
        run = len(self.runs) + 1
        self.runs[run] = {"id": run, "name": name, "created": "2026-11-21T10:00:00+00:00", "source": "", "request": {}}
        self.songs |= {song["id"]: song for song in songs}

    def chart(self, chart: int) -> dict[str, Any]:
        return next(c for song in self.songs.values() for c in song["charts"] if c["id"] == chart)

    def _route(self, route: Any) -> None:
        address = urlsplit(route.request.url)
        if address.path.startswith("/api/"):
            self._api(route, address.path, parse_qs(address.query))
            return
        shells = {"/": "index.html", "/login": "login.html"}
        name = shells.get(address.path) or ("run.html" if address.path.startswith("/run/") else address.path[1:])
        path = PAGES / name
        if not path.is_file():
            route.fulfill(status=404, content_type="text/plain", body=f"no {name}")
            return
        headers = {"content-security-policy": POLICY, "content-type": _TYPES[path.suffix]}
        route.fulfill(body=path.read_bytes(), headers=headers)

    def _api(self, route: Any, path: str, query: dict[str, list[str]]) -> None:
        request = route.request
        is_json = "json" in request.headers.get("content-type", "")
        body = json.loads(request.post_data) if request.post_data and is_json else None
        self.asked.append((request.method, path, body))
        if request.method not in ("GET", "HEAD") and request.headers.get("x-charter") != "1":
            route.fulfill(status=403, json={"error": "no X-Charter header"})
            return
        for method, pattern, act in self._routes():
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                status, answer = act(*map(int, match.groups()), body=body, query=query)
                route.fulfill(status=status, json=answer)
                return
        route.fulfill(status=404, json={"error": f"no {request.method} {path}"})

    def _routes(self) -> list[tuple[str, str, Callable[..., tuple[int, Any]]]]:
        return [
            (
                "GET",
                "/api/me",
                lambda **_: (200, self.me) if self.me else (401, {"error": "sign in", "needs_token": True}),
            ),
            ("POST", "/api/login", self._login),
            ("GET", "/api/people", lambda **_: (200, [ANN, BO])),
            ("GET", "/api/runs", lambda **_: (200, [self._counted(run) for run in self.runs.values()])),
            ("POST", "/api/runs", self._new_run),
            ("GET", r"/api/runs/(\d+)", lambda run, **_: (200, self._run(run))),
            ("POST", r"/api/runs/(\d+)/songs", self._upload),
            ("POST", r"/api/runs/(\d+)/exports", self._export),
            ("GET", r"/api/runs/(\d+)/measure", lambda run, **_: (200, self.measure)),
            ("GET", r"/api/jobs/(\d+)", lambda job, **_: (200, self.jobs[job])),
            ("POST", r"/api/songs/(\d+)/retry", lambda song, **_: self._state(song, "waiting")),
            ("POST", r"/api/songs/(\d+)/cancel", lambda song, **_: self._state(song, "cancelled")),
            ("DELETE", r"/api/songs/(\d+)", lambda song, **_: (200, self.songs.pop(song))),
            ("PATCH", r"/api/runs/(\d+)/assignments", self._assign),
            ("PATCH", r"/api/runs/(\d+)", self._rename),
            ("DELETE", r"/api/runs/(\d+)", self._remove),
        ]

    def _login(self, *, body: Any, **_: Any) -> tuple[int, Any]:
        if body.get("token") != "secret":
            return 403, {"error": "this token is not right"}
        self.me = {"id": 1, "name": body["name"]}
        return 200, self.me

    def _run(self, run: int) -> dict[str, Any]:
        return self.runs[run] | {"songs": [s for s in self.songs.values() if s["run"] == run], "jobs": []}

    def _counted(self, run: dict[str, Any]) -> dict[str, Any]:
        songs = [song for song in self.songs.values() if song["run"] == run["id"]]
        charts = [chart for song in songs for chart in song["charts"]]
        states = {s: sum(song["state"] == s for song in songs) for s in ("waiting", "working", "ready", "failed")}
        statuses = {s: sum(c["status"] == s for c in charts) for s in ("open", "accepted", "sent back", "rejected")}
        return run | {"songs": len(songs), "charts": len(charts), "states": states, "statuses": statuses}

    def _new_run(self, *, body: Any, **_: Any) -> tuple[int, Any]:
        self.add_run([], body["name"])
        self.runs[len(self.runs)]["request"] = body["request"]
        return 200, self.runs[len(self.runs)]

    def _upload(self, run: int, *, query: Any, **_: Any) -> tuple[int, Any]:
        if self.upload_status != 200:
            return self.upload_status, {"error": "that is no music"}
        song = len(self.songs) + 1
        self.songs[song] = song_row(song, run=run, state="waiting", title="", artist="", source=query["name"][0])
        return 200, self.songs[song]

    def _export(self, run: int, **_: Any) -> tuple[int, Any]:
        result = {"name": "A run.zip", "url": "/api/exports/1", "songs": 1, "charts": 1, "left_out": ["Song 2: Hard"]}
        job = {"id": 1, "kind": "export", "run": run, "song": None, "chart": None, "error": "", "author": ANN}
        self.jobs[1] = job | {"state": "done", "progress": 1, "stage": "", "result": result, "created": time.time()}
        return 200, job | {"state": "waiting", "progress": 0, "stage": "", "result": {}}

    def _state(self, song: int, state: str) -> tuple[int, Any]:
        self.songs[song]["state"] = state
        return 200, self.songs[song]

    def _assign(self, run: int, *, body: Any, **_: Any) -> tuple[int, Any]:
        assignee = next((who for who in (ANN, BO) if who["id"] == body["assignee"]), None)
        for chart in body["charts"]:
            self.chart(chart)["assignee"] = assignee
        return 200, {"charts": body["charts"], "assignee": assignee}

    def _rename(self, run: int, *, body: Any, **_: Any) -> tuple[int, Any]:
        self.runs[run]["name"] = body["name"]
        self.tell({"type": "run", "run": {"id": run, "name": body["name"], "source": ""}})
        return 200, self.runs[run]

    def _remove(self, run: int, *, query: Any, **_: Any) -> tuple[int, Any]:
        if query.get("name") != [self.runs[run]["name"]]:
            return 409, {"error": "its name"}
        self.songs = {number: song for number, song in self.songs.items() if song["run"] != run}
        return 200, {"id": self.runs.pop(run)["id"]}
