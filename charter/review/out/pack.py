"""What was accepted of a run, as a pack for a `Songs` folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def export_pack(request: dict[str, Any], data: Path, tell: Callable[[float, str], None]) -> dict[str, Any]:
    """Write ``<data>/exports/<file>.zip``; what is in it, as the job's result.

    request: ``{"file": hex, "name": of the pack, "source": folder or "", "sync": "null" or "itg", "url": of the zip}``;
    its songs lie in ``<data>/exports/<file>.songs.jsonl``, one a line, as `charter.review.store.exported` gives them
    tell: is called with the share that is done, 0 to 1, and what is being done
    Result: ``{"file", "name": "….zip", "url", "songs": n, "charts": n, "left_out": [one line each], "told": […]}``.
    Raises CharterError.
    """
    raise NotImplementedError
