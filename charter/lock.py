"""A folder or a file for one process alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from charter.errors import CharterError, OutputError


@contextmanager
def locked(lock: Path, of: Path, taken: str, error: type[CharterError] = OutputError) -> Iterator[None]:
    """Hold a lock file for as long as the block lasts; where the process is killed, the system lets go of it.

    of: what it stands for, which is named where it cannot be had; taken: the reason where another process has it
    Raises ``error``.
    """
    held = FileLock(lock, timeout=0)
    try:
        held.acquire()
    except Timeout:
        raise error(f"{of}: {taken}") from None
    except OSError as cause:
        raise error(f"{of}: cannot be written to ({cause.strerror or cause})") from cause
    try:
        yield
    finally:
        held.release()
