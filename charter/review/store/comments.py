"""What people say about places of a chart."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.store.database import now
from charter.review.store.names import Names, names, who
from charter.review.store.rows import check_row, no_row, row_of
from charter.review.store.tables import Chart, Comment


def comments(session: Session, chart_id: int) -> list[dict[str, Any]]:
    """A chart's comments, oldest first. Raises NotFound."""
    check_row(session, Chart, chart_id)
    known = names(session)
    asked = select(Comment).where(Comment.chart_id == chart_id).order_by(Comment.id)
    return [_json(each, known) for each in session.scalars(asked)]


def add_comment(session: Session, chart_id: int, tick: int | None, text: str, author_id: int | None) -> dict[str, Any]:
    """Say something about a tick of a chart, or (None) the whole of it. Raises NotFound."""
    version = _version(session, chart_id)
    comment = Comment(chart_id=chart_id, tick=tick, text=text, version=version, author_id=author_id, at=now())
    session.add(comment)
    session.flush()
    return _json(comment, names(session))


def resolve(session: Session, comment_id: int, person_id: int | None, *, resolved: bool) -> dict[str, Any]:
    """Mark a comment as seen to, or as open again. Raises NotFound."""
    comment = row_of(session, Comment, comment_id)
    if resolved != (comment.resolved is not None):
        comment.resolved = now() if resolved else None
        comment.resolved_by_id = person_id if resolved else None
        session.flush()
    return _json(comment, names(session))


def _version(session: Session, chart_id: int) -> int:
    # Locked, so that beat 0 does not move between the look at a chart and what is written of it.
    version = session.scalar(select(Chart.version).where(Chart.id == chart_id).with_for_update(key_share=True))
    if version is None:
        raise no_row(Chart, chart_id)
    return version


def _json(comment: Comment, known: Names) -> dict[str, Any]:
    resolved = comment.resolved and {"author": who(known, comment.resolved_by_id), "at": comment.resolved.isoformat()}
    return {
        "id": comment.id,
        "chart": comment.chart_id,
        "tick": comment.tick,
        "text": comment.text,
        "version": comment.version,
        "author": who(known, comment.author_id),
        "at": comment.at.isoformat(),
        "resolved": resolved,
    }
