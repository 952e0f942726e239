"""A watch over a process that works for another: over its memory, and over whether anybody still waits for it."""

import ctypes
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time

import psutil

OVER_MEMORY = 77  # exit code: it took more memory than it may; none that Python, a shell or a signal gives
NOBODY_WAITS = 78  # exit code: the process that had started it is gone
CHECKS_PER_SECOND = 4.0
_PR_SET_PDEATHSIG = 1  # of Linux, <sys/prctl.h>


def watch(most_memory: int, parent_pid: int | None = None) -> None:
    """End this process at once when it takes too much memory, or when it has outlived its parent.

    A thread checks a few times a second, and hears of a parent's end as it comes. Nothing is cleaned up (a request that
    outgrows its process may sit in a decoder that never returns), so what is written must be written whole or not at
    all.

    most_memory: bytes of resident memory; the exit code is then `OVER_MEMORY`
    parent_pid: of the process that started this one, None not to look; the exit code is `NOBODY_WAITS`
    """
    threading.Thread(target=_check, args=(most_memory, parent_pid), name="watch", daemon=True).start()


def end_with_thread() -> None:
    """Have the system end this process in the moment in which the thread that started it ends; on Linux alone.

    `watch` needs its turn first, which on a busy machine may come a second later.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))


def _check(most_memory: int, parent_pid: int | None) -> None:
    process = psutil.Process()
    parent = multiprocessing.parent_process() if parent_pid is not None else None
    while True:
        if process.memory_info().rss > most_memory:
            os._exit(OVER_MEMORY)
        if parent_pid is not None and os.getppid() != parent_pid:
            os._exit(NOBODY_WAITS)
        if parent is None:
            time.sleep(1 / CHECKS_PER_SECOND)
        elif multiprocessing.connection.wait([parent.sentinel], 1 / CHECKS_PER_SECOND):
            os._exit(NOBODY_WAITS)
