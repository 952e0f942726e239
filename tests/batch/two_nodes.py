"""What happens to a batch on a Ray cluster of two nodes of one CPU, told as one JSON object by scenario.

    python tests/batch/two_nodes.py FOLDER

A program of its own: Ray warns, and leaves files open, of which pytest would make errors.
"""

import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from batch_factories import MIB, chart_by_name, job, no_weights, runs, settings

from charter.batch import on_ray as on_ray_module
from charter.batch.job import Settings
from charter.batch.on_ray import on_ray
from charter.errors import CharterError
from charter.processes.cluster import quiet_ray

quiet_ray()  # before Ray is imported otherwise
from ray.cluster_utils import Cluster  # noqa: E402

NAMES = tuple(f"slow-{number}" for number in range(12))


def batch(given: Settings, names: tuple[str, ...], address: str) -> dict[str, Any]:
    rows = list(on_ray([job(given, name) for name in names], given, address, chart_by_name))
    return {
        "rows": sorted((row.source.removesuffix(".ogg"), row.status, row.error) for row in rows),
        "published": sorted(path.name for path in given.pack.iterdir()),
        "runs": sorted(name for name, _, _ in runs(given)),
        "processes": len({pid for _, pid, _ in runs(given)}),
        "workers": len({parent for _, _, parent in runs(given)}),
    }


def meanwhile(given: Settings, least: int, act: Callable[[], None]) -> threading.Thread:
    """Act as soon as so many songs are published."""

    def wait() -> None:
        while len(list(given.pack.iterdir())) < least:
            time.sleep(0.02)
        act()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def newest_run(given: Settings) -> tuple[int, int]:
    newest = max((given.pack.parent / "runs").iterdir(), key=lambda path: path.stat().st_ctime_ns)
    _, pid, parent, _ = newest.name.split(",")
    return int(pid), int(parent)


def workers_killed(folder: Path, address: str) -> dict[str, Any]:
    """First the process that charts, then, some songs later, a Ray worker."""
    given = settings(folder)
    threads = [
        meanwhile(given, 3, lambda: os.kill(newest_run(given)[0], signal.SIGKILL)),
        meanwhile(given, 7, lambda: os.kill(newest_run(given)[1], signal.SIGKILL)),
    ]
    told = batch(given, NAMES, address)
    for thread in threads:
        thread.join()
    return told


def bad_songs(folder: Path, address: str) -> dict[str, Any]:
    given = settings(folder, most_memory=500 * MIB)
    return batch(given, ("kills", "a", "grows", "b", "c", "wrong", "once", "d"), address)


def hanging_song(folder: Path, address: str) -> dict[str, Any]:
    """By itself: the others have as long as a busy machine takes."""
    return batch(settings(folder, most_seconds=3.0), ("hangs", "a"), address)


def node_removed(folder: Path, cluster: Cluster) -> dict[str, Any]:
    """As soon as both nodes are at a song; none is done before."""
    given = settings(folder)
    second = cluster.list_all_nodes()[1]

    def remove() -> None:
        while len({parent for _, _, parent in runs(given)}) < 2:
            time.sleep(0.02)
        cluster.remove_node(second, allow_graceful=False)
        (folder / "released").touch()

    thread = threading.Thread(target=remove, daemon=True)
    thread.start()
    told = batch(given, tuple(f"waits-{number}" for number in range(12)), cluster.address)
    thread.join()
    return told


def stopped(folder: Path, address: str) -> dict[str, Any]:
    """Ctrl-C while two songs hang: what is left of their processes, and how long it took to come back."""
    given = settings(folder)

    def interrupt() -> None:
        while len(runs(given)) < 2:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may be deaf to it
    threading.Thread(target=interrupt, daemon=True).start()
    try:
        list(on_ray([job(given, f"hangs-{number}") for number in range(4)], given, address, chart_by_name))
    except KeyboardInterrupt:
        told = time.monotonic()
    pids = {pid for run in runs(given) for pid in run[1:]}
    while any(psutil.pid_exists(pid) for pid in pids):
        time.sleep(0.05)
    return {"runs": len(runs(given)), "seconds_to_end": time.monotonic() - told}


def refused(folder: Path, address: str) -> dict[str, str]:
    given = settings(folder)
    song = [job(given, "a")]

    def error(given: Settings = given, factory: Any = chart_by_name) -> str:
        try:
            list(on_ray(song, given, address, factory))
        except CharterError as error:
            return f"{type(error).__name__}: {error}"
        return ""

    told = {"weights": error(factory=no_weights)}
    ours, on_ray_module.__version__ = on_ray_module.__version__, "0.0.0"
    told["version"] = error()
    on_ray_module.__version__ = ours
    given.pack.rmdir()
    told["folder"] = error()
    return told


def main() -> None:
    folder = Path(sys.argv[1])
    warnings.simplefilter("error")
    node = {"num_cpus": 1, "object_store_memory": 80 * MIB, "include_dashboard": False}
    quickly = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500, "health_check_failure_threshold": 3}
    cluster = Cluster(initialize_head=True, head_node_args=node | {"_system_config": quickly})
    cluster.add_node(**node)
    took = {}
    told = {}
    for name, scenario in {
        "workers killed": lambda: workers_killed(folder / "workers", cluster.address),
        "bad songs": lambda: bad_songs(folder / "bad", cluster.address),
        "hanging song": lambda: hanging_song(folder / "hanging", cluster.address),
        "stopped": lambda: stopped(folder / "stopped", cluster.address),
        "refused": lambda: refused(folder / "refused", cluster.address),
        "node removed": lambda: node_removed(folder / "node", cluster),
    }.items():
        start = time.monotonic()
        told[name] = scenario()
        took[name] = round(time.monotonic() - start, 1)
    sys.stderr.write(f"{took}\n")
    cluster.shutdown()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
