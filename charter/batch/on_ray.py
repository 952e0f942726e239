"""The songs of a batch on a Ray cluster that is there already: one task each.

A task hands its song to a process beside the Ray worker (`charter.batch.child`), which keeps the weights and is the
same as on one machine: what breaks it, outgrows it or hangs in it becomes a failed row, and the Ray worker lives on.
Ray's retries are left for what has nothing to do with the song: a worker or a node that goes away. A task may so run
twice, or twice at once while a lost node still writes; `charter.batch.work` publishes a song in one step that does no
harm twice, so every song is there once, by its content.

The environment is installed on the nodes beforehand, and they see the input and the pack under the driver's paths.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from types import ModuleType
from typing import Any, NamedTuple

from charter import __version__
from charter.batch.child import Child
from charter.batch.factory import Factory, charting
from charter.batch.job import Job, Settings
from charter.batch.row import Row
from charter.errors import RequestError
from charter.processes.cluster import RETRIES, check_node, connected, memory_of_node, task_error, task_of

COUNT_CPUS_EVERY = 10.0  # seconds; clusters grow and shrink
LEAST_IN_FLIGHT = 4

_log = logging.getLogger(__name__)


def on_ray(jobs: Sequence[Job], settings: Settings, address: str, factory: Factory = charting) -> Iterator[Row]:
    """A row for every job, as they are done, in whatever order that is.

    address: ``host:port`` of the cluster's head, or ``auto`` on one of its nodes; this process runs on a node
    factory: makes what charts a song

    Twice as many songs as the cluster has CPUs are under way at a time, so that this process does not grow with their
    number and a cluster that can grow is told to. Whoever stops to listen, Ctrl-C included, disconnects, and Ray ends
    what is under way.

    Raises RequestError without Ray, for a cluster that does not answer or is lost, and for a node with another charter
    or without the folders; CharterError where the factory does, on whatever node.
    """
    ray = connected(address)
    try:
        yield from _rows(ray, jobs, settings, factory)
    finally:
        ray.shutdown()


def _rows(ray: ModuleType, jobs: Sequence[Job], settings: Settings, factory: Factory) -> Iterator[Row]:
    task = task_of(ray, _chart, "chart", settings.most_memory)
    shared = ray.put(settings)
    waiting = iter(jobs)
    under_way: dict[Any, Job] = {}
    most, counted = 0, float("-inf")
    while True:
        if time.monotonic() > counted + COUNT_CPUS_EVERY:
            most, counted = _most_in_flight(ray), time.monotonic()
        for job in islice(waiting, max(most - len(under_way), 0)):
            under_way[task.remote(job, shared, factory, __version__)] = job
        if not under_way:
            return
        # One call to wait for the first, one for all that are there: a call costs the more the more are under way.
        first, _ = ray.wait(list(under_way), timeout=COUNT_CPUS_EVERY)
        done = ray.wait(list(under_way), num_returns=len(under_way), timeout=0)[0] if first else []
        for reference in done:
            yield _row(ray, reference, under_way.pop(reference), settings)


def _row(ray: ModuleType, reference: Any, job: Job, settings: Settings) -> Row:
    errors = ray.exceptions
    row: Row | None = None
    reason = ""
    try:
        row = ray.get(reference)
    except errors.RayTaskError as error:  # no song's fault: those are rows
        raise task_error(error) from error
    except (errors.LocalRayletDiedError, errors.RaySystemError) as error:
        raise RequestError("the connection to the Ray cluster is lost; run it again to go on") from error
    except errors.OutOfMemoryError:
        reason = "its node ran out of memory again and again; are other things running there?"
    except errors.WorkerCrashedError:
        reason = f"its Ray worker was ended {RETRIES + 1} times"
    except errors.RayError as error:  # nodes that die, results lost with them
        reason = f"was lost with its node {RETRIES + 1} times ({type(error).__name__})"
    return row or job.failure(f"{job.source.music}: {reason}", settings.folder)


class _Kept(NamedTuple):
    """What a Ray worker keeps from task to task."""

    settings: Settings
    factory: Factory
    child: Child


_kept: _Kept | None = None


def _chart(job: Job, settings: Settings, factory: Factory, version: str) -> Row:
    """Runs on a node."""
    global _kept  # noqa: PLW0603  # Ray keeps processes, and with them what a module holds
    if _kept is None or _kept[:2] != (settings, factory):
        check_node(version, (settings.folder, settings.pack), "input and pack lie")
        if _kept is not None:
            _kept.child.close()
        # Ray ends whom it likes when a node runs full, and tries again without end: a song that would fill the node
        # by itself has to end before that.
        most_memory = min(settings.most_memory, memory_of_node())
        _kept = _Kept(settings, factory, Child(replace(settings, most_memory=most_memory), factory))
    return _kept.child.chart(job)


def _most_in_flight(ray: ModuleType) -> int:
    cpus = ray.cluster_resources().get("CPU", 0.0)
    if not cpus:
        _log.warning("the Ray cluster has no CPU as yet; the songs wait for one")
    return max(2 * int(cpus), LEAST_IN_FLIGHT)
