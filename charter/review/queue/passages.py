"""Passages written anew: the request from the tables, the candidates as the job's result."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from charter.review.errors import NotFound
from charter.review.queue.documents import chart_document, song_document, song_of
from charter.review.store.tables import Chart, Job


def ask_redo(session: Session, job: Job, data: Path) -> dict[str, Any]:
    """Request for `charter.review.work.redo`: the chart as it is now, and what to write anew. Raises NotFound."""
    song = song_of(session, job)
    chart = session.get(Chart, job.chart_id)
    if chart is None:
        raise NotFound("the chart is no longer there")
    return {"song": song_document(song), "chart": chart_document(session, chart), "wanted": job.request}


def keep_redo(session: Session, job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """The candidates; the chart stays as it is until the artist takes one."""
    return answer
