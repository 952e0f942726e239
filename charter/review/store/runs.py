"""Runs: the list of them, one with all its songs, a new one."""

from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.review.store.database import now
from charter.review.store.jobs import open_jobs
from charter.review.store.rows import row_of
from charter.review.store.songs import songs_of_run
from charter.review.store.tables import Chart, Run, Song


def runs(session: Session) -> list[dict[str, Any]]:
    """All runs, newest first, with how many of their songs and charts are in which state."""
    states: dict[int, dict[str, int]] = defaultdict(dict)
    for run_id, state, count in session.execute(
        select(Song.run_id, Song.state, func.count()).group_by(Song.run_id, Song.state)
    ):
        states[run_id][state] = count
    statuses: dict[int, dict[str, int]] = defaultdict(dict)
    for run_id, status, count in session.execute(
        select(Song.run_id, Chart.status, func.count())
        .join(Song, Song.id == Chart.song_id)
        .group_by(Song.run_id, Chart.status)
    ):
        statuses[run_id][status] = count
    return [
        {
            **_head(run),
            "songs": sum(states[run.id].values()),
            "charts": sum(statuses[run.id].values()),
            "states": states[run.id],
            "statuses": statuses[run.id],
        }
        for run in session.scalars(select(Run).order_by(Run.id.desc()))
    ]


def run_detail(session: Session, run_id: int) -> dict[str, Any]:
    """A run with its songs, and the jobs that are not done. Raises NotFound."""
    run = row_of(session, Run, run_id)
    return {
        **_head(run),
        "request": run.request,
        "songs": songs_of_run(session, run_id),
        "jobs": open_jobs(session, run_id),
    }


def rename_run(session: Session, run_id: int, name: str) -> dict[str, Any]:
    """Call a run otherwise; what it says of itself then. Raises NotFound."""
    run = row_of(session, Run, run_id)
    run.name = name
    session.flush()
    return _head(run)


def add_run(
    session: Session, name: str, request: dict[str, Any], *, author_id: int | None, source: str = ""
) -> dict[str, Any]:
    """A new run without songs. request: what its new songs are charted by; source: the pack that it is made from."""
    run = Run(name=name, source=source, request=request, author_id=author_id, created=now())
    session.add(run)
    session.flush()
    return {**_head(run), "request": run.request, "songs": [], "jobs": []}


def _head(run: Run) -> dict[str, Any]:
    return {"id": run.id, "name": run.name, "created": run.created.isoformat(), "source": run.source}
