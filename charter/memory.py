"""What keeps a process that works on song after song as small as one that works on its first."""

import ctypes
import os
import sys
from functools import cache
from typing import Any

_KERNELS = 16  # each song brings shapes of its own; a song by itself comes back to few


def bound_kernels() -> None:
    """Have torch's CPU library keep few compiled kernels, unless the environment says how many.

    oneDNN keeps one, with its weights in another order, for each of up to 1,024 shapes that came up: some 8 MB for
    each song of another length. To be called before a network first runs in a process (oneDNN's developer guide,
    "Primitive Cache").
    """
    for name in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"):  # the second is PyTorch's own, over it
        os.environ.setdefault(name, str(_KERNELS))


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
