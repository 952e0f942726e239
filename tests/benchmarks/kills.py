"""Whether a batch that is killed again and again ends with the same pack as one that was left alone.

    python -m tests.benchmarks.kills FOLDER WORK [--kills 20] [--workers 2] [--seed 0]

FOLDER holds songs; WORK takes two packs, in ``undisturbed`` and ``killed``. The second is made by a batch that gets
SIGKILL at random moments, between which it has time for a few songs, and then runs to its end. Compares every file of
both but the reports, which tell of times, and says where they differ. Exits with 1 if they do.
"""

import hashlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

_START_SECONDS = 4.0  # of a run, before its first song is in work


def _batch(folder: Path, pack: Path, workers: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "charter", "batch", folder, "--out", pack, "--workers", str(workers)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def _contents(pack: Path) -> dict[str, str]:
    files = sorted(path for path in pack.rglob("*") if path.is_file())
    return {
        str(path.relative_to(pack)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not path.name.startswith("report.")
    }


def main(
    folder: Path,
    work: Path,
    kills: Annotated[int, typer.Option()] = 20,
    workers: Annotated[int, typer.Option()] = 2,
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Make both packs and compare them."""
    moments = random.Random(seed)
    work.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    _batch(folder, work / "undisturbed" / "Pack", workers).wait()
    undisturbed = time.monotonic() - started
    songs = len(list((work / "undisturbed" / "Pack").glob("*/charter.json")))
    print(f"undisturbed: {songs} songs in {undisturbed:.0f} s")
    done = []
    for kill in range(kills):
        run = _batch(folder, work / "killed" / "Pack", workers)
        moment = moments.uniform(0, _START_SECONDS + 2 * undisturbed / kills)
        try:
            run.wait(moment)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.wait()
        done.append(len(list((work / "killed" / "Pack").glob("*/charter.json"))))
        print(f"kill {kill + 1} after {moment:.1f} s: {done[-1]} songs are there")
    run = _batch(folder, work / "killed" / "Pack", workers)
    run.wait()
    wanted, got = _contents(work / "undisturbed" / "Pack"), _contents(work / "killed" / "Pack")
    differ = sorted(name for name in wanted.keys() | got.keys() if wanted.get(name) != got.get(name))
    print(f"{len(wanted)} files; different: {', '.join(differ) or 'none'}")
    raise typer.Exit(1 if differ else 0)


if __name__ == "__main__":
    typer.run(main)
