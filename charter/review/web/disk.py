"""Room on the disk: what is written for one person leaves some for the work of all."""

import errno
import os
import shutil
from pathlib import Path

from charter.files import blamed

SPARE_BYTES = 256_000_000  # of the disk, that is left for charts and the database


def check_disk(folder: Path, wanted: int, spare: int = SPARE_BYTES) -> None:
    """Raises OutputError that says that the disk is full where ``wanted`` bytes would leave less than ``spare``."""
    with blamed(folder):
        if shutil.disk_usage(folder).free < wanted + spare:
            raise OSError(errno.ENOSPC, "the disk is full")


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder and below. Raises OutputError."""
    with blamed(folder):
        return sum(os.lstat(Path(path, name)).st_size for path, _, names in os.walk(folder) for name in names)
