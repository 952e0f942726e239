"""A batch on this machine: as many processes as its cores and memory are for, a song at a time in each."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from queue import SimpleQueue

from charter.batch.child import Child
from charter.batch.factory import Factory, charting
from charter.batch.job import Job, Settings
from charter.batch.row import Row
from charter.processes.single_thread import SINGLE_THREAD


def on_this_machine(
    jobs: Sequence[Job], settings: Settings, workers: int, factory: Factory = charting
) -> Iterator[Row]:
    """Chart songs in ``workers`` processes; their rows, in the order in which they are done.

    factory: is called once in every process; what it raises (WeightsError) is raised here
    Whoever stops taking rows ends the processes.
    """
    children = [Child(settings, factory) for _ in range(min(workers, len(jobs)))]
    idle: SimpleQueue[Child] = SimpleQueue()
    for child in children:
        idle.put(child)

    def chart(job: Job) -> Row:
        child = idle.get()
        try:
            return child.chart(job)
        finally:
            idle.put(child)

    waiting = iter(jobs)
    with _environment(SINGLE_THREAD), ThreadPoolExecutor(max(1, len(children))) as threads:
        try:
            # No more under way than there are workers: rows are large, and a batch may have many.
            under_way = {threads.submit(chart, job) for job in islice(waiting, len(children))}
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                under_way |= {threads.submit(chart, job) for job in islice(waiting, len(done))}
                for future in done:
                    yield future.result()
        finally:
            for child in children:
                child.close()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Variables for the processes that start in here."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
