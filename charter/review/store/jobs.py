"""Jobs as rows: added, begun, told of, ended."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from charter.review.store.database import now
from charter.review.store.names import Names, names, who
from charter.review.store.tables import Job

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
OVER = (DONE, FAILED, CANCELLED)


@dataclass(frozen=True)
class About:
    """Whom and what a job concerns, as far as it does."""

    run_id: int | None = None
    song_id: int | None = None
    chart_id: int | None = None
    author_id: int | None = None


def add(session: Session, kind: str, request: dict[str, Any], about: About) -> Job:
    """A job that waits."""
    job = Job(
        kind=kind,
        run_id=about.run_id,
        song_id=about.song_id,
        chart_id=about.chart_id,
        author_id=about.author_id,
        state=WAITING,
        request=request,
        result={},
        created=now(),
    )
    session.add(job)
    session.flush()
    return job


def job_json(session: Session, job: Job) -> dict[str, Any]:
    """A job as pages have it."""
    return jobs_json(session, [job])[0]


def jobs_json(session: Session, jobs: Collection[Job]) -> list[dict[str, Any]]:
    """Jobs as pages have them; one question for all their authors."""
    known = names(session) if any(job.author_id is not None for job in jobs) else {}
    return [_json(job, known) for job in jobs]


def _json(job: Job, known: Names) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "run": job.run_id,
        "song": job.song_id,
        "chart": job.chart_id,
        "state": job.state,
        "progress": round(job.progress, 3),
        "stage": job.stage,
        "error": job.error,
        "result": job.result,
        "author": who(known, job.author_id),
        "created": job.created.isoformat(),
        "started": job.started.isoformat() if job.started else None,
        "ended": job.ended.isoformat() if job.ended else None,
    }


def open_jobs(session: Session, run_id: int) -> list[dict[str, Any]]:
    """The jobs of a run that wait or run, in their order."""
    asked = select(Job).where(Job.state.in_((WAITING, RUNNING)), Job.run_id == run_id).order_by(Job.id)
    return jobs_json(session, session.scalars(asked).all())


def count_waiting(session: Session, kinds: Collection[str], author_id: int | None = None) -> int:
    """How many jobs of these kinds wait, of one person or of all."""
    asked = select(func.count()).select_from(Job).where(Job.state == WAITING, Job.kind.in_(kinds))
    if author_id is not None:
        asked = asked.where(Job.author_id == author_id)
    return session.scalar(asked) or 0


def first_of_each_author(session: Session, kinds: Collection[str]) -> list[tuple[int | None, int]]:
    """Who has jobs of these kinds waiting, and the number of the first of each of them."""
    asked = (
        select(Job.author_id, func.min(Job.id)).where(Job.state == WAITING, Job.kind.in_(kinds)).group_by(Job.author_id)
    )
    return [(author, number) for author, number in session.execute(asked)]


def begin(session: Session, job_id: int) -> Job | None:
    """Mark a waiting job as running; None where it waits no longer."""
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == WAITING)
        .values(state=RUNNING, started=now(), ended=None, progress=0.0, stage="", error="", tries=Job.tries + 1)
    )
    if not getattr(changed, "rowcount", 0):
        return None
    return session.get(Job, job_id, populate_existing=True)


def set_progress(session: Session, job_id: int, progress: float, stage: str) -> Job | None:
    """How far a running job is; None where it runs no longer."""
    job = session.get(Job, job_id)
    if job is None or job.state != RUNNING:
        return None
    job.progress, job.stage = progress, stage
    return job


def end(job: Job, state: str, *, result: dict[str, Any] | None = None, error: str = "") -> None:
    """Mark a job as done, failed or cancelled."""
    job.state, job.error, job.ended = state, error, now()
    job.result = result or {}
    job.stage = ""
    if state == DONE:
        job.progress = 1.0


def wait_again(job: Job) -> None:
    """Put a job back among those that wait."""
    job.state, job.progress, job.stage, job.error = WAITING, 0.0, "", ""
    job.result, job.started, job.ended = {}, None, None


def interrupted(session: Session) -> list[Job]:
    """Jobs that were running when the server that ran them ended."""
    return list(session.scalars(select(Job).where(Job.state == RUNNING)))


def latest_of_song(session: Session, song_id: int, kinds: Collection[str]) -> Job | None:
    """The last job of these kinds for a song."""
    asked = select(Job).where(Job.song_id == song_id, Job.kind.in_(kinds)).order_by(Job.id.desc()).limit(1)
    return session.scalar(asked)


def of_song(session: Session, song_id: int, kinds: Collection[str]) -> list[Job]:
    """All jobs of these kinds for a song, that wait or run."""
    asked = select(Job).where(Job.song_id == song_id, Job.kind.in_(kinds), Job.state.in_((WAITING, RUNNING)))
    return list(session.scalars(asked))


def all_of_song(session: Session, song_id: int) -> list[Job]:
    """All jobs that were ever for a song."""
    return list(session.scalars(select(Job).where(Job.song_id == song_id)))
