"""Waiting for what another thread or process does, on a machine however busy."""

import time
from collections.abc import Callable

LOOK_SECONDS = 0.02


def wait_for(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Return as soon as something holds; fails where it does not within so many seconds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(LOOK_SECONDS)
