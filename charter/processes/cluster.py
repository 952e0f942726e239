"""A Ray cluster that is there already: how it is reached, what a task of ours takes, what its nodes have to have.

A task hands its work to a process beside the Ray worker (`charter.processes.worker`), which keeps the weights: what
breaks that, outgrows it or hangs in it is the work's own failure. Ray's retries are for what has nothing to do with
the work: a worker or a node that goes away.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from charter import __version__
from charter.errors import CharterError, RequestError

RETRIES = 3  # of a task whose Ray worker or node went away
USUAL_MEMORY = 3 << 29  # bytes that a song of usual length takes at most, with the weights and its Ray worker
CONNECT_SECONDS = 5.0


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
    """The package, connected to a cluster.

    address: ``host:port`` of its head, or ``auto`` on one of its nodes: then what ``RAY_ADDRESS`` says, as far as it
    says something, or else the cluster of this machine
    Raises RequestError where there is no Ray or none answers.
    """
    ray = quiet_ray()
    if address == "auto":
        address = os.environ.get("RAY_ADDRESS") or address  # empty, it counts as not set, for Ray itself too
    _check_answers(address)
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


def task_of(ray: ModuleType, function: Callable[..., Any], name: str, most_memory: int = USUAL_MEMORY) -> Any:
    """A function of a module as a task of the cluster, which takes a CPU and the memory that a song takes.

    Not more memory than the smallest node has: a song then has it for itself.
    """
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    memory = min([most_memory, USUAL_MEMORY, *(node.get("memory", USUAL_MEMORY) for node in nodes)])
    return ray.remote(function).options(
        num_cpus=1, memory=int(memory), max_retries=RETRIES, retry_exceptions=False, name=name
    )


def task_error(error: Any) -> CharterError:
    """What a task raised, or, where that is none of ours, that the nodes cannot run it. error: Ray's for a task."""
    if isinstance(error.cause, CharterError):
        return error.cause
    said = str(error.cause).strip().splitlines() or [type(error.cause).__name__]
    return RequestError(f"the cluster's nodes cannot run charter {__version__}: {said[-1]}")


def check_node(version: str, folders: Iterable[Path], shared: str) -> None:
    """Raises RequestError for a node, the one that this runs on, with another charter or without the folders.

    version: of the charter that asks; shared: what has to lie on shared storage, in the words of the error
    """
    node = socket.gethostname()
    if version != __version__:
        raise RequestError(f"the node {node} has charter {__version__}, and this is {version}")
    for folder in folders:
        if not folder.is_dir():
            raise RequestError(f"{folder}: the node {node} does not see it; {shared} on shared storage")


def memory_of_node() -> int:
    """Bytes that Ray has for tasks on the node that this runs on."""
    ray = quiet_ray()
    own = ray.get_runtime_context().get_node_id()
    return int(next(node["Resources"]["memory"] for node in ray.nodes() if node["NodeID"] == own))
