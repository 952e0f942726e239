"""Free memory goes back to the system."""

import os
import subprocess
import sys

import pytest

from charter.memory import bound_kernels

# Small arrays with one kept in a hundred: the heap cannot shrink from its end.
SCRIPT = """
import numpy as np
from charter.memory import release_memory
def resident():
    return int(next(line for line in open("/proc/self/status") if line.startswith("RssAnon")).split()[1]) / 1024
arrays = [np.ones(1 << 12) for _ in range(6000)]
kept = arrays[::100]
del arrays
before = resident()
release_memory()
print(before - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator alone is told")
def test_free_memory_goes_back():
    """Of 190 MB that nobody has any more, most."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 100


def test_how_many_kernels_are_kept_is_bounded_unless_it_is_said(monkeypatch):
    monkeypatch.setenv("LRU_CACHE_CAPACITY", "99")
    monkeypatch.setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "")
    monkeypatch.delenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY")
    bound_kernels()
    assert os.environ["LRU_CACHE_CAPACITY"] == "99"
    assert int(os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"]) < 100
