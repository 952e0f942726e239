"""Who does the work: threads' slots, each with a worker process of its own, or with a cluster."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from charter.batch.machine import worker_count
from charter.processes.worker import MOST_MEMORY, Limits, Start, Tell, Worker
from charter.review.queue.cluster import Cluster
from charter.review.queue.kinds import QUICK, Lane, kinds_of
from charter.review.work.serve import serving

_STEPPING_BACK = 10  # of drafts, so that whoever waits at a page goes first
_DRAFT_IDLE_SECONDS = 60.0  # that the networks for drafts stay in memory
_ARTIST_IDLE_SECONDS = 900.0
_MOST_DRAFT_WORKERS = 16


class Asked(Protocol):
    """What answers requests: a `Worker`, or a cluster that has some."""

    def ask(
        self, request: Any, tell: Tell = ..., stop: threading.Event | None = None, most_seconds: float | None = None
    ) -> Any:
        """As `Worker.ask`."""

    def end(self) -> None:
        """As `Worker.end`."""

    def close(self) -> None:
        """As `Worker.close`."""


@dataclass(eq=False)
class Slot:
    """A place for one job at a time.

    kinds: groups of kinds, the group that goes first; checks: whether charts are checked here too
    idle_seconds: after so long without work the worker's memory goes back to the system
    helps: the slot whose kinds are taken here too, but only while it is at a job itself: its worker has the networks
    and the song in mind
    """

    name: str
    kinds: tuple[tuple[str, ...], ...]
    worker: Asked
    checks: bool = False
    idle_seconds: float = _ARTIST_IDLE_SECONDS
    helps: "Slot | None" = None
    has_checked: bool = False
    is_at_job: bool = False
    _idle_since: float | None = field(default=None, repr=False)

    def begin(self, *, checks: bool) -> None:
        """Called when there is something to do; checks: whether it is a check."""
        self.has_checked, self.is_at_job, self._idle_since = checks, not checks, None

    def groups(self) -> Iterator[tuple[str, ...]]:
        """The groups of kinds that may be taken now, the one that goes first."""
        if self.helps is not None and self.helps.is_at_job:
            yield from self.helps.kinds
        yield from self.kinds

    def rest(self) -> None:
        """Called while there is nothing to do."""
        now = time.monotonic()
        self.is_at_job = False
        if self._idle_since is None:
            self._idle_since = now
        elif now > self._idle_since + self.idle_seconds:
            self.worker.end()


@dataclass(frozen=True)
class Crew:
    """The slots of a queue."""

    slots: Sequence[Slot]

    def close(self) -> None:
        """End the processes."""
        for slot in self.slots:
            slot.worker.close()


def crew_of(data: Path, workers: int | None, ray: str) -> Crew:
    """Two slots for artists, and as many for drafts as are asked for or fit on the machine.

    ray: address of a cluster that charts uploads; empty for none. Raises RequestError where none answers.
    """
    count = max(1, worker_count(_MOST_DRAFT_WORKERS)) if workers is None else workers
    slots = local_slots(partial(serving, data), count, takes_uploads=not ray)
    if ray:
        cluster = Cluster(data, ray)
        slots += [Slot(f"ray {number}", (("intake",),), cluster) for number in range(cluster.most_in_flight())]
    return Crew(slots)


def local_slots(start: Start, count: int, *, takes_uploads: bool = True) -> list[Slot]:
    """Slots with processes of this machine. takes_uploads: whether those for drafts chart uploads too."""
    slow = tuple(kind for kind in kinds_of(Lane.ARTIST) if kind not in QUICK)
    drafts = tuple(kind for kind in kinds_of(Lane.DRAFTS) if takes_uploads or kind != "intake")
    limits = Limits(MOST_MEMORY, ends_with_thread=True)  # a slot has a thread
    behind = replace(limits, niceness=_STEPPING_BACK)
    # Of two for artists one takes what is quick alone: nobody waits minutes for a passage.
    quick = Slot("quick", (QUICK,), Worker(start, limits, "charter quick"), checks=True)
    return [
        quick,
        Slot("artist", (slow,), Worker(start, limits, "charter artist"), helps=quick),
        *(
            Slot(
                f"drafts {number}", (drafts,), Worker(start, behind, "charter drafts"), idle_seconds=_DRAFT_IDLE_SECONDS
            )
            for number in range(count)
        ),
    ]
