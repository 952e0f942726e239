"""Writing files so that a reader never meets half of one."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from charter.errors import OutputError

_DRAFT = re.compile(r"\.[0-9a-f]{32}\.tmp")
_CAUSES = {
    errno.EEXIST: "a file stands where a folder is needed",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EISDIR: "a folder stands in its place",
    errno.ENOENT: "its folder does not exist",
    errno.EACCES: "no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.ENOSPC: "the disk is full",
    errno.ENAMETOOLONG: "the name is too long",
}


def write_text(path: Path, text: str) -> None:
    """Put ``text`` at ``path`` in UTF-8 with bare line feeds, whole or not at all. Raises as `write_bytes`."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, whole or not at all; what stood there is replaced in one step.

    Raises OutputError that names the path and the cause.
    """
    with whole_file(path) as draft, draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def append_bytes(path: Path, data: bytes) -> None:
    """Put ``data`` behind what stands at ``path``, whole or not at all; only a kill in the midst leaves a part of it.

    Raises OutputError that names the path and the cause.
    """
    with blamed(path), path.open("ab", buffering=0) as file:
        length = file.tell()
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            file.truncate(length)
            raise


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """An empty file beside ``path`` to write to, which takes its name when all went well and is gone when not.

    Raises OutputError that names the path and the cause.
    """
    # Beside the target, for a rename is one step only within a file system; a short name, for the target's own may
    # be as long as names can be.
    draft = path.parent / f".{uuid4().hex}.tmp"
    with blamed(path):
        try:
            draft.touch(exist_ok=False)
            yield draft
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def clear_drafts(folder: Path) -> None:
    """Remove what a kill left of `whole_file` in a folder. Raises OutputError."""
    with blamed(folder):
        for path in folder.iterdir():
            if _DRAFT.fullmatch(path.name):
                path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder, with those above it, unless it is there. Raises OutputError that names the path and the cause."""
    with blamed(path):
        path.mkdir(parents=True, exist_ok=True)


@contextmanager
def blamed(path: Path) -> Iterator[None]:
    """Turn an OSError of the block into an OutputError that names the path and the cause."""
    try:
        yield
    except OSError as error:
        cause = _CAUSES.get(error.errno or 0, error.strerror or str(error))
        raise OutputError(f"{path}: cannot be written ({cause})") from error
