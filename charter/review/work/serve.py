"""What a worker process of a review does; without torch until a request needs it."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from charter.processes.worker import Tell

# One thread a process: with as many processes as cores, more of them would only wait for each other.
_SINGLE_THREADED = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def serving(data: Path) -> Callable[[dict[str, Any], Tell], dict[str, Any]]:
    """What answers requests for a review whose folder is ``data``; for `charter.processes.worker.Worker`."""
    for name in _SINGLE_THREADED:
        os.environ[name] = "1"
    return partial(serve, data)


def serve(data: Path, request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Answer a request: ``{"kind": …}`` and what that kind's module describes. Raises CharterError."""
    return _function(request["kind"])(request, data, tell)


def _function(kind: str) -> Callable[[dict[str, Any], Path, Tell], dict[str, Any]]:
    # Imported when asked for: a process that only checks charts needs no networks.
    if kind == "intake":
        from charter.review.work.intake import intake as function  # noqa: PLC0415
    elif kind == "take in":
        from charter.review.work.take_in import take_in as function  # noqa: PLC0415
    elif kind == "hear":
        from charter.review.work.hearing import hear_again as function  # noqa: PLC0415
    elif kind == "check":
        from charter.review.work.checking import check as function  # noqa: PLC0415
    elif kind == "redo":
        from charter.review.work.redo import redo as function  # noqa: PLC0415
    elif kind == "chiptune":
        from charter.review.work.chiptune import chiptune as function  # noqa: PLC0415
    elif kind == "export":
        from charter.review.out.pack import export_pack as function  # noqa: PLC0415
    else:
        raise ValueError(f"no work is called {kind!r}")
    return function
