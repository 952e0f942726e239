"""Pages that are open hear of changes at once, and of who else is there."""

import asyncio
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from charter.review.web.context import Who

# How much a page may be slow to take, in messages and in characters; it is then sent away, and asks anew.
_MOST_BEHIND, _MOST_TEXT_BEHIND = 2_000, 8_000_000
_PEOPLE_SECONDS = 0.2  # cursors move often: told together
_SOCKETS_EACH = 32
_SLACK_SECONDS = 2.0
_LONGEST_SECONDS = 60.0
_LEAST_SECONDS = 1.0  # that are worth a transaction


class Place(NamedTuple):
    """Where someone is: on a chart or on none, and on which tick of it."""

    chart: int | None = None
    tick: int = 0


class Listener:
    """A page that is open, and the messages that wait for it."""

    def __init__(self, who: Who, cookie: str = "") -> None:
        self.who = who
        self.cookie = cookie
        self.place = Place()
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()  # None: the page is to be sent away
        self._waiting = 0  # characters

    def tell(self, text: str) -> bool:
        """Have a message sent; whether the page keeps up."""
        if self._queue.qsize() >= _MOST_BEHIND or (self._waiting and self._waiting + len(text) > _MOST_TEXT_BEHIND):
            self.end()
            return False
        self._waiting += len(text)
        self._queue.put_nowait(text)
        return True

    async def heard(self) -> str | None:
        """The next message; None once the page is to be sent away."""
        text = await self._queue.get()
        self._waiting -= len(text or "")
        return text

    def end(self) -> None:
        """Have the page sent away; what still waits is not worth its time."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)


class Live:
    """The pages that are open, by the runs that they show.

    All but `publish`, `sign_out` and `worked` is called in the server's event loop alone.
    """

    def __init__(self) -> None:
        self._rooms: defaultdict[int, set[Listener]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told_soon: set[int] = set()
        self._time: dict[int, tuple[float, float]] = {}  # by person: a moment, and seconds that may be counted by then
        self._little: dict[int, tuple[int, float]] = {}  # by person: a chart, and seconds on it that are not kept yet
        self._lock = threading.Lock()

    def publish(self, run_id: int, event: dict[str, Any]) -> None:
        """Tell all pages of a run; from any thread, once the change is kept."""
        if self._loop is not None:
            text = json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=_plain)
            self._call(lambda: self._tell(run_id, text))

    def sign_out(self, cookie: str) -> None:
        """Close all pages that are signed in by a cookie; from any thread."""

        def end() -> None:
            for listener in [one for room in self._rooms.values() for one in room if one.cookie == cookie]:
                listener.end()

        self._call(end)

    def people(self, run_id: int) -> list[dict[str, Any]]:
        """Who has a run open, and where in it."""
        room = sorted(self._rooms.get(run_id, ()), key=lambda one: (one.who.name, one.place.chart or 0))
        seen = dict.fromkeys((one.who, one.place) for one in room)
        return [{"id": who.id, "name": who.name, "chart": place.chart, "tick": place.tick} for who, place in seen]

    def join(self, run_id: int, listener: Listener) -> bool:
        """Let a page in; False where this person has too many open."""
        self._loop = asyncio.get_running_loop()
        theirs = sum(one.who == listener.who for room in self._rooms.values() for one in room)
        if theirs >= _SOCKETS_EACH:
            return False
        self._rooms[run_id].add(listener)
        with self._lock:
            self._time.setdefault(listener.who.id, (time.monotonic(), _SLACK_SECONDS))
        self._tell_people(run_id)
        return True

    def leave(self, run_id: int, listener: Listener) -> None:
        """A page was closed."""
        self._rooms[run_id].discard(listener)
        if not self._rooms[run_id]:
            del self._rooms[run_id]
        if not any(one.who == listener.who for room in self._rooms.values() for one in room):
            with self._lock:
                self._time.pop(listener.who.id, None)
                self._little.pop(listener.who.id, None)
        self._tell_people(run_id)

    def move(self, run_id: int, listener: Listener, place: Place) -> None:
        """Someone is elsewhere now."""
        if listener.place != place:
            listener.place = place
            self._tell_people(run_id)

    def worked(self, who: Who, chart: int, seconds: float) -> float:
        """How much of the time that someone says they worked on a chart is to be kept, in seconds.

        No more than has passed, in all their pages; less than a second waits until there is more. From any thread.
        """
        now = time.monotonic()
        with self._lock:
            before, left = self._time.get(who.id, (now, 0.0))
            left = min(left + now - before, _LONGEST_SECONDS)
            counted = max(0.0, min(seconds, left))
            self._time[who.id] = now, left - counted
            waiting, before_it = self._little.pop(who.id, (chart, 0.0))
            counted += before_it if waiting == chart else 0.0
            if counted < _LEAST_SECONDS:
                self._little[who.id] = chart, counted
                return 0.0
        return counted

    def _tell(self, run_id: int, text: str) -> None:
        for listener in [one for one in self._rooms.get(run_id, ()) if not one.tell(text)]:
            self._rooms[run_id].discard(listener)

    def _tell_people(self, run_id: int) -> None:
        def tell() -> None:
            self._told_soon.discard(run_id)
            self._tell(run_id, json.dumps({"type": "people", "people": self.people(run_id)}, ensure_ascii=False))

        if run_id not in self._told_soon:
            self._told_soon.add(run_id)
            asyncio.get_running_loop().call_later(_PEOPLE_SECONDS, tell)

    def _call(self, action: Callable[[], object]) -> None:
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(action)
        except RuntimeError:  # the server ended meanwhile: there is nobody to tell
            self._loop = None


def _plain(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no plain value")
