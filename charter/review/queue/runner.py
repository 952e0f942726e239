"""The queue: jobs are added here, and threads of it hand them to worker processes, or to Ray.

What waits is in the database, so nothing is lost with this process; what runs is also known here, so that it can be
stopped. An artist's jobs have workers of their own and never wait for drafts; of several people, whoever has waited
longest for a turn comes next, however many jobs the others have.
"""

import logging
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from charter.errors import CharterError
from charter.review.data_folder import upload_path
from charter.review.document import song_states
from charter.review.errors import Conflict
from charter.review.out.imports import Import, OurChart
from charter.review.queue import events
from charter.review.queue.attempt import Attempt, kept, outcome_of
from charter.review.queue.chart_check import check_chart
from charter.review.queue.checks import Checks
from charter.review.queue.crew import Crew, Slot, crew_of
from charter.review.queue.files import FileReader
from charter.review.queue.outcome import mark_song
from charter.review.queue.recover import recover
from charter.review.queue.room import QueueSettings, check_room
from charter.review.queue.tidy import TIDY_SECONDS, tidy
from charter.review.queue.turns import Turns
from charter.review.store import jobs
from charter.review.store.database import Database, StoreError
from charter.review.store.jobs import About
from charter.review.store.rows import row_of
from charter.review.store.tables import Job

_LOOK_SECONDS = 5.0  # from one look to the next at what waits, where nobody says that something does
_TROUBLE_SECONDS = 2.0  # of rest where the database or the disk cannot be used

_log = logging.getLogger(__name__)


class Publish(Protocol):
    """What tells pages of changes; `charter.review.web.live.Live` is one."""

    def publish(self, run_id: int, event: dict[str, Any], /) -> object:
        """Tell everybody who looks at a run."""


