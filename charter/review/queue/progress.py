"""How far a job is, told often enough for a person and seldom enough for a database."""

import time
from collections.abc import Callable

EVERY_SECONDS = 1.0


class Progress:
    """Passes on what a worker tells: each new stage, and else once a second at most."""

    def __init__(self, tell: Callable[[float, str], None]) -> None:
        self._tell = tell
        self._last = time.monotonic()
        self._stage = ""

    def tell(self, share: float, stage: str) -> None:
        """Pass on the share that is done and what it is at, or not."""
        if stage != self._stage or time.monotonic() >= self._last + EVERY_SECONDS:
            self._tell(min(max(share, 0.0), 1.0), stage)
            self._last, self._stage = time.monotonic(), stage
