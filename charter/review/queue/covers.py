"""A song as a chip tune: the request from the tables, and where it is heard."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.queue.documents import chart_document, song_document, song_of
from charter.review.store.tables import Chart, Job


def ask_chiptune(session: Session, job: Job, data: Path) -> dict[str, Any]:
    """Request for `charter.review.work.chiptune`: the song, and its charts, whose rows tell where attacks are."""
    song = song_of(session, job)
    charts = session.scalars(select(Chart).where(Chart.song_id == song.id).order_by(Chart.place))
    return {"song": song_document(song), "charts": [chart_document(session, chart) for chart in charts]}


def keep_chiptune(session: Session, job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """Say of the song that it has one. Raises NotFound."""
    song = song_of(session, job)
    url = f"/api/songs/{song.id}/sound/chip.ogg"
    song.sound = {**song.sound, "chip": url}
    return {"url": url}
