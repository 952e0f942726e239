"""Simfiles that come in, read in a process of its own: one may keep a reader busy for hours, or fill the memory."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from charter.errors import ChartError
from charter.processes.worker import Limits, Worker, WorkError
from charter.review.document.text import shown_name
from charter.review.errors import TooMany
from charter.review.out.imports import Import, OurChart
from charter.review.work.serve import serving

_MOST_SECONDS = 20.0  # the largest file of charters takes one
_MOST_MEMORY = 1 << 30
_MOST_WAITING = 6  # each holds one of the server's threads
_IDLE_SECONDS = 120.0


class FileReader:
    """Reads one file at a time; its process starts with the first, and ends when there was none for a while.

    Its methods may be called by any thread.
    """

    def __init__(self, data: Path) -> None:
        self._worker = Worker(partial(serving, data), Limits(_MOST_MEMORY, _MOST_SECONDS), "charter files")
        self._reading = threading.Lock()
        self._places = threading.BoundedSemaphore(_MOST_WAITING)
        self._closing = threading.Event()
        self._timer: threading.Timer | None = None

    def read(self, data: bytes, name: str, fields: Mapping[str, Any], ours: Sequence[OurChart]) -> Import:
        """As `charter.review.out.imports.read_import`. Raises TooMany too, and ChartError for what takes too much."""
        request = {"kind": "import", "data": data, "name": name, "fields": fields, "ours": ours}
        with self._turn():
            try:
                found: Import = self._worker.ask(request, stop=self._closing)["import"]
            except WorkError as error:
                raise ChartError(f"{shown_name(name)}: {error}; is it a simfile?") from error
        return found

    def close(self) -> None:
        """End the process, and what is under way."""
        self._closing.set()
        if self._timer is not None:
            self._timer.cancel()
        self._worker.close()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise TooMany("several files are being read already; try again in a moment")
        try:
            with self._reading:
                if self._timer is not None:
                    self._timer.cancel()
                try:
                    yield
                finally:
                    if not self._closing.is_set():
                        self._timer = threading.Timer(_IDLE_SECONDS, self._rest)
                        self._timer.daemon = True
                        self._timer.start()
        finally:
            self._places.release()

    def _rest(self) -> None:
        if self._reading.acquire(blocking=False):  # else somebody came, and a later timer will see to it
            try:
                self._worker.end()
            finally:
                self._reading.release()
