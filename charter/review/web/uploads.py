"""Files that come in: counted while they come, kept under names of our own, gone when they are refused."""

import asyncio
import os
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from fastapi.concurrency import run_in_threadpool

from charter.errors import RequestError
from charter.files import blamed
from charter.review.data_folder import uploads_folder
from charter.review.errors import Invalid, TooMany
from charter.review.web.bodies import too_large
from charter.review.web.disk import SPARE_BYTES, check_disk

MOST_AT_ONCE, MOST_EACH = 24, 6
_PIECE = 1_000_000  # bytes that are written at a time
_IDLE_SECONDS = 30.0
_LEAST_RATE = 10_000  # bytes a second, over the whole of it


class Uploads:
    """The uploads of a server.

    most: bytes of one file
    """

    def __init__(self, data: Path, most: int, spare: int = SPARE_BYTES) -> None:
        self.folder = uploads_folder(data)
        self._most = most
        self._spare = spare
        self._expected: Counter[str] = Counter()  # bytes that are still to come, by upload
        self._people: Counter[int] = Counter()
        self._lock = threading.Lock()

    async def receive(self, person: int, length: int | None, parts: AsyncIterator[bytes]) -> Path:
        """Keep what comes as a new file, on disk when this returns.

        length: bytes, where the sender said so
        Raises TooMany, TooLarge, OutputError (a full disk), Invalid (nothing came), RequestError (too slow).
        """
        if length is not None and length > self._most:
            raise too_large(self._most)
        with self._place(person) as key:
            path = self.folder / key
            self._expect(key, length or 0)
            try:
                await self._write(path, key, parts)
            except BaseException:
                # Also where the server ends, or the sender leaves.
                path.unlink(missing_ok=True)
                raise
        return path

    @contextmanager
    def _place(self, person: int) -> Iterator[str]:
        """One of the places, under the name of a file to be. Raises TooMany."""
        key = uuid4().hex
        with self._lock:
            if self._people[person] >= MOST_EACH or self._people.total() >= MOST_AT_ONCE:
                raise TooMany("too many files are on their way; wait until one has arrived")
            self._people[person] += 1
        try:
            yield key
        finally:
            with self._lock:
                self._people[person] -= 1
                del self._expected[key]

    def _expect(self, key: str, size: int) -> None:
        """Note how much is still to come, and that the disk has room for it and all else. Raises OutputError."""
        with self._lock:
            self._expected[key] = max(size, 0)
            wanted = self._expected.total()
        check_disk(self.folder, wanted, self._spare)

    async def _write(self, path: Path, key: str, parts: AsyncIterator[bytes]) -> None:
        loop = asyncio.get_running_loop()
        began, size, left = loop.time(), 0, self._expected[key]
        waiting = bytearray()
        with blamed(path):
            file = await run_in_threadpool(_create, path)
        try:
            while (part := await _next(parts)) is not None:
                size += len(part)
                if size > self._most:
                    raise too_large(self._most)
                if size < _LEAST_RATE * (loop.time() - began - _IDLE_SECONDS):
                    raise RequestError("the file came too slowly; try again from a better connection")
                waiting += part
                if len(waiting) >= _PIECE:
                    await run_in_threadpool(_append, path, file, bytes(waiting))
                    waiting.clear()
                    await run_in_threadpool(self._expect, key, left - size)
            if not size:
                raise Invalid("the file is empty")
            await run_in_threadpool(_append, path, file, bytes(waiting))
            await run_in_threadpool(_settle, path, file)
        finally:
            with suppress(OSError):  # of what could not be written, which was told
                await asyncio.shield(run_in_threadpool(file.close))


async def _next(parts: AsyncIterator[bytes]) -> bytes | None:
    try:
        async with asyncio.timeout(_IDLE_SECONDS):
            return await anext(parts, None)
    except TimeoutError:
        raise RequestError("the file stopped coming; try again") from None


def _create(path: Path) -> BinaryIO:
    return path.open("xb", buffering=0)


def _append(path: Path, file: BinaryIO, data: bytes) -> None:
    with blamed(path):
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]


def _settle(path: Path, file: BinaryIO) -> None:
    with blamed(path):
        os.fsync(file.fileno())
