"""Stand-ins for what charts a song, by what the song is called; importable by the processes that run them.

Every run leaves a mark below ``runs``, and what is published replaces what was there in one step.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import numpy as np

from charter.batch.job import Job, Settings
from charter.batch.row import Row, Status
from charter.batch.source import Source
from charter.errors import WeightsError
from charter.request import Request, WeightsFiles

MIB = 1 << 20


def settings(folder: Path, **limits: float) -> Settings:
    """Of a batch from folder/in to folder/pack, with folder/runs beside them."""
    for name in ("in", "pack", "runs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Settings(folder / "in", folder / "pack", Request(seed=3), WeightsFiles(), **limits)


def job(settings: Settings, name: str) -> Job:
    return Job(Source(settings.folder / f"{name}.ogg"), name, f"audio of {name}", f"key of {name}")


def chart_by_name(settings: Settings) -> Callable[[Job], Row]:
    return lambda job: _chart(job, settings)


def slow_to_load(settings: Settings) -> Callable[[Job], Row]:
    time.sleep(1.2)
    return chart_by_name(settings)


def no_weights(settings: Settings) -> Callable[[Job], Row]:
    raise WeightsError(f"{settings.folder}: no weights there")


def dies_while_loading(settings: Settings) -> Callable[[Job], Row]:
    os._exit(9)


def runs(settings: Settings) -> list[tuple[str, int, int]]:
    """Of every run of a song: its name, its process, and the process that had started that."""
    marks = [path.name.split(",") for path in (settings.pack.parent / "runs").iterdir()]
    return [(name, int(pid), int(parent)) for name, pid, parent, _ in marks]


def _chart(job: Job, settings: Settings) -> Row:
    (settings.pack.parent / "runs" / f"{job.name},{os.getpid()},{os.getppid()},{uuid4().hex}").touch()
    match job.name.split("-")[0]:
        case "kills":
            os.kill(os.getpid(), signal.SIGKILL)
        case "once":
            if sum(name == job.name for name, _, _ in runs(settings)) == 1:
                os.kill(os.getpid(), signal.SIGSEGV)
        case "grows":
            held = np.ones(1024 * MIB, dtype=np.uint8)
            time.sleep(600)
            del held
        case "hangs":
            time.sleep(600)
        case "wrong":
            raise ValueError("no such thing")
        case "slow":
            time.sleep(0.4)
        case "waits":
            while not (settings.pack.parent / "released").exists():
                time.sleep(0.02)
    draft = settings.pack / f".{uuid4().hex}"
    draft.write_text(job.key)
    draft.replace(settings.pack / job.name)
    return Row(job.source.music.name, Status.CHARTED, folder=job.name, key=job.key)
