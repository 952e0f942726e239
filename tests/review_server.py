"""A review server as users start it, in a process of its own that tests may kill; and somebody who is signed in."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.http_client import open_client

START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A server on loopback; starting it again after a kill finds the same data on the same port."""

    def __init__(self, data: Path, *options: str | Path) -> None:
        self.data = data
        self.options = options
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / f"{data.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *more: str | Path) -> None:
        command = [sys.executable, "-m", "charter", "review", "serve", *more, "--data", self.data]
        command += ["--port", str(self.port), "--no-open", *self.options]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        until = time.monotonic() + START_SECONDS
        with open_client(self.url, timeout=5) as client:
            while True:
                try:
                    client.get("/login")
                    return
                except httpx.TransportError:
                    if time.monotonic() > until or self._process.poll() is not None:
                        raise RuntimeError(f"the server does not answer:\n{self.log.read_text()}") from None
                    time.sleep(0.05)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(START_SECONDS)


@contextmanager
def served(data: Path, *options: str | Path, pack: Path | None = None) -> Iterator[Served]:
    server = Served(data, *options)
    try:
        server.start(*([pack] if pack else []))
        yield server
    finally:
        server.stop()


class Visitor:
    """Somebody who is signed in, and speaks JSON with the server."""

    def __init__(self, url: str, name: str, token: str = "") -> None:
        self.http = open_client(url, headers={"X-Charter": "1", "Origin": url}, timeout=60)
        self.name = name
        self.post("/api/login", {"name": name, **({"token": token} if token else {})})

    def close(self) -> None:
        self.http.close()

    def get(self, path: str) -> Any:
        return answer(self.http.get(path))

    def post(self, path: str, body: Any = None) -> Any:
        return answer(self.http.post(path, json=body if body is not None else {}))

    def wait_for(self, path: str, done: Any, seconds: float = 120.0) -> Any:
        """What a page says as soon as ``done(what it says)`` holds."""
        until = time.monotonic() + seconds
        while not done(said := self.get(path)):
            if time.monotonic() > until:
                raise TimeoutError(f"{path} still says {json.dumps(said)[:2000]}")
            time.sleep(0.2)
        return said


def answer(response: httpx.Response) -> Any:
    if response.is_error:
        raise RuntimeError(f"{response.request.method} {response.request.url}: {response.status_code} {response.text}")
    return response.json()


def ready(run: dict[str, Any]) -> bool:
    """Whether every song of a run can be reviewed, and nothing is under way."""
    return all(song["state"] == "ready" for song in run["songs"]) and not run["jobs"]
