"""A process that charts songs one after the other, and may die of one of them without harm to the others."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from charter.batch.job import Job, Settings
from charter.batch.row import Row, Status
from charter.batch.watch import OVER_MEMORY, watch
from charter.errors import CharterError, RequestError

Worker = Callable[[Job], Row]
# Loads the weights and gives what charts one song. A function of a module that the child can import by its name.
Factory = Callable[[Settings], Worker]

TRIES = 2  # of a song whose process died of itself: it may have been the machine, not the song


class Child:
    """Charts songs in a process of its own, which starts with the first song and lives until one breaks it.

    The process ends when whoever owns the child does, however that ends. A song that is charted anew because its
    process died may have been written by then: to publish a song has to be one step that does no harm twice.
    """

    def __init__(self, settings: Settings, factory: Factory) -> None:
        self.settings = settings
        self.factory = factory
        self._running: _Running | None = None

    def chart(self, job: Job) -> Row:
        """The song's row. One that breaks its process, outgrows it or takes too long is a failed row with the reason.

        Raises what the factory does (CharterError), and RequestError where the process cannot be started.
        """
        started = time.monotonic()
        reason = ""
        for _ in range(TRIES):
            running = self._ready()
            reason = ""
            try:
                running.connection.send(job)
                if running.connection.poll(self.settings.most_seconds):
                    row: Row = running.connection.recv()
                    return row
                reason = f"took longer than {self.settings.most_seconds:g} s"
            except (EOFError, OSError):
                running.process.join()
            code = running.process.exitcode
            self.close()
            if code == OVER_MEMORY:
                reason = f"took more than {self.settings.most_memory / 2**30:.3g} GiB of memory"
            if reason:
                return failed(job, self.settings, reason, time.monotonic() - started)
            reason = f"its process was ended {TRIES} times, by {_cause(code)}; does the file crash a decoder?"
        return failed(job, self.settings, reason, time.monotonic() - started)

    def close(self) -> None:
        """End the process, if there is one."""
        if self._running is not None:
            self._running.process.kill()
            self._running.process.join()
            self._running.connection.close()
            self._running = None

    def _ready(self) -> "_Running":
        """The process, its weights loaded."""
        if self._running is None:
            seconds = self.settings.most_seconds
            spawn = multiprocessing.get_context("spawn")  # a fork would inherit locks that other threads hold
            connection, theirs = spawn.Pipe()
            process = spawn.Process(
                target=_run, args=(theirs, self.settings, self.factory, os.getpid()), name="chart", daemon=True
            )
            process.start()
            theirs.close()  # else its end would stay open when the process is gone
            self._running = _Running(process, connection)
            loaded: CharterError | None = RequestError(f"a worker process did not load its weights in {seconds:g} s")
            try:
                if connection.poll(seconds):
                    loaded = connection.recv()
            except (EOFError, OSError):
                process.join()
                loaded = RequestError(
                    f"a worker process ended while it loaded the weights, by {_cause(process.exitcode)}"
                )
            if loaded is not None:
                self.close()
                raise loaded
        return self._running


@dataclass(frozen=True)
class _Running:
    process: BaseProcess
    connection: Connection


def failed(job: Job, settings: Settings, reason: str, seconds: float | None = None) -> Row:
    """The row of a song that could not be charted. seconds: how long that took."""
    music = job.source.music
    return Row(
        source=str(music.relative_to(settings.folder) if music.is_relative_to(settings.folder) else music),
        status=Status.FAILED,
        error=reason,
        audio_hash=job.audio_hash,
        key=job.key,
        seed=settings.request.seed,
        seconds=seconds,
    )


def _cause(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"


def _run(connection: Connection, settings: Settings, factory: Factory, parent_pid: int) -> None:
    """What the process does: says whether it could load (None, or the error), then sends a row for every job."""
    watch(settings.most_memory, parent_pid)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who owns the child ends it
    try:
        chart = factory(settings)
    except CharterError as error:
        connection.send(error)
        return
    connection.send(None)
    while True:
        try:
            job: Job = connection.recv()
        except EOFError:
            return
        started = time.monotonic()
        try:
            row = chart(job)
        except Exception as error:  # whatever a song finds wrong in charter costs that song only
            reason = str(error) if isinstance(error, CharterError) else f"{type(error).__name__}: {error}"
            row = failed(job, settings, reason, time.monotonic() - started)
        connection.send(row)
