"""How much of this machine a batch may use."""

import os
from pathlib import Path

import psutil

WORKER_BYTES = 1_500_000_000  # what one worker needs for songs of usual length
_CGROUP = Path("/sys/fs/cgroup")


def worker_count(songs: int) -> int:
    """As many workers as there are cores, memory for them, and songs; at least one."""
    return max(1, min(_cores(), _free_memory() // WORKER_BYTES, songs))


def _cores() -> int:
    """The cores that this process may run on; a container may be held to fewer by its quota."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _words("cpu.max")
    if len(quota) == 2 and quota[0] != "max":
        here = min(here, max(1, int(quota[0]) // int(quota[1])))
    return here


def _free_memory() -> int:
    """Bytes that can still be used without swapping, by the machine's measure and the container's."""
    free = int(psutil.virtual_memory().available)
    limit, used = _words("memory.max"), _words("memory.current")
    if limit and used and limit[0] != "max":
        free = min(free, int(limit[0]) - int(used[0]))
    return free


def _words(name: str) -> list[str]:
    """What a control group of Linux says; nothing where there is none."""
    try:
        return (_CGROUP / name).read_text().split()
    except OSError:
        return []
