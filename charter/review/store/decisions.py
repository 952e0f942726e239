"""Who accepted a chart, sent it back or rejected it, and in which version."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from charter.review.errors import Conflict, NotFound
from charter.review.store.database import now
from charter.review.store.edits import edits_after, locked_chart
from charter.review.store.names import names, who
from charter.review.store.tables import Chart, Decision, Song

VERDICTS = ("accepted", "sent back", "rejected", "open")


def decide(
    session: Session, chart_id: int, verdict: str, text: str, *, version: int, author_id: int | None
) -> dict[str, Any]:
    """Decide on the version of a chart that someone saw; where nobody reviews it, who decides does.

    Raises NotFound, Conflict where the version is not the chart's now.
    """
    # The song too, and first as `edit_song` does: its timing is part of what is decided on.
    song_id = session.scalar(select(Chart.song_id).where(Chart.id == chart_id))
    song_version = session.scalar(select(Song.version).where(Song.id == song_id).with_for_update(key_share=True))
    chart = locked_chart(session, chart_id)
    if version != chart.version:
        others = edits_after(session, chart.id, version)
        raise Conflict(
            f"the chart is at version {chart.version} by now, and you saw version {version}",
            {"version": chart.version, "others": others},
        )
    last = session.scalar(select(Decision).where(Decision.chart_id == chart_id).order_by(Decision.id.desc()).limit(1))
    said = (verdict, text, version, song_version, author_id)
    is_new = last is None or said != (last.verdict, last.text, last.version, last.song_version, last.author_id)
    if is_new or chart.status != verdict:  # not where one pressed twice
        session.add(
            Decision(
                chart_id=chart_id,
                verdict=verdict,
                text=text,
                version=version,
                song_version=song_version,
                author_id=author_id,
                at=now(),
            )
        )
        session.flush()
    values: dict[str, Any] = {"status": verdict}
    if verdict != "open":
        values["assignee_id"] = func.coalesce(Chart.assignee_id, author_id)
    session.execute(update(Chart).where(Chart.id == chart_id).values(values))
    return decisions(session, chart_id)[-1]


def decisions(session: Session, chart_id: int) -> list[dict[str, Any]]:
    """What was decided of a chart, oldest first. Raises NotFound."""
    if session.scalar(select(Chart.id).where(Chart.id == chart_id)) is None:
        raise NotFound(f"there is no chart {chart_id}")
    known = names(session)
    asked = select(Decision).where(Decision.chart_id == chart_id).order_by(Decision.id)
    return [
        {
            "verdict": each.verdict,
            "text": each.text,
            "version": each.version,
            "author": who(known, each.author_id),
            "at": each.at.isoformat(),
        }
        for each in session.scalars(asked)
    ]