class Runner:
    """Adds jobs, runs them, stops them. Its methods may be called by any thread.

    data: the folder that `charter.review.data_folder` describes; live: is told what changes
    """

    def __init__(
        self,
        database: Database,
        data: Path,
        live: Publish,
        settings: QueueSettings | None = None,
        work: Crew | None = None,
    ) -> None:
        self.database = database
        self.data = data
        self.live = live
        self.settings = settings or QueueSettings()
        self._crew = work or crew_of(data, self.settings.workers, self.settings.ray)
        self._files = FileReader(data)
        self._checks = Checks()
        self._turns = Turns()
        self._news = threading.Condition()
        self._claiming = threading.Lock()
        self._under_way: dict[int, Attempt] = {}
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []

    # What the web asks for

    def submit(  # noqa: PLR0913  # one for each that a job may be about
        self,
        session: Session,
        kind: str,
        request: dict[str, Any],
        *,
        run_id: int | None,
        song_id: int | None = None,
        chart_id: int | None = None,
        author_id: int | None = None,
    ) -> dict[str, Any]:
        """Add a waiting job in the caller's transaction, as pages have it; call `wake` behind it.

        kind: of `charter.review.queue.kinds`. Raises TooManyJobs.
        """
        check_room(session, self.settings, kind, author_id)
        job = jobs.add(session, kind, request, About(run_id, song_id, chart_id, author_id))
        return jobs.job_json(session, job)

    def check_room(self, session: Session, kind: str, author_id: int | None) -> None:
        """Raises TooManyJobs where `submit` would; reads alone, so that a crowd does not hold up those who write."""
        check_room(session, self.settings, kind, author_id)

    def wake(self) -> None:
        """Say that something waits; called behind the commit."""
        with self._news:
            self._news.notify_all()

    def check(self, chart_id: int) -> None:
        """Have a chart checked again; cheap, and many calls in a row are one check."""
        self._checks.mark(chart_id)
        self.wake()

    def read_file(self, data: bytes, name: str, fields: Mapping[str, Any], ours: Sequence[OurChart]) -> Import:
        """A simfile that came in, set beside a song's charts, at once: as `FileReader.read`."""
        return self._files.read(data, name, fields, ours)

    def cancel(self, job_id: int) -> dict[str, Any]:
        """Stop a job, or take it from those that wait; the job as it is. One that is over stays as it is.

        What runs is stopped within a second; pages hear of it then. Raises NotFound.
        """
        with self._claiming, self.database.write() as session:
            job = row_of(session, Job, job_id)
            under_way = self._under_way.get(job_id)
            if job.state == jobs.WAITING:
                jobs.end(job, jobs.CANCELLED)
                mark_song(session, job, song_states.CANCELLED)
            elif under_way is not None:
                under_way.is_cancelled = True
                under_way.stop.set()
            told, answer = events.of_job(session, job), jobs.job_json(session, job)
        self._publish(told)
        return answer

    def retry(self, job_id: int) -> dict[str, Any]:
        """Have a failed or cancelled job wait again. Raises NotFound, Conflict where there is nothing to try."""
        with self.database.write() as session:
            job = row_of(session, Job, job_id)
            if job.state not in (jobs.FAILED, jobs.CANCELLED):
                raise Conflict(f"the job is {job.state}; only one that failed or was cancelled can be tried again")
            upload = job.request.get("upload")
            if upload is not None and not upload_path(self.data, upload).is_file():
                raise Conflict("the file is no longer here; drop it on the page again")
            check_room(session, self.settings, job.kind, job.author_id)
            jobs.wait_again(job)
            mark_song(session, job, song_states.WAITING)
            told, answer = events.of_job(session, job), jobs.job_json(session, job)
        self._publish(told)
        self.wake()
        return answer

    # Its own life

    def start(self) -> None:
        """Take up what an earlier server left, and begin to work. Raises StoreError."""
        for chart_id in recover(self.database, self.data):
            self._checks.mark(chart_id)
        self._threads = [
            threading.Thread(target=self._work, args=(slot,), name=slot.name, daemon=True) for slot in self._crew.slots
        ]
        self._threads.append(threading.Thread(target=self._tidy, name="tidy", daemon=True))
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End all that runs; it waits again at the next start."""
        with self._claiming:  # what is claimed is under way, and nothing is claimed behind this
            self._closing.set()
            for under_way in self._under_way.values():
                under_way.stop.set()
        self._files.close()
        self.wake()
        for thread in self._threads:
            thread.join()
        self._crew.close()

    # What its threads do

    def _work(self, slot: Slot) -> None:
        """A slot's thread: job after job."""
        while not self._closing.is_set():
            try:
                if self._step(slot):
                    continue
            except CharterError:  # the database, or the disk: the jobs stay where they are
                _log.exception("the queue rests")
                self._rest(_TROUBLE_SECONDS)
                continue
            except Exception:
                _log.exception("the queue failed, which is a fault of its own")
                self._rest(_TROUBLE_SECONDS)
                continue
            slot.rest()
            due = self._checks.due_in() if slot.checks else None
            self._rest(_LOOK_SECONDS if due is None else min(due, _LOOK_SECONDS))

    def _tidy(self) -> None:
        """A thread of its own: remove what nobody will fetch any more, now and every day."""
        while True:
            try:
                tidy(self.database, self.data)
            except StoreError:
                _log.exception("old exports stay until tomorrow")
            if self._closing.wait(TIDY_SECONDS):
                return

    def _rest(self, seconds: float) -> None:
        with self._news:
            if not self._closing.is_set():
                self._news.wait(seconds)

    def _goes_on(self) -> bool:
        """Called after trouble, to rest and try again; False where there is no time for that."""
        if not self._closing.is_set():
            self._rest(_TROUBLE_SECONDS)
            return True
        return False

    def _step(self, slot: Slot) -> bool:
        """One job or check; False where there is none."""
        if slot.checks and not slot.has_checked and (chart_id := self._checks.take()) is not None:
            slot.begin(checks=True)  # the next is a job's turn, if one waits
            self._check_chart(slot, chart_id)
            return True
        had_checked, slot.has_checked = slot.has_checked, False
        claimed = self._claim(slot)
        if claimed is None:
            return had_checked and self._checks.due_in() == 0.0
        slot.begin(checks=False)
        self.wake()  # whoever helps a slot that is at a job
        try:
            self._run(slot, *claimed)
        finally:
            slot.is_at_job = False
        return True

    def _claim(self, slot: Slot) -> tuple[Job, Attempt] | None:
        """The next job, marked as running."""
        with self._claiming:
            if self._closing.is_set():
                return None
            for kinds in slot.groups():
                with self.database.read() as session:
                    waiting = jobs.first_of_each_author(session, kinds)
                number = self._turns.next_of(waiting)
                if number is None:
                    continue
                with self.database.write() as session:
                    job = jobs.begin(session, number)
                    if job is None:
                        continue
                    mark_song(session, job, song_states.WORKING)
                    told = events.of_job(session, job)
                begun = self._under_way[number] = Attempt(job.tries)
                self._publish(told)
                return job, begun
        return None

    def _run(self, slot: Slot, job: Job, begun: Attempt) -> None:
        """A job from its request to its end."""
        outcome = outcome_of(self.database, self.data, slot.worker, job, begun, partial(self._progress, job.id))
        told = kept(self.database, self.data, job.id, begun, outcome, self._goes_on)
        with self._claiming:
            if self._under_way.get(job.id) is begun:  # it may have been tried again already
                del self._under_way[job.id]
        self._publish(told)

    def _progress(self, job_id: int, share: float, stage: str) -> None:
        try:
            with self.database.write() as session:
                job = jobs.set_progress(session, job_id, share, stage)
                told = [] if job is None else events.of_progress(session, job)
        except StoreError:  # the work goes on
            return
        self._publish(told)

    def _check_chart(self, slot: Slot, chart_id: int) -> None:
        """Check a chart as it is now, and tell."""
        try:
            told, is_old = check_chart(self.database, slot.worker, chart_id, self._closing)
            self._publish(told)
            if is_old:
                self._checks.mark(chart_id)
        except StoreError:
            self._checks.mark(chart_id)
            raise
        finally:
            self._checks.done(chart_id)

    def _publish(self, told: Sequence[events.Event]) -> None:
        for run_id, event in told:
            self.live.publish(run_id, event)
