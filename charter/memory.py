"""What keeps a process that works on song after song as small as one that works on its first."""

import ctypes
import sys
from functools import cache
from typing import Any


def release_memory() -> None:
    """Give memory that is free back to the system, which glibc else keeps in pieces; nothing where there is no glibc.

    Of hundreds of megabytes that songs had, arrays that came and went leave holes that the next song only partly fits.
    """
    trim = _malloc_trim()
    if trim is not None:
        trim(0)


@cache
def _malloc_trim() -> Any:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
