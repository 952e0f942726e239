"""Uploads charted on a Ray cluster that is there already: one task each, in a process beside the Ray worker.

The data folder is on storage that every node sees under the same path, and the environment is installed there.
"""

import threading
from functools import partial
from pathlib import Path
from typing import Any

from charter import __version__
from charter.errors import RequestError
from charter.processes.cluster import RETRIES, check_node, connected, memory_of_node, task_error, task_of
from charter.processes.worker import MOST_MEMORY, Limits, StoppedError, Tell, Worker
from charter.review.work.serve import serving

_LOOK_SECONDS = 0.2
_LEAST_IN_FLIGHT, _MOST_IN_FLIGHT = 2, 256


class Cluster:
    """Answers requests on a cluster; several threads may ask at once. Raises RequestError where none answers.

    address: ``host:port`` of its head, or ``auto`` on one of its nodes
    """

    def __init__(self, data: Path, address: str) -> None:
        self.data = data.resolve()
        self._ray = connected(address)
        self._task = task_of(self._ray, _served, "review")

    def most_in_flight(self) -> int:
        """As many requests at once as the cluster has CPUs, and one more, so that none waits for this process."""
        cpus = int(self._ray.cluster_resources().get("CPU", 0.0))
        return min(max(cpus + 1, _LEAST_IN_FLIGHT), _MOST_IN_FLIGHT)

    def ask(
        self,
        request: Any,
        tell: Tell = lambda share, stage: None,
        stop: threading.Event | None = None,
        most_seconds: float | None = None,
    ) -> Any:
        """As `charter.processes.worker.Worker.ask`, but that nothing is told on the way."""
        tell(0.0, "on the cluster")
        reference = self._task.remote(request, self.data, most_seconds, __version__)
        while not self._ray.wait([reference], timeout=_LOOK_SECONDS)[0]:
            if stop is not None and stop.is_set():
                self._ray.cancel(reference, force=True)
                raise StoppedError("was stopped")
        errors = self._ray.exceptions
        try:
            return self._ray.get(reference)
        except errors.RayTaskError as error:
            raise task_error(error) from error
        except errors.RayError as error:
            raise RequestError(f"the cluster lost it {RETRIES + 1} times ({type(error).__name__})") from error

    def end(self) -> None:
        """Nothing: what is idle there is the cluster's own."""

    def close(self) -> None:
        """Leave the cluster, which ends what is under way."""
        self._ray.shutdown()


_kept: dict[Path, Worker] = {}


def _served(request: Any, data: Path, most_seconds: float | None, version: str) -> Any:
    """Runs on a node."""
    if data not in _kept:  # Ray keeps processes, and with them what a module holds
        check_node(version, (data,), "the data folder lies")
        _kept[data] = Worker(partial(serving, data), Limits(min(MOST_MEMORY, memory_of_node())), "charter drafts")
    return _kept[data].ask(request, most_seconds=most_seconds)
