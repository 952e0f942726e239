"""What a worker process of a review does; without torch until a request needs it."""

import os
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from charter.processes.single_thread import SINGLE_THREAD
from charter.processes.worker import Tell

Function = Callable[[dict[str, Any], Path, Tell], dict[str, Any]]
_FUNCTIONS = {
    "intake": ("charter.review.work.intake", "intake"),
    "take in": ("charter.review.work.take_in", "take_in"),
    "hear": ("charter.review.work.hear_again", "hear_again"),
    "check": ("charter.review.work.checking", "check"),
    "redo": ("charter.review.work.redo", "redo"),
    "chiptune": ("charter.review.work.chiptune", "chiptune"),
    "import": ("charter.review.out.imports", "import_file"),
    "export": ("charter.review.out.pack", "export_pack"),
}


def serving(data: Path) -> Callable[[dict[str, Any], Tell], dict[str, Any]]:
    """What answers requests for a review whose folder is ``data``; for `charter.processes.worker.Worker`."""
    os.environ.update(SINGLE_THREAD)
    return partial(serve, data)


def serve(data: Path, request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Answer a request: ``{"kind": …}`` and what that kind's function describes. Raises CharterError."""
    module, name = _FUNCTIONS[request["kind"]]
    # Imported when asked for: a process that only checks charts needs no networks.
    function: Function = getattr(import_module(module), name)
    return function(request, data, tell)
