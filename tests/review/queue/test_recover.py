"""A server that is killed, and the next one: nothing is lost, nothing goes on writing, nothing is left lying about."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from charter.review.queue.packs import open_pack
from charter.review.queue.recover import MOST_TRIES, recover
from charter.review.store.tables import Chart, Job, Song
from tests.waiting import wait_for

HERE = Path(__file__).parent

PROGRAM = """
import sys, time
from pathlib import Path
sys.path.insert(0, {here!r})

if __name__ == "__main__":
    from functools import partial
    import stand_ins
    from charter.review.queue.crew import Crew, local_slots
    from charter.review.queue.runner import Runner
    from charter.review.store.database import Database

    class Nobody:
        def publish(self, run, event):
            pass

    folder = Path({folder!r})
    slots = local_slots(partial(stand_ins.serving, folder), 1)
    runner = Runner(Database(f"sqlite:///{{folder}}/review.sqlite3"), folder / "data", Nobody(), None, Crew(slots))
    runner.start()
    time.sleep(600)
"""


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.slow
def test_a_killed_server_takes_its_workers_along_and_the_next_goes_on(made: Any, tmp_path: Path) -> None:
    queue = made()
    jobs = [queue.intake("waits")[0], queue.export("waits"), queue.intake("waits")[0]]
    script = tmp_path / "server.py"
    script.write_text(PROGRAM.format(here=str(HERE), folder=str(tmp_path)))
    server = subprocess.Popen([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": os.getcwd()})
    try:
        wait_for(lambda: len(queue.runs()) == 2)
        workers = {pid for _, _, pid in queue.runs()}
        assert len(workers) == 2 and all(map(is_alive, workers))
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
    wait_for(lambda: not any(map(is_alive, workers)), seconds=1.0)
    assert [queue.job(number)["state"] for number in jobs] == ["running", "running", "waiting"]
    queue.release()
    queue.runner.start()
    assert [queue.until(number)["state"] for number in jobs] == ["done"] * 3
    assert [queue.job(number)["tries"] for number in jobs] == [2, 2, 1]
    with queue.database.read() as session:
        assert [song.state for song in session.scalars(select(Song))] == ["ready", "ready"]
        assert len(session.scalars(select(Chart)).all()) == 2


def test_what_a_killed_server_left_is_removed(made: Any) -> None:
    queue = made()
    job, _ = queue.intake("fine")
    (upload,) = (queue.data / "uploads").iterdir()
    (queue.data / "uploads" / "half").write_bytes(b"ha")
    (queue.data / "songs" / ".charter-x").mkdir()
    (queue.data / "songs" / ".charter-x" / "half.ogg").touch()
    (queue.data / "songs" / "whole").mkdir()
    (queue.data / "exports" / f".{'0' * 32}.tmp").touch()
    (queue.data / "exports" / f"{'0' * 32}.draft" / "A pack").mkdir(parents=True)
    recover(queue.database, queue.data)
    assert [path.name for path in (queue.data / "songs").iterdir()] == ["whole"]
    assert list((queue.data / "uploads").iterdir()) == [upload]
    assert list((queue.data / "exports").iterdir()) == []
    assert queue.job(job)["state"] == "waiting"


def test_a_job_that_ends_server_after_server_is_given_up(made: Any) -> None:
    queue = made()
    job, song = queue.intake("fine")
    with queue.database.write() as session:
        row = session.get(Job, job)
        row.state, row.tries = "running", MOST_TRIES
    recover(queue.database, queue.data)
    assert queue.job(job)["error"] == f"the server ended {MOST_TRIES} times while it was at it"
    assert queue.song_state(song)[0] == "failed"


def test_charts_that_changed_since_their_check_are_checked_at_the_start(made: Any) -> None:
    queue = made()
    (_, stale), (_, fresh) = queue.chart(), queue.chart()
    with queue.database.write() as session:
        session.get(Chart, stale).version = 3
    queue.runner.start()
    wait_for(lambda: queue.live.of("checked"))
    time.sleep(0.3)
    assert {event["chart"] for event in queue.live.of("checked")} == {stale} != {fresh}


def test_a_pack_is_a_run_and_grows(made: Any, tmp_path: Path) -> None:
    queue = made()
    pack = tmp_path / "A pack"
    for name in ("One", "Group/Two", "Group/Two/below", ".hidden", "empty"):
        (pack / name).mkdir(parents=True, exist_ok=True)
    for name in ("One/a.sm", "One/a.ssc", "Group/Two/b.ssc", "Group/Two/below/c.sm", ".hidden/d.sm"):
        (pack / name).touch()
    run = open_pack(queue.database, pack)
    queue.runner.wake()
    (pack / "Three").mkdir()
    (pack / "Three" / "e.SM").touch()
    assert open_pack(queue.database, pack) == run
    with queue.database.read() as session:
        songs = session.scalars(select(Song).where(Song.run_id == run).order_by(Song.id)).all()
        assert [song.source for song in songs] == ["Group/Two", "One", "Three"]
        taken = session.scalars(select(Job.request).where(Job.kind == "take in").order_by(Job.id)).all()
    assert taken == [{"folder": str(pack / name)} for name in ("Group/Two", "One", "Three")]
