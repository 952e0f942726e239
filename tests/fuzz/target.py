"""What is fuzzed: a reader, files to begin from, and what may come out of it."""

import resource
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charter.errors import CharterError

MOST_SECONDS = 2.0  # of the processor, for 100 kB
MOST_BYTES = 100_000
MOST_GROWTH_MB = 500


class BrokenError(Exception):
    """An answer that no user should get."""


@dataclass(frozen=True)
class Target:
    """A reader.

    read: given a file's content and a folder to write it into; CharterError is an answer, any other error a fault
    seeds: files that it takes; words: what its files are made of; suffix: of files that are seeds too
    """

    read: Callable[[bytes, Path], object]
    seeds: Callable[[], Sequence[bytes]]
    words: Sequence[bytes] = ()
    suffix: str = ""


OTHERS = (None, True, -1, 10**30, 1e308, float("nan"), "", "x\0", "\ud800", "../x", [], [1], {}, {"x": 1})


def swapped(value: Any) -> Iterator[Any]:
    """JSON values with one value in them replaced by one of another kind, or by nothing."""
    yield from OTHERS
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in items:
        for other in swapped(inside):
            copy: Any = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = other
            yield copy
        if isinstance(value, dict):
            yield {name: each for name, each in value.items() if name != key}
            yield {"a\0" if name == key else name: each for name, each in value.items()}


def ask(target: Target, data: bytes, folder: Path) -> None:
    """Have a reader read. Raises whatever is no answer, and BrokenError for one that comes late or costs too much."""
    started, most = time.process_time(), _most_mb()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        each_told([lambda: target.read(data, folder)])
    seconds, growth = time.process_time() - started, _most_mb() - most
    if seconds > MOST_SECONDS * max(1, len(data) / MOST_BYTES):
        raise BrokenError(f"took {seconds:.1f} s for {len(data)} bytes")
    if growth > MOST_GROWTH_MB:
        raise BrokenError(f"took {growth:.0f} MB for {len(data)} bytes")


def each_told(ways: Iterable[Callable[[], object]]) -> None:
    """Go each of the ways; CharterError is an answer, if it is one line. Raises BrokenError, and any other."""
    for way in ways:
        try:
            way()
        except CharterError as error:
            if len(str(error).splitlines()) != 1:
                raise BrokenError(f"an error that is not one line: {str(error)[:200]!r}") from error


def _most_mb() -> float:
    """The most that the process ever held (on Linux): a process that once held much notices nothing below."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
