"""Stand-ins for the work of a review's processes, by what a request says; importable by the processes that run them.

Every run leaves a mark below ``runs``.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from charter.song_draft import drafted

MIB = 1 << 20
TIMING = {"tempos": [[0, 120.0]], "offset": 0.0, "stops": [], "delays": [], "warps": [], "fakes": []}
FIELDS = {"title": "A song", "subtitle": "", "artist": "", "genre": "", "credit": "", "timing": TIMING, "preview": None}
CHART = {
    "place": 0,
    "slot": "hard",
    "meter": 9,
    "description": "",
    "own_timing": None,
    "notes": [[0, 0, "1", None], [48, 1, "2", 96]],
    "findings": [],
    "footing": [],
}
SONG = {"fields": FIELDS, "audio_hash": "ab", "weights": {}, "sound": {}, "findings": [], "charts": [CHART], "told": []}
ANSWERS: dict[str, dict[str, Any]] = {
    "intake": SONG,
    "take in": SONG,
    "redo": {"version": 0, "start": 0, "end": 48, "candidates": []},
    "export": {"songs": 1},
    "check": {"findings": [], "footing": [[0, "L..R", []]], "song_findings": []},
}


def serving(folder: Path) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    (folder / "runs").mkdir(parents=True, exist_ok=True)
    return lambda request, tell: _serve(folder, request, tell)


def runs(folder: Path) -> list[tuple[str, str, int]]:
    """Of every run, in order: the kind, what it was told to do, and its process."""
    marks = sorted(path.name.split(",") for path in (folder / "runs").iterdir())
    return [(kind, do, int(pid)) for _, kind, do, pid, _ in marks]


def _serve(folder: Path, request: dict[str, Any], tell: Any) -> dict[str, Any]:
    kind = request["kind"]
    said = (request.get("do"), request.get("name"), request.get("wanted", {}).get("do"))
    do = next(filter(None, (*said, request.get("chart", {}).get("description"))), "fine")
    (folder / "runs" / f"{time.time_ns()},{kind},{do},{os.getpid()},{uuid4().hex}").touch()
    tell(0.5, "half")
    match do.split("-", maxsplit=1)[0]:
        case "kills":
            os.kill(os.getpid(), signal.SIGKILL)
        case "grows":
            held = np.ones(1024 * MIB, dtype=np.uint8)
            time.sleep(600)
            del held
        case "hangs":
            time.sleep(600)
        case "drafts":
            with drafted(folder / "data" / "songs", request["key"]) as draft:
                (draft / "half.ogg").touch()
                time.sleep(600)
        case "wrong":
            raise ValueError("no such thing")
        case "waits":
            while not (folder / "released").exists():
                time.sleep(0.02)
    return ANSWERS[kind]
