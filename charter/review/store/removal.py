"""Songs and runs that are removed, with all that was ever done in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from charter.review.document import song_states
from charter.review.errors import Conflict
from charter.review.store.jobs import RUNNING, WAITING, all_of_song
from charter.review.store.rows import no_row, row_of
from charter.review.store.tables import (
    Chart,
    Comment,
    Decision,
    Dismissal,
    Edit,
    Job,
    Measure,
    Note,
    Run,
    Song,
    SongEdit,
    Table,
    Visit,
)

_OF_CHARTS: tuple[type[Table], ...] = (Note, Edit, Comment, Decision, Dismissal, Measure, Visit)


@dataclass(frozen=True)
class Removed:
    """A song whose rows are gone. key: of its folder; requests: of the jobs that there were for it"""

    run_id: int
    key: str
    requests: tuple[dict[str, Any], ...]


def check_removal(session: Session, run_id: int, name: str) -> None:
    """Raises NotFound, and Conflict where a run with songs is not called by its name."""
    run = row_of(session, Run, run_id)
    songs = session.scalar(select(func.count()).select_from(Song).where(Song.run_id == run_id)) or 0
    if songs and name.strip() != run.name.strip():
        raise Conflict("to remove a run with songs, give its name exactly", {"songs": songs})


def open_job_ids(session: Session, run_id: int) -> list[int]:
    """The jobs of a run that wait or run."""
    return list(session.scalars(select(Job.id).where(Job.run_id == run_id, Job.state.in_((WAITING, RUNNING)))))


def remove_first_song(session: Session, run_id: int) -> Removed | None:
    """Remove a song of a run with all that is of it; None where there is none left.

    One at a time, so that nobody else's edit waits for a whole run. Raises Conflict where work on it goes on.
    """
    song = session.scalar(select(Song).where(Song.run_id == run_id).order_by(Song.id).limit(1).with_for_update())
    if song is None:
        return None
    jobs = all_of_song(session, song.id)
    if any(job.state == RUNNING for job in jobs):
        raise Conflict("a worker is still at a song of this run; try again in a moment")
    return _removed(session, song, jobs)


def remove_unmade_song(session: Session, song_id: int) -> Removed:
    """Remove a song that never came to be. Raises NotFound, Conflict for one that did, or that may yet."""
    song = session.scalar(select(Song).where(Song.id == song_id).with_for_update())  # somebody may try again meanwhile
    if song is None:
        raise no_row(Song, song_id)
    jobs = all_of_song(session, song_id)
    if song.state not in song_states.UNMADE or any(job.state in (WAITING, RUNNING) for job in jobs):
        raise Conflict(f"the song is {song.state}; only one that failed or was cancelled can be removed")
    return _removed(session, song, jobs)


def _removed(session: Session, song: Song, jobs: Sequence[Job]) -> Removed:
    """Remove the rows of a song. jobs: all that there were for it"""
    requests = tuple(dict(job.request) for job in jobs)
    charts = select(Chart.id).where(Chart.song_id == song.id).scalar_subquery()
    session.execute(delete(Job).where(Job.song_id == song.id))
    for table in _OF_CHARTS:
        session.execute(delete(table).where(table.__table__.c.chart_id.in_(charts)))
    session.execute(delete(Chart).where(Chart.song_id == song.id))
    session.execute(delete(SongEdit).where(SongEdit.song_id == song.id))
    session.execute(delete(Song).where(Song.id == song.id))
    return Removed(song.run_id, song.key, requests)


def remove_run(session: Session, run_id: int) -> list[dict[str, Any]]:
    """Remove a run that has no song any more; the requests of its exports. Raises Conflict where it has one again."""
    if session.scalar(select(func.count()).select_from(Song).where(Song.run_id == run_id)):
        raise Conflict("somebody added a song meanwhile; try again")
    jobs = session.scalars(select(Job).where(Job.run_id == run_id)).all()
    if any(job.state == RUNNING for job in jobs):
        raise Conflict("a worker is still at this run; try again in a moment")
    exports = [dict(job.request) for job in jobs if job.kind == "export"]
    session.execute(delete(Job).where(Job.run_id == run_id))
    session.execute(delete(Run).where(Run.id == run_id))
    return exports
