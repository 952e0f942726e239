"""How fast a batch is on this machine, how much a second worker brings, and how much memory workers take.

    python -m tests.benchmarks.batch FOLDER WORK [--songs 12] [--workers 1,2]

FOLDER holds songs, of which the first are charted into WORK, once for every number of workers. Prints songs a minute,
the real-time factor (seconds of music charted in one second), the ratio of the last to the first, how long it takes
from typing the command to the first song, and the most resident memory that one worker took: over the whole run, and
at the end of its first quarter, by which it can be seen whether it grows.
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Annotated

import psutil
import typer

_LOOKS_PER_SECOND = 5


class _Memory:
    """Watches the resident memory of a process's children; peaks: (seconds since the start, bytes), rising."""

    def __init__(self, pid: int) -> None:
        self.peaks: list[tuple[float, int]] = [(0.0, 0)]
        self._parent = psutil.Process(pid)
        self._done = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def peak(self, until: float = float("inf")) -> float:
        """GB, up to so many seconds since the start."""
        return max(size for second, size in self.peaks if second <= until) / 1e9

    def _look(self) -> None:
        started = time.monotonic()
        while not self._done.wait(1 / _LOOKS_PER_SECOND):
            try:
                sizes = [child.memory_info().rss for child in self._parent.children(recursive=True)]
            except psutil.Error:
                continue
            if sizes and max(sizes) > self.peaks[-1][1]:
                self.peaks.append((time.monotonic() - started, max(sizes)))


def _measure(folder: Path, pack: Path, workers: int) -> float:
    """Songs a minute of one run, whose figures are printed."""
    command = [sys.executable, "-m", "charter", "batch", folder, "--out", pack, "--workers", str(workers)]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        memory = _Memory(run.pid)
        assert run.stdout is not None
        run.stdout.readline()
        first = time.monotonic() - started
        run.stdout.read()
        seconds = time.monotonic() - started
        memory.stop()
    rows = [json.loads(line) for line in (pack / "report.jsonl").read_text().splitlines()]
    charted = [row for row in rows if row["status"] == "charted"]
    music = sum(row["duration"] for row in charted)
    rate = 60 * len(charted) / seconds
    print(
        f"{workers} worker{'s' if workers > 1 else ''}: {len(charted)} songs ({music / 60:.0f} minutes of music) in "
        f"{seconds:.0f} s: {rate:.2f} songs a minute, {music / seconds:.1f} times real time; first song after "
        f"{first:.1f} s; a worker took at most {memory.peak():.2f} GB ({memory.peak(seconds / 4):.2f} in the first "
        "quarter)"
    )
    return rate


def main(
    folder: Path,
    work: Path,
    songs: Annotated[int, typer.Option()] = 12,
    workers: Annotated[str, typer.Option()] = "1,2",
) -> None:
    """Run the batch once for each number of workers."""
    work.mkdir(parents=True, exist_ok=True)
    rates = []
    with TemporaryDirectory(dir=work) as chosen:
        for each in sorted(path for path in folder.iterdir() if path.name != work.name)[:songs]:
            (Path(chosen) / each.name).symlink_to(each.resolve())
        for count in map(int, workers.split(",")):
            pack = work / f"pack-{count}"
            shutil.rmtree(pack, ignore_errors=True)
            rates.append(_measure(Path(chosen), pack, count))
    print(f"the last beside the first: {rates[-1] / rates[0]:.2f} times as many songs a minute")


if __name__ == "__main__":
    typer.run(main)
