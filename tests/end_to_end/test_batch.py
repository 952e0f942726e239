"""`charter batch` as users run it: shipped weights, worker processes, and kills."""

import json
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.model

START_SECONDS = 3.0


def batch(folder: Path, pack: Path, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "charter", "batch", folder, "--out", pack, "--workers", "2", *options]
    # Tests that run in the background may be deaf to Ctrl-C, and what they start with them.
    hearing = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, preexec_fn=hearing)  # noqa: PLW1509


def contents(pack: Path) -> dict[str, bytes]:
    """All of a pack but its reports, which tell of times."""
    files = [path for path in pack.rglob("*") if path.is_file() and not path.name.startswith("report.")]
    return {str(path.relative_to(pack)): path.read_bytes() for path in files}


@pytest.fixture
def songs(tmp_path, write_loop) -> Path:
    for bpm in (118, 126, 135, 144, 152):
        write_loop(tmp_path / "in" / f"{bpm}.wav", bpm=bpm, seconds=12)
    return tmp_path / "in"


def test_killed_at_any_moment_it_ends_with_the_same_pack(tmp_path, songs):
    undisturbed, killed = tmp_path / "undisturbed" / "Pack", tmp_path / "killed" / "Pack"
    started = time.monotonic()
    out, err = batch(songs, undisturbed).communicate()
    seconds = time.monotonic() - started
    assert "5 songs: 5 charted" in out, err
    moments = random.Random(6)
    for _ in range(6):
        run = batch(songs, killed)
        try:
            run.communicate(timeout=moments.uniform(0, max(START_SECONDS, seconds)))
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.communicate()
        for folder in killed.glob("[!.]*/"):  # nothing is half there at any time
            assert (folder / f"{folder.name}.ssc").is_file() and (folder / f"{folder.name}.ogg").is_file()
    out, err = batch(songs, killed).communicate()
    assert out.splitlines()[-1].startswith("5 songs: "), err
    wanted = contents(undisturbed)
    assert len(wanted) == 5 * 7 + 2
    assert contents(killed) == wanted
    rows = [json.loads(line) for line in (killed / "report.jsonl").read_text().splitlines()]
    assert [row["folder"] for row in rows] == ["118", "126", "135", "144", "152"]
    assert all(row["charts"] and row["timing_picture"] for row in rows)


def test_a_killed_batch_leaves_no_process_that_writes(tmp_path, songs):
    run = batch(songs, tmp_path / "pack")
    assert run.stdout is not None
    run.stdout.readline()  # both workers are at it
    children = psutil.Process(run.pid).children(recursive=True)
    assert len(children) >= 2
    run.send_signal(signal.SIGKILL)
    run.communicate()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive and len(gone) == len(children)


def test_ctrl_c_ends_workers_and_says_how_to_go_on(tmp_path, songs):
    run = batch(songs, tmp_path / "pack")
    assert run.stdout is not None
    run.stdout.readline()
    children = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "Traceback" not in err and "stopped; run it again to go on" in err
    assert not psutil.wait_procs(children, timeout=10)[1]
    assert not list((tmp_path / "pack").glob(".charter*"))


def test_too_little_memory_for_anything_is_told_once(tmp_path, songs):
    run = batch(songs, tmp_path / "pack", "--most-memory", "0.1")
    _, err = run.communicate()
    assert run.returncode == 1
    assert err.splitlines() == ["error: the networks alone take more than 0.1 GB of memory; allow more"]
