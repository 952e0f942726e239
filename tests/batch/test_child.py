"""A process that charts songs: what one of them does to it is that song's alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from charter.batch.child import Child
from charter.batch.row import Status
from charter.errors import RequestError, WeightsError
from charter.processes import worker
from charter.processes.watch import OVER_MEMORY
from tests.waiting import wait_for

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # a spawned process looks where its parent does

from batch_factories import (  # noqa: E402
    MIB,
    chart_by_name,
    dies_while_loading,
    job,
    no_weights,
    runs,
    settings,
    slow_to_load,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def child(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Child]:
    """One that may take 400 MiB, and as long as it likes unless seconds are given."""
    limits = {"most_seconds": request.param} if hasattr(request, "param") else {}
    child = Child(settings(tmp_path, most_memory=400 * MIB, **limits), chart_by_name)
    yield child
    child.close()


def test_songs_share_one_process(child: Child) -> None:
    rows = [child.chart(job(child.settings, name)) for name in ("a", "b", "c")]
    assert [(row.folder, row.status) for row in rows] == [(name, Status.CHARTED) for name in "abc"]
    pids = {pid for _, pid, _ in runs(child.settings)}
    assert len(pids) == 1 and os.getpid() not in pids


@pytest.mark.parametrize(
    ("child", "name", "reason", "tries"),
    [
        (60.0, "kills", "its process was ended 2 times, by SIGKILL; does the file crash a decoder?", 2),
        (60.0, "grows", "took more than 0.391 GB of memory", 1),
        (2.0, "hangs", "took longer than 2 s", 1),
        (
            60.0,
            "wrong",
            "charter failed, which is a fault of its own: ValueError: no such thing (batch_factories.py, line ",
            1,
        ),
    ],
    indirect=["child"],
)
def test_a_bad_song_fails_alone(child: Child, name: str, reason: str, tries: int) -> None:
    row = child.chart(job(child.settings, name))
    assert (row.source, row.status) == (f"{name}.ogg", Status.FAILED)
    assert row.error.startswith(f"{child.settings.folder / name}.ogg: {reason}")
    assert (row.audio_hash, row.key) == (f"audio of {name}", f"key of {name}")
    assert len(runs(child.settings)) == tries
    assert child.chart(job(child.settings, "a")).status is Status.CHARTED
    assert [path.name for path in child.settings.pack.iterdir()] == ["a"]


def test_a_process_that_dies_once_costs_nothing(child: Child) -> None:
    assert child.chart(job(child.settings, "once")).status is Status.CHARTED
    assert [name for name, _, _ in runs(child.settings)] == ["once", "once"]


def test_what_hinders_every_song_is_no_songs_failure(tmp_path: Path) -> None:
    given = settings(tmp_path)
    with pytest.raises(WeightsError, match="no weights there"):
        Child(given, no_weights).chart(job(given, "a"))
    with pytest.raises(RequestError, match="exit code 9"):
        Child(given, dies_while_loading).chart(job(given, "a"))


@pytest.mark.parametrize("child", [1.0], indirect=True)
def test_what_loading_takes_is_no_songs_time(child: Child) -> None:
    child = Child(child.settings, slow_to_load)
    assert child.chart(job(child.settings, "a")).status is Status.CHARTED
    child.close()


def test_a_process_that_does_not_come_to_be_ready_hinders_every_song(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(worker, "START_SECONDS", 0.1)
    given = settings(tmp_path)
    with pytest.raises(RequestError, match=r"did not load its weights in 0\.1 s"):
        Child(given, slow_to_load).chart(job(given, "a"))


def test_the_process_goes_with_its_owner(tmp_path: Path) -> None:
    program = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
from pathlib import Path
from batch_factories import chart_by_name, job, settings
from charter.batch.child import Child
if __name__ == "__main__":
    given = settings(Path({str(tmp_path)!r}))
    Child(given, chart_by_name).chart(job(given, "hangs"))
"""
    script = tmp_path / "owner.py"
    script.write_text(program)
    owner = subprocess.Popen([sys.executable, str(script)])
    given = settings(tmp_path)
    wait_for(lambda: runs(given))
    ((_, pid, parent),) = runs(given)
    assert parent == owner.pid and psutil.pid_exists(pid)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_the_watch_names_its_reason(tmp_path: Path) -> None:
    program = "from charter.processes.watch import watch; import time; watch(1); time.sleep(60)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == OVER_MEMORY
