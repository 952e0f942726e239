"""A batch from plan to report, with a crew that only writes folders."""

import json
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from charter.batch.job import Job, Settings
from charter.batch.plan import make_plan
from charter.batch.report import LINES_NAME, PAGE_NAME, Report
from charter.batch.row import Row, Status
from charter.batch.run import Batch, held
from charter.batch.source import Source
from charter.errors import OutputError
from charter.request import Request, WeightsFiles
from charter.song_draft import DRAFTS, drafted, publish


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in ("in", "pack"):
        (tmp_path / name).mkdir()
    for at, name in enumerate("abcd", 1):
        soundfile.write(tmp_path / "in" / f"{name}.wav", np.full(800, at / 10, np.float32), 8000)
    return Settings(tmp_path / "in", tmp_path / "pack", Request(), WeightsFiles())


class Crew:
    """Charts by writing a folder; ``fails`` by name; remembers what it was given."""

    def __init__(self, *fails: str) -> None:
        self.fails = fails
        self.given: list[str] = []

    def __call__(self, jobs: Sequence[Job], settings: Settings) -> Iterator[Row]:
        for job in jobs:
            self.given.append(job.name)
            if job.name in self.fails:
                yield job.failure(f"{job.source.music}: is broken", settings.folder)
                continue
            try:
                self.write(job, settings.pack)
            except OutputError as error:  # as `charter.batch.child` tells of it
                yield job.failure(str(error), settings.folder)
                continue
            yield Row(f"{job.name}.wav", Status.CHARTED, job.name, key=job.key, audio_hash=job.audio_hash, seconds=1.0)

    def write(self, job: Job, pack: Path) -> None:
        with drafted(pack) as draft:
            (draft / f"{job.name}.ssc").write_text(job.key)
            publish(draft, pack / job.name, {"audio_hash": job.audio_hash, "key": job.key})


def batch(settings: Settings, faults: dict[Path, str] | None = None) -> Batch:
    sources = [Source(path) for path in sorted(settings.folder.glob("*.wav"))]
    return Batch(settings, faults or {}, make_plan(sources, settings))


def reported(settings: Settings) -> dict[str, tuple[str, str]]:
    lines = (settings.pack / LINES_NAME).read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["source"] for row in rows] == sorted(row["source"] for row in rows)
    return {row["source"]: (row["status"], row["folder"]) for row in rows}


def test_every_song_has_a_row_and_the_pack_its_files(settings):
    work = batch(settings, {settings.folder / "x" / "bad.sm": "x/bad.sm: damaged"})
    rows = list(work.rows(Crew("b")))
    assert [row.source for row in rows] == ["x/bad.sm", "a.wav", "b.wav", "c.wav", "d.wav"]
    assert reported(settings) == {
        "a.wav": ("charted", "a"),
        "b.wav": ("failed", ""),
        "c.wav": ("charted", "c"),
        "d.wav": ("charted", "d"),
        "x/bad.sm": ("failed", ""),
    }
    assert work.counts == {Status.CHARTED: 3, Status.FAILED: 2}
    assert {path.name for path in settings.pack.iterdir()} == {
        "a",
        "c",
        "d",
        "banner.png",
        "Pack.ini",
        LINES_NAME,
        PAGE_NAME,
    }


def test_the_smallest_file_goes_first_and_the_rest_in_order(settings):
    soundfile.write(settings.folder / "c.wav", np.full(400, 0.3, np.float32), 8000)
    crew = Crew()
    list(batch(settings).rows(crew))
    assert crew.given == ["c", "a", "b", "d"]


def test_a_second_run_does_what_failed_and_reports_all(settings):
    list(batch(settings).rows(Crew("b")))
    crew = Crew()
    work = batch(settings)
    assert [row.source for row in work.rows(crew)] == ["b.wav"]
    assert crew.given == ["b"]
    assert {status for status, _ in reported(settings).values()} == {"kept", "charted"}
    assert work.counts == {Status.KEPT: 3, Status.CHARTED: 1}
    kept = [row for row in Report(settings.pack).rows() if row.status is Status.KEPT]
    assert [row.seconds for row in kept] == [None] * 3


def test_a_run_that_stops_early_has_reported_what_is_done(settings):
    work = batch(settings)
    rows = work.rows(Crew())
    first = next(rows)
    rows.close()
    assert reported(settings) == {first.source: ("charted", "a")}
    assert (settings.pack / PAGE_NAME).exists()
    assert work.seconds > 0


def test_a_disk_that_fills_up_costs_no_finished_song_and_the_next_run_goes_on(settings):
    rows = batch(settings).rows(Crew())
    done = [next(rows).source, next(rows).source]
    with no_room(), pytest.raises(OutputError, match=r"report\.\w+: cannot be written"):
        list(rows)
    assert sorted(path.name for path in settings.pack.iterdir()) == ["a", "b", LINES_NAME]
    assert [row.source for row in Report(settings.pack).rows()] == done == ["a.wav", "b.wav"]
    crew = Crew()
    list(batch(settings).rows(crew))
    assert crew.given == ["c", "d"]
    assert set(reported(settings)) == {"a.wav", "b.wav", "c.wav", "d.wav"}


@contextmanager
def no_room() -> Iterator[None]:
    """As if the disk were full: no file grows over a few bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_finished_songs_of_which_no_row_is_left_go_to_the_crew(settings):
    list(batch(settings).rows(Crew()))
    lines = (settings.pack / LINES_NAME).read_text().splitlines()
    (settings.pack / LINES_NAME).write_text("\n".join([*lines[:2], lines[2][:40]]))  # as a kill may leave it
    crew = Crew()
    list(batch(settings).rows(crew))
    assert crew.given == ["c", "d"]
    assert set(reported(settings)) == {"a.wav", "b.wav", "c.wav", "d.wav"}


def test_nothing_charted_makes_no_pack(settings):
    list(batch(settings).rows(Crew("a", "b", "c", "d")))
    assert {path.name for path in settings.pack.iterdir()} == {LINES_NAME, PAGE_NAME}


def test_two_runs_do_not_write_to_one_pack(settings):
    with held(settings.pack), pytest.raises(OutputError, match="another batch is writing"), held(settings.pack):
        pass
    with held(settings.pack):
        pass
    assert list(settings.pack.iterdir()) == []


def test_what_a_kill_left_goes_and_nothing_else(settings):
    draft = settings.pack / f"{DRAFTS}x1"
    stray = settings.pack / "a" / f".{'0' * 32}.tmp"
    mine = settings.pack / "a" / ".mine.tmp"
    others = settings.pack / "b" / f".{'1' * 32}.tmp"
    for path in (draft / "a.ogg", stray, mine, others):
        path.parent.mkdir(exist_ok=True)
        path.write_text("half")
    (settings.pack / "a" / "charter.json").write_text('{"audio_hash": "1"}')
    with held(settings.pack):
        assert not draft.exists() and not stray.exists() and mine.exists() and others.exists()
