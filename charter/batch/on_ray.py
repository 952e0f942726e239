"""The songs of a batch on a Ray cluster that is there already: one task each.

A task hands its song to a process beside the Ray worker (`charter.batch.child`), which keeps the weights and is the
same as on one machine: what breaks it, outgrows it or hangs in it becomes a failed row, and the Ray worker lives on.
Ray's retries are left for what has nothing to do with the song: a worker or a node that goes away. A task may so run
twice, or twice at once while a lost node still writes; `charter.batch.work` publishes a song in one step that does no
harm twice, so every song is there once, by its content.

The environment is installed on the nodes beforehand, and they see the input and the pack under the driver's paths.
"""

import logging
import os
import socket
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
from charter.errors import CharterError, RequestError

RETRIES = 3  # of a song whose Ray worker or node went away
USUAL_MEMORY = 3 << 29  # bytes that a song of usual length takes at most, with the weights and its Ray worker
CONNECT_SECONDS = 5.0
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
    task = ray.remote(_chart).options(
        num_cpus=1, memory=_memory(ray, settings), max_retries=RETRIES, retry_exceptions=False, name="chart"
    )
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
        if isinstance(error.cause, CharterError):
            raise error.cause from None
        said = str(error.cause).strip().splitlines() or [type(error.cause).__name__]
        raise RequestError(f"the cluster's nodes cannot run charter {__version__}: {said[-1]}") from error
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
        node = socket.gethostname()
        if version != __version__:
            raise RequestError(f"the node {node} has charter {__version__}, and this is {version}")
        for folder in (settings.folder, settings.pack):
            if not folder.is_dir():
                raise RequestError(f"{folder}: the node {node} does not see it; input and pack lie on shared storage")
        if _kept is not None:
            _kept.child.close()
        # Ray ends whom it likes when a node runs full, and tries again without end: a song that would fill the node
        # by itself has to end before that.
        most_memory = min(settings.most_memory, memory_of_node())
        _kept = _Kept(settings, factory, Child(replace(settings, most_memory=most_memory), factory))
    return _kept.child.chart(job)


def memory_of_node() -> int:
    """Bytes that Ray has for tasks on the node that this runs on."""
    ray = quiet_ray()
    own = ray.get_runtime_context().get_node_id()
    return int(next(node["Resources"]["memory"] for node in ray.nodes() if node["NodeID"] == own))


def quiet_ray() -> ModuleType:
    """The package, kept from printing what its nodes have to say. Raises RequestError where it is not installed."""
    # Ray reads this when it is imported. Its notices of lost nodes and retries, pages of them, would go to stdout.
    os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")
    try:
        import ray  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise RequestError("--ray needs Ray: pip install 'charter[cluster]'") from error
    return ray


def connected(address: str) -> ModuleType:
    """The package, connected to a cluster. Raises RequestError where there is no Ray or none answers."""
    ray = quiet_ray()
    _check_answers(os.environ.get("RAY_ADDRESS", address) if address == "auto" else address)
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (Exception, SystemExit) as error:  # Ray leaves the program where it finds no cluster
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise RequestError(f"{address}: no Ray cluster could be connected to from here ({said})") from error
    return ray


def _check_answers(address: str) -> None:
    """Fail in seconds where nothing listens; Ray itself would try for five minutes."""
    if address == "auto":  # Ray looks it up, and knows at once if there is none
        return
    host, _, port = address.rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        raise RequestError(f"{address!r} is no address of a Ray cluster; it is host:port of its head, or auto")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise RequestError(f"{address}: no Ray cluster answers there ({error}); has `ray start` been run?") from error


def _most_in_flight(ray: ModuleType) -> int:
    cpus = ray.cluster_resources().get("CPU", 0.0)
    if not cpus:
        _log.warning("the Ray cluster has no CPU as yet; the songs wait for one")
    return max(2 * int(cpus), LEAST_IN_FLIGHT)


def _memory(ray: ModuleType, settings: Settings) -> int:
    """Bytes that a task is given: what songs take, so that nodes of many CPUs do not take more than they can hold.

    No more than the smallest node has: a song then has it for itself.
    """
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    return int(min([settings.most_memory, USUAL_MEMORY, *(node.get("memory", USUAL_MEMORY) for node in nodes)]))
