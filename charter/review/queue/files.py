"""Simfiles that come in, read in a process of its own: one may keep a reader busy for hours, or fill the memory."""

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from queue import LifoQueue
from typing import Any

from charter.errors import ChartError
from charter.processes.worker import Limits, Worker, WorkError
from charter.review.document.text import shown_name
from charter.review.errors import TooMany
from charter.review.out.imports import Import, OurChart
from charter.review.work.serve import serving

_MOST_SECONDS = 20.0  # the largest file of charters takes one
_MOST_MEMORY = 1 << 30
_MOST_WAITING = 6  # those being read among them; each holds one of the server's threads
_AT_ONCE = 2
_IDLE_SECONDS = 120.0


class FileReader:
    """Reads a few files at a time, so that one that keeps its reader busy to the last keeps no other waiting.

    Its processes start when they are needed and end when they were not for a while. Any thread may call its methods.
    """

    def __init__(self, data: Path) -> None:
        self._readers = [_Reader(data) for _ in range(_AT_ONCE)]
        self._idle: LifoQueue[_Reader] = LifoQueue()  # the one that read last is first: its process is there
        for reader in self._readers:
            self._idle.put(reader)
        self._places = threading.BoundedSemaphore(_MOST_WAITING)
        self._closing = threading.Event()

    def read(self, data: bytes, name: str, fields: Mapping[str, Any], ours: Sequence[OurChart]) -> Import:
        """As `charter.review.out.imports.read_import`. Raises TooMany too, and ChartError for what takes too much."""
        request = {"kind": "import", "data": data, "name": name, "fields": fields, "ours": ours}
        if not self._places.acquire(blocking=False):
            raise TooMany("several files are being read already; try again in a moment")
        try:
            reader = self._idle.get()
            try:
                found: Import = reader.ask(request, self._closing)["import"]
            finally:
                self._idle.put(reader)
        except WorkError as error:
            raise ChartError(f"{shown_name(name)}: {error}; is it a simfile?") from error
        finally:
            self._places.release()
        return found

    def close(self) -> None:
        """End the processes, and what is under way."""
        self._closing.set()
        for reader in self._readers:
            reader.close()


class _Reader:
    """A process that reads one file at a time."""

    def __init__(self, data: Path) -> None:
        self.worker = Worker(partial(serving, data), Limits(_MOST_MEMORY, _MOST_SECONDS), "charter files")
        self._reading = threading.Lock()
        self._timer: threading.Timer | None = None

    def ask(self, request: dict[str, Any], closing: threading.Event) -> Any:
        """The worker's answer. Raises as `Worker.ask`."""
        with self._reading:
            if self._timer is not None:
                self._timer.cancel()
            try:
                return self.worker.ask(request, stop=closing)
            finally:
                if not closing.is_set():
                    self._timer = threading.Timer(_IDLE_SECONDS, self._rest)
                    self._timer.daemon = True
                    self._timer.start()

    def close(self) -> None:
        """End the process."""
        if self._timer is not None:
            self._timer.cancel()
        self.worker.close()

    def _rest(self) -> None:
        if self._reading.acquire(blocking=False):  # else somebody came, and a later timer will see to it
            try:
                self.worker.end()
            finally:
                self._reading.release()
