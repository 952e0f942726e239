"""A batch on this machine: worker processes, each with its networks loaded once and a song at a time.

A song that breaks its process, by a decoder that crashes or by memory without end, costs that process and that song.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures import TimeoutError as LateError
from contextlib import contextmanager
from multiprocessing import get_context
from typing import ClassVar

from pebble import ProcessExpired, ProcessPool

from charter.batch.factory import Chart, Factory, charting
from charter.batch.job import Job, Settings
from charter.batch.row import Row
from charter.batch.watch import OVER_MEMORY, watch

# One thread a process: with as many processes as cores, more of them would only wait for each other.
_SINGLE_THREADED = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def on_this_machine(
    jobs: Sequence[Job], settings: Settings, workers: int, factory: Factory = charting
) -> Iterator[Row]:
    """Chart songs in ``workers`` processes; their rows, in the order in which they are done.

    factory: a function of a module, which is called once in every process, loads the weights and gives what charts a
    song; what it raises (WeightsError) is raised here
    """
    with _environment(_SINGLE_THREADED):
        pool = ProcessPool(
            workers,
            initializer=_start,
            initargs=(settings, factory, os.getpid()),
            context=get_context("spawn"),  # a fork would copy the state of threads that are not there
        )
        try:
            futures: dict[Future[Row], Job] = {
                pool.schedule(_chart, args=(job,), timeout=settings.most_seconds): job for job in jobs
            }
            for future in as_completed(futures):
                job = futures.pop(future)
                try:
                    yield future.result()
                except LateError:
                    yield _failure(job, settings, f"took longer than {settings.most_seconds / 60:g} minutes")
                except ProcessExpired as error:
                    yield _failure(job, settings, _death(error.exitcode, settings))
        finally:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def _failure(job: Job, settings: Settings, reason: str) -> Row:
    return job.failure(f"{job.source.music}: {reason}", settings.folder)


def _death(code: int | None, settings: Settings) -> str:
    if code == OVER_MEMORY:
        return f"needed more than {settings.most_memory / 2**30:.3g} GB of memory"
    if code == -signal.SIGKILL:
        return "its process was killed; did the machine run out of memory?"
    name = signal.Signals(-code).name if code and -code in {*signal.Signals} else f"exit code {code}"
    return f"crashed the process that read it ({name}); is the file damaged?"


class _Process:
    """What a process of the pool holds on to."""

    given: ClassVar[tuple[Settings, Factory]]
    chart: ClassVar[Chart | None] = None


def _start(settings: Settings, factory: Factory, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    watch(settings.most_memory, parent)
    _Process.given = settings, factory


def _chart(job: Job) -> Row:
    if _Process.chart is None:
        settings, factory = _Process.given
        _Process.chart = factory(settings)
    return _Process.chart(job)


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
