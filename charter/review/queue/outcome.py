"""What came of a job, and how it is kept in the tables."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from charter.review.data_folder import upload_path
from charter.review.document import song_states
from charter.review.queue import events
from charter.review.queue.kinds import KINDS, MAKES_SONG
from charter.review.store import jobs
from charter.review.store.database import Database
from charter.review.store.rows import row_of
from charter.review.store.tables import Job, Song

_OURS = "charter failed, which is a fault of its own"


@dataclass(frozen=True)
class Outcome:
    """What came of one go at a job. state: the job's to be; answer: the worker's, of a job that is done"""

    state: str
    error: str = ""
    answer: dict[str, Any] | None = None

    @classmethod
    def failed(cls, failure: Exception) -> "Outcome":
        """The job failed for a reason that is told."""
        return cls(jobs.FAILED, str(failure))

    @classmethod
    def broken(cls, failure: Exception) -> "Outcome":
        """The job failed in a way that nobody foresaw."""
        return cls(jobs.FAILED, f"{_OURS}: {type(failure).__name__}")


def keep_outcome(database: Database, data: Path, job_id: int, number: int, outcome: Outcome) -> list[events.Event]:
    """Put what came of a job into the tables, all of it or nothing; what pages hear of it.

    number: which go at the job it is of. Raises NotFound where the job has gone, or what its answer is about;
    StoreError; whatever keeping the answer raises.
    """
    with database.write() as session:
        job = row_of(session, Job, job_id)
        if (job.state, job.tries) != (jobs.RUNNING, number):
            pass  # it was kept, and the database's word for that was lost
        elif outcome.state == jobs.WAITING:
            jobs.wait_again(job)
            job.tries -= 1
            mark_song(session, job, song_states.WAITING)
        elif outcome.state == jobs.DONE and outcome.answer is not None:
            jobs.end(job, outcome.state, result=KINDS[job.kind].keep(session, job, outcome.answer))
        else:
            jobs.end(job, outcome.state, error=outcome.error)
            mark_song(session, job, outcome.state, outcome.error)
        told, upload, is_done = events.of_job(session, job), job.request.get("upload"), job.state == jobs.DONE
    if is_done and upload is not None:  # not before: until then it may be needed again
        with suppress(OSError):  # the next start clears it away
            upload_path(data, upload).unlink(missing_ok=True)
    return told


def mark_song(session: Session, job: Job, state: str, error: str = "") -> None:
    """Say of the song of a job that makes it what became of it."""
    if job.kind in MAKES_SONG and (song := session.get(Song, job.song_id)) is not None:
        song.state, song.error = state, error
