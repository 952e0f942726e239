"""Charts that changed and are to be checked again."""

import threading
import time

QUIET_SECONDS = 0.2  # from the first of several edits in a row to the check of them all


class Checks:
    """Which charts are to be checked, each once however often it was marked, and not by two at a time.

    Not kept with the jobs: which charts have changed since they were checked is in the charts.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marked: dict[int, float] = {}
        self._under_way: set[int] = set()

    def mark(self, chart_id: int) -> None:
        """A chart changed."""
        with self._lock:
            self._marked.setdefault(chart_id, time.monotonic())

    def take(self) -> int | None:
        """The chart that has waited longest, if it has long enough; `done` is to be called when it is checked."""
        with self._lock:
            chart_id = self._first()
            if chart_id is None or time.monotonic() < self._marked[chart_id] + QUIET_SECONDS:
                return None
            del self._marked[chart_id]
            self._under_way.add(chart_id)
            return chart_id

    def done(self, chart_id: int) -> None:
        """A chart that was taken has been checked."""
        with self._lock:
            self._under_way.discard(chart_id)

    def due_in(self) -> float | None:
        """Seconds until there is one to be taken; None where none is marked."""
        with self._lock:
            chart_id = self._first()
            return None if chart_id is None else max(self._marked[chart_id] + QUIET_SECONDS - time.monotonic(), 0.0)

    def _first(self) -> int | None:
        free = (chart_id for chart_id in self._marked if chart_id not in self._under_way)
        return min(free, key=lambda chart_id: self._marked[chart_id], default=None)
