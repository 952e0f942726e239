"""A process that answers requests one after the other, and may die of one without harm to the others."""

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from charter.errors import CharterError, RequestError
from charter.processes.watch import OVER_MEMORY, end_with_thread, watch

Tell = Callable[[float, str], None]  # the share that is done, 0 to 1, and what it is at, in a word or two
Serve = Callable[[Any, Tell], Any]
# What a process starts with: a function of a module, or a `functools.partial` of one, for it is sent by its name.
Start = Callable[[], Serve]

MOST_MEMORY = 4 << 30  # bytes, the networks included, where nobody says otherwise
START_SECONDS = 600.0  # in which a process has to be ready; no request's time, for a busy machine may take long over it
TRIES = 2  # of a request whose process died of itself: it may have been the machine
_LAST_BREATH = 2.0  # seconds from a closed pipe to the end of a process that dies by itself
_LOOK_SECONDS = 0.1  # from one look to the next at whether the answer is still wanted


class WorkError(CharterError):
    """A request whose process ended over it at every try or took more than it may, or whose serving failed unforeseen.

    The message is the reason alone; what the request was about is for the asker to say.
    """


class StoppedError(CharterError):
    """A request that the asker no longer wants an answer to."""


@dataclass(frozen=True)
class Limits:
    """What a process may take.

    most_memory: bytes of resident memory; most_seconds: for a request; niceness: how far it steps back for others
    ends_with_thread: the process is ended in the moment in which the thread that asked first ends, or its whole process
    """

    most_memory: int = MOST_MEMORY
    most_seconds: float = 1800.0
    niceness: int = 0
    ends_with_thread: bool = False


class Worker:
    """Answers requests in a process of its own, which starts with the first of them and lives until one breaks it.

    The process ends when whoever owns the worker does, however that ends. A request that is tried anew because its
    process died may have done its work by then: to put a result in place has to be one step that does no harm twice.
    """

    def __init__(self, start: Start, limits: Limits, name: str = "worker") -> None:
        self.start = start
        self.limits = limits
        self.name = name
        self._running: _Running | None = None
        self._closed = False
        self._has_loaded = False

    def ask(
        self,
        request: Any,
        tell: Tell = lambda share, stage: None,
        stop: threading.Event | None = None,
        most_seconds: float | None = None,
    ) -> Any:
        """The answer to a request.

        tell: is called with how far it is; stop: once set, the process is ended; most_seconds: instead of the limit

        Raises the CharterError that serving it raised; WorkError, behind which the process is the same where serving
        failed, and else a new one; StoppedError; what hinders every request: the CharterError that the start raised,
        and RequestError where the first process could not be started, or the worker is closed.
        """
        seconds = self.limits.most_seconds if most_seconds is None else most_seconds
        reason = ""
        for _ in range(TRIES):
            try:
                said = self._exchange(request, tell, stop, seconds)
            except (EOFError, OSError):
                code = self._end(_LAST_BREATH)
                if code == OVER_MEMORY:
                    reason = f"took more than {_gigabytes(self.limits)} of memory"
                    break
                reason = f"its process was ended {TRIES} times, by {_cause(code)}; does the file crash a decoder?"
                continue
            except BaseException:
                self._end()
                raise
            if said is None:
                reason = f"took longer than {seconds:g} s"
                break
            if said.error is not None:
                raise said.error
            return said.answer
        self._end()
        raise WorkError(reason)

    def _exchange(self, request: Any, tell: Tell, stop: threading.Event | None, seconds: float) -> "_Said | None":
        """What the process says to a request; None where it says nothing for too long."""
        connection = self._ready(stop).connection
        connection.send(request)
        until = time.monotonic() + seconds
        while _poll(connection, until, stop):
            said = connection.recv()
            if isinstance(said, _Said):
                return said
            tell(*said)
        return None

    def end(self) -> None:
        """End the process, if there is one; the next request starts another. Not while one is under way."""
        self._end()

    def close(self) -> None:
        """End the process, if there is one, for good; another thread may be waiting for its answer."""
        self._closed = True
        running = self._running
        if running is not None:
            running.process.kill()

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is none."""
        running = self._running
        return running.process.pid if running is not None else None

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

    def _ready(self, stop: threading.Event | None) -> "_Running":
        """The process, ready to serve.

        Raises what hinders every request: what the start raises, and RequestError where not even the first process
        could load; EOFError or OSError where a later one dies over it.
        """
        if self._closed:
            raise RequestError("the work was stopped")
        if self._running is None:
            spawn = multiprocessing.get_context("spawn")  # a fork would inherit locks that other threads hold
            connection, theirs = spawn.Pipe()
            process = spawn.Process(
                target=_run, args=(theirs, self.start, self.limits, os.getpid()), name=self.name, daemon=True
            )
            process.start()
            theirs.close()  # else its end would stay open when the process is gone
            self._running = _Running(process, connection)
            loaded = _Said(error=RequestError(f"a worker process did not load its weights in {START_SECONDS:g} s"))
            try:
                if _poll(connection, time.monotonic() + START_SECONDS, stop):
                    loaded = connection.recv()
            except (EOFError, OSError):
                if self._has_loaded or self._closed:
                    raise
                loaded = _Said(error=RequestError(_failed_start(self._end(_LAST_BREATH), self.limits)))
            if loaded.error is not None:
                self._end()
                raise loaded.error
            self._has_loaded = True
        return self._running


@dataclass(frozen=True)
class _Running:
    process: BaseProcess
    connection: Connection


@dataclass(frozen=True)
class _Said:
    """The end of an exchange: an answer, or why there is none."""

    answer: Any = None
    error: CharterError | None = None


def _poll(connection: Connection, until: float, stop: threading.Event | None) -> bool:
    """Whether something is there to be received before it is too late. Raises StoppedError, EOFError, OSError."""
    while True:
        left = max(until - time.monotonic(), 0.0)
        if connection.poll(left if stop is None else min(left, _LOOK_SECONDS)):
            return True
        if stop is not None and stop.is_set():
            raise StoppedError("was stopped")
        if time.monotonic() >= until:
            return False


def _failed_start(code: int | None, limits: Limits) -> str:
    if code == OVER_MEMORY:
        return f"the networks alone take more than {_gigabytes(limits)} of memory; allow more"
    return f"a worker process ended while it loaded the weights, by {_cause(code)}"


def _gigabytes(limits: Limits) -> str:
    return f"{limits.most_memory / 2**30:.3g} GB"


def _cause(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"


def _run(connection: Connection, start: Start, limits: Limits, parent_pid: int) -> None:
    """What the process does: says whether it could load, then answers every request."""
    if limits.ends_with_thread:
        end_with_thread()
    watch(limits.most_memory, parent_pid)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who owns the worker ends it
    if limits.niceness and hasattr(os, "nice"):
        os.nice(limits.niceness)
    try:
        try:
            serve = start()
        except CharterError as error:
            connection.send(_Said(error=error))
            return
        connection.send(_Said())
        while True:
            request = connection.recv()
            connection.send(_served(serve, request, lambda share, stage: connection.send((share, stage))))
    except (EOFError, OSError):  # nobody is there any more
        return


def _served(serve: Serve, request: Any, tell: Tell) -> _Said:
    """The answer, whatever serving raises: a night's work shall not end with one request that nobody foresaw."""
    try:
        return _Said(serve(request, tell))
    except CharterError as error:
        return _Said(error=error)
    except MemoryError:
        return _Said(error=WorkError("needed more memory than there is"))
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"
        return _Said(error=WorkError(f"charter failed, which is a fault of its own: {what}"))
