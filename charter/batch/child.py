"""A process that charts songs one after the other, and may die of one of them without harm to the others."""

import multiprocessing
import os
import signal
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from charter.batch.factory import Chart, Factory
from charter.batch.job import Job, Settings
from charter.batch.row import Row
from charter.batch.watch import OVER_MEMORY, watch
from charter.errors import CharterError, RequestError

_LAST_BREATH = 2.0  # seconds from a closed pipe to the end of a process that dies by itself
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
        self._closed = False
        self._has_loaded = False

    def chart(self, job: Job) -> Row:
        """The song's row. One that breaks its process, outgrows it or takes too long is a failed row with the reason.

        Raises what the factory does (CharterError), and RequestError where the process cannot be started.
        """
        reason = ""
        for _ in range(TRIES):
            code: int | None = None
            try:
                running = self._ready()
                running.connection.send(job)
                if running.connection.poll(self.settings.most_seconds):
                    row: Row = running.connection.recv()
                    return row
                reason = f"took longer than {self.settings.most_seconds:g} s"
                break
            except (EOFError, OSError):
                code = self._end(_LAST_BREATH)
            if code == OVER_MEMORY:
                reason = f"took more than {self.settings.most_memory / 2**30:.3g} GB of memory"
                break
            reason = f"its process was ended {TRIES} times, by {_cause(code)}; does the file crash a decoder?"
        self._end()
        return job.failure(f"{job.source.music}: {reason}", self.settings.folder)

    def close(self) -> None:
        """End the process, if there is one, for good; another thread may be waiting for its song."""
        self._closed = True
        running = self._running
        if running is not None:
            running.process.kill()

    def _end(self, patience: float = 0.0) -> int | None:
        """End the process; the exit code, where it ended by itself within so many seconds."""
        running, self._running = self._running, None
        if running is None:
            return None
        running.process.join(patience)
        code = running.process.exitcode
        running.process.kill()
        running.process.join()
        running.connection.close()
        return code

    def _ready(self) -> "_Running":
        """The process, its weights loaded.

        Raises what hinders every song: what the factory raises, and RequestError where not even the first process could
        load; EOFError or OSError where a later one dies over it.
        """
        if self._closed:
            raise RequestError("the batch was stopped")
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
                if self._has_loaded:
                    raise
                loaded = RequestError(_failed_start(self._end(_LAST_BREATH), self.settings))
            if loaded is not None:
                self._end()
                raise loaded
            self._has_loaded = True
        return self._running


@dataclass(frozen=True)
class _Running:
    process: BaseProcess
    connection: Connection


def _failed_start(code: int | None, settings: Settings) -> str:
    if code == OVER_MEMORY:
        return f"the networks alone take more than {settings.most_memory / 2**30:.3g} GB of memory; allow more"
    return f"a worker process ended while it loaded the weights, by {_cause(code)}"


def _cause(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"


def _run(connection: Connection, settings: Settings, factory: Factory, parent_pid: int) -> None:
    """What the process does: says whether it could load (None, or the error), then sends a row for every job."""
    watch(settings.most_memory, parent_pid)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who owns the child ends it
    try:
        try:
            chart = factory(settings)
        except CharterError as error:
            connection.send(error)
            return
        connection.send(None)
        while True:
            job: Job = connection.recv()
            connection.send(_charted(chart, job, settings))
    except (EOFError, OSError):  # nobody is there any more
        return


def _charted(chart: Chart, job: Job, settings: Settings) -> Row:
    """The song's row, whatever its charting raises: a night's work shall not end with one song nobody foresaw."""
    music = job.source.music
    try:
        return chart(job)
    except CharterError as error:
        reason = str(error)
    except MemoryError:
        reason = f"{music}: needed more memory than there is"
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"
        reason = f"{music}: charter failed, which is a fault of its own: {what}"
    return job.failure(reason, settings.folder)
