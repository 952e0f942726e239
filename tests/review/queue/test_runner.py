"""The queue: whose turn it is, what a bad job costs, what can be stopped and tried again."""

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from charter.review.errors import Conflict, NotFound
from charter.review.queue import attempt, kinds, runner
from charter.review.queue.room import QueueSettings, TooManyJobs
from charter.review.store import jobs
from charter.review.store.database import StoreError
from charter.review.store.tables import Chart
from charter.song_draft import DRAFTS
from tests.waiting import wait_for

pytestmark = pytest.mark.slow


def hurried(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """No job may take longer."""
    quick = {name: replace(kind, most_seconds=seconds) for name, kind in kinds.KINDS.items()}
    monkeypatch.setattr(attempt, "KINDS", quick)


def test_a_job_is_done_and_told_of(queue: Any) -> None:
    done = queue.until(queue.export(author=queue.ann))
    assert (done["state"], done["progress"], done["error"]) == ("done", 1.0, "")
    assert done["result"] == {"songs": 1} and done["author"]["id"] == queue.ann
    wait_for(lambda: queue.live.of("job")[-1:] and queue.live.of("job")[-1]["job"]["state"] == "done")
    told = [(event["job"]["state"], event["job"]["stage"]) for event in queue.live.of("job")]
    assert told == [("running", ""), ("running", "half"), ("done", "")]
    assert {run for run, _ in queue.live.events} == {queue.run}


def test_an_upload_becomes_a_song_with_charts(queue: Any) -> None:
    job, song = queue.intake("fine")
    assert queue.until(job)["result"] == {"charts": 1, "told": []}
    assert queue.song_state(song) == ("ready", "")
    with queue.database.read() as session:
        (chart,) = session.query(Chart).filter(Chart.song_id == song)
        assert (chart.slot, chart.rows, chart.draft["notes"]) == ("hard", 2, [[0, 0, "1", None], [48, 1, "2", 96]])
    wait_for(lambda: not list((queue.data / "uploads").iterdir()))
    states = [event["song"]["state"] for event in queue.live.of("song")]
    assert states[0] == "working" and states[-1] == "ready"


@pytest.mark.parametrize(
    ("do", "reason"),
    [
        ("kills", "its process was ended 2 times, by SIGKILL"),
        ("grows", "took more than 0.391 GB of memory"),
        ("hangs", "took longer than 3 s"),
        ("wrong", "charter failed, which is a fault of its own: ValueError: no such thing (stand_ins.py, line "),
    ],
)
def test_a_bad_job_costs_itself_alone(queue: Any, monkeypatch: pytest.MonkeyPatch, do: str, reason: str) -> None:
    if do == "hangs":
        hurried(monkeypatch, 3.0)
    (bad, song), (good, _) = queue.intake(do), queue.intake("fine")
    failed = queue.until(bad)
    assert failed["state"] == "failed" and failed["error"].startswith(reason)
    assert queue.song_state(song) == ("failed", failed["error"])
    assert queue.until(good)["state"] == "done"
    assert [path.name for path in (queue.data / "uploads").iterdir()]  # to try again


def test_an_artist_does_not_wait_for_drafts(queue: Any) -> None:
    drafts = [queue.intake("waits")[0] for _ in range(4)]
    queue.until(drafts[0], "running")
    assert queue.until(queue.redo())["state"] == "done"
    assert [queue.job(number)["state"] for number in drafts] == ["running", "waiting", "waiting", "waiting"]
    queue.release()
    assert {queue.until(number)["state"] for number in drafts} == {"done"}


def test_a_passage_does_not_wait_for_an_export(queue: Any) -> None:
    exports = [queue.export("waits") for _ in range(2)]
    queue.until(exports[0], "running")
    assert queue.until(queue.redo())["state"] == "done"
    assert [queue.job(number)["state"] for number in exports] == ["running", "waiting"]


def test_of_two_passages_the_second_goes_to_the_other_worker(queue: Any) -> None:
    both = [queue.redo("waits") for _ in range(2)]
    for number in both:
        queue.until(number, "running")
    queue.release()
    assert {queue.until(number)["state"] for number in both} == {"done"}
    assert len({pid for _, _, pid in queue.runs()}) == 2


def test_people_take_turns(made: Any) -> None:
    queue = made()
    mine = [queue.intake(f"fine-a{number}", queue.ann)[0] for number in range(3)]
    others = [queue.intake(f"fine-b{number}", queue.bob)[0] for number in range(2)]
    queue.runner.start()
    for number in mine + others:
        queue.until(number)
    assert [do for _, do, _ in queue.runs()] == ["fine-a0", "fine-b0", "fine-a1", "fine-b1", "fine-a2"]


def test_what_waits_can_be_cancelled_and_tried_again(made: Any) -> None:
    queue = made()
    job, song = queue.intake("fine")
    assert queue.runner.cancel(job)["state"] == "cancelled"
    assert queue.song_state(song) == ("cancelled", "")
    assert queue.runner.cancel(job)["state"] == "cancelled"
    queue.runner.start()
    time.sleep(0.3)
    assert queue.runs() == []
    assert queue.runner.retry(job)["state"] == "waiting"
    assert queue.until(job)["state"] == "done"
    with pytest.raises(Conflict, match="the job is done"):
        queue.runner.retry(job)
    with pytest.raises(NotFound):
        queue.runner.cancel(job + 1000)


def test_what_runs_is_stopped_with_its_process(queue: Any) -> None:
    job, song = queue.intake("hangs")
    wait_for(queue.runs)
    ((_, _, pid),) = queue.runs()
    queue.runner.cancel(job)
    assert queue.until(job)["state"] == "cancelled"
    assert queue.song_state(song) == ("cancelled", "")
    wait_for(lambda: not psutil.pid_exists(pid))
    assert queue.until(queue.intake("fine")[0])["state"] == "done"


def test_what_a_stopped_job_was_writing_goes_with_it(queue: Any) -> None:
    songs = queue.data / "songs"
    others = songs / f"{DRAFTS}another-1"
    others.mkdir()
    job, _ = queue.intake("drafts")
    wait_for(lambda: list(songs.glob("*/half.ogg")))
    queue.runner.cancel(job)
    assert queue.until(job)["state"] == "cancelled"
    assert list(songs.iterdir()) == [others]


def test_an_upload_that_has_gone_cannot_be_tried_again(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    job, _ = queue.intake("wrong")
    queue.until(job)
    for path in (queue.data / "uploads").iterdir():
        path.unlink()
    with pytest.raises(Conflict, match="drop it on the page again"):
        queue.runner.retry(job)


def test_a_crowd_of_passages_is_refused(made: Any) -> None:
    queue = made(settings=QueueSettings(most_of_person=30, most_in_all=40))
    song, chart = queue.chart()
    about: dict[str, int] = {"song_id": song, "chart_id": chart}
    refused: list[str] = []
    for _ in range(1000):
        try:
            queue.submit("redo", {}, queue.ann, **about)
        except TooManyJobs as error:
            refused.append(str(error))
    assert set(refused) == {"30 jobs of yours wait already; wait for one, or cancel some"} and len(refused) == 970
    for _ in range(10):
        queue.submit("redo", {}, queue.bob, **about)
    with pytest.raises(TooManyJobs, match="40 jobs of all people"):
        queue.submit("redo", {}, queue.bob, **about)
    queue.intake("fine", queue.ann)  # songs wait elsewhere


def test_songs_may_wait_up_to_a_number(made: Any) -> None:
    queue = made(settings=QueueSettings(most_songs=2))
    for _ in range(2):
        queue.intake("fine")
    with pytest.raises(TooManyJobs, match="2 songs wait already"):
        queue.intake("fine")


def test_a_server_that_ends_leaves_its_jobs_waiting(queue: Any) -> None:
    job, song = queue.intake("hangs")
    queue.until(job, "running")
    wait_for(queue.runs)
    ((_, _, pid),) = queue.runs()
    queue.runner.close()
    left = queue.job(job)
    assert (left["state"], left["tries"], queue.song_state(song)) == ("waiting", 0, ("waiting", ""))
    assert not psutil.pid_exists(pid)


def test_a_result_waits_for_the_database(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_TROUBLE_SECONDS", 0.1)
    fails, end = iter([True, True]), jobs.end

    def failing(*values: Any, **named: Any) -> None:
        if next(fails, False):
            raise StoreError("the disk is full")
        end(*values, **named)

    monkeypatch.setattr(jobs, "end", failing)
    job, song = queue.intake("fine")
    assert queue.until(job)["state"] == "done"
    assert queue.song_state(song) == ("ready", "")
    assert len(queue.runs()) == 1


def charts_of(queue: Any, song: int) -> int:
    with queue.database.read() as session:
        return int(session.query(Chart).filter(Chart.song_id == song).count())


def test_a_song_whose_keeping_was_not_confirmed_is_kept_once(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_TROUBLE_SECONDS", 0.1)
    kept, lost = attempt.keep_outcome, []

    def losing(*values: Any) -> Any:
        told = kept(*values)
        if not lost:
            lost.append(told)
            raise StoreError("the connection was lost")
        return told

    monkeypatch.setattr(attempt, "keep_outcome", losing)
    job, song = queue.intake("fine")
    wait_for(lambda: lost and [event["job"]["state"] for event in queue.live.of("job")][-1:] == ["done"])
    assert (queue.job(job)["state"], queue.song_state(song)[0], charts_of(queue, song)) == ("done", "ready", 1)


def test_an_upload_that_cannot_be_removed_costs_nothing(queue: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    unlink = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        if path.parent.name == "uploads":
            raise PermissionError(13, "denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    job, song = queue.intake("fine")
    wait_for(lambda: [event["job"]["state"] for event in queue.live.of("job")][-1:] == ["done"])
    assert (queue.job(job)["state"], queue.song_state(song), charts_of(queue, song)) == ("done", ("ready", ""), 1)


def test_what_is_tried_again_at_once_can_be_stopped_again(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = made(workers=2)
    queue.runner.start()
    kept, resumed = attempt.keep_outcome, threading.Event()

    def slow(*values: Any) -> Any:
        told = kept(*values)
        if values[-1].state == "cancelled" and not resumed.is_set():
            resumed.wait(20)
        return told

    monkeypatch.setattr(attempt, "keep_outcome", slow)
    job, _ = queue.intake("hangs")
    wait_for(lambda: len(queue.runs()) == 1)
    queue.runner.cancel(job)
    queue.until(job, "cancelled")
    queue.runner.retry(job)
    wait_for(lambda: len(queue.runs()) == 2)
    resumed.set()
    wait_for(lambda: [event["job"]["state"] for event in queue.live.of("job")].count("cancelled") == 1)
    queue.runner.cancel(job)
    assert queue.until(job, "cancelled", "failed")["state"] == "cancelled"


def test_a_chart_is_checked_once_for_many_edits(queue: Any) -> None:
    _, chart = queue.chart()
    for version in range(1, 31):
        with queue.database.write() as session:
            session.get(Chart, chart).version = version
        queue.runner.check(chart)

    def checked() -> int:
        with queue.database.read() as session:
            return int(session.get(Chart, chart).checked_version)

    wait_for(lambda: checked() == 30)
    assert 1 <= len(queue.runs()) <= 6
    told = queue.live.of("checked")[-1]
    assert (told["chart"], told["version"], told["footing"]) == (chart, 30, [[0, "L..R", []]])


def test_a_chart_that_cannot_be_checked_says_so(queue: Any) -> None:
    _, chart = queue.chart()
    with queue.database.write() as session:
        row = session.get(Chart, chart)
        row.version, row.description = 1, "wrong"
    queue.runner.check(chart)
    wait_for(lambda: queue.live.of("checked"))
    (finding,) = queue.live.of("checked")[0]["findings"]
    assert finding["message"].startswith("the chart could not be checked: charter failed, which is a fault of its own")
