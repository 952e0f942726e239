"""Charts as lists have them: what a row of each says, of many charts with a handful of questions."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from charter.review.document.verdicts import OPEN
from charter.review.store.names import Names, names, who
from charter.review.store.rows import no_row
from charter.review.store.tables import Chart, Comment, Decision, Dismissal, Song, Visit

BAD = frozenset({"violation", "fault"})  # severities
_LISTED = (
    Chart.id, Chart.song_id, Chart.slot, Chart.meter, Chart.status, Chart.assignee_id, Chart.version, Chart.rows,
    Chart.findings,
)  # fmt: skip


def chart_row(session: Session, chart_id: int) -> dict[str, Any]:
    """One chart's row. Raises NotFound."""
    rows = _rows(session, Chart.id == chart_id)
    if not rows:
        raise no_row(Chart, chart_id)
    return rows[0]


def charts_of_song(session: Session, song_id: int) -> list[dict[str, Any]]:
    """The rows of a song's charts, in their order."""
    return _rows(session, Chart.song_id == song_id)


def charts_of_run(session: Session, run_id: int) -> dict[int, list[dict[str, Any]]]:
    """The rows of a run's charts by their songs' numbers."""
    by_song: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(session, Chart.song_id.in_(select(Song.id).where(Song.run_id == run_id))):
        by_song[row["song"]].append(row)
    return by_song


def _rows(session: Session, wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
    charts = session.execute(select(*_LISTED).where(wanted).order_by(Chart.song_id, Chart.place, Chart.id)).all()
    if not charts:
        return []
    known = names(session)
    chosen = select(Chart.id).where(wanted)
    dismissed: dict[int, set[str]] = defaultdict(set)
    for chart_id, finding in session.execute(
        select(Dismissal.chart_id, Dismissal.finding).where(Dismissal.chart_id.in_(chosen))
    ):
        dismissed[chart_id].add(finding)
    comments = dict(
        session.execute(
            select(Comment.chart_id, func.count())
            .where(Comment.chart_id.in_(chosen), Comment.resolved.is_(None))
            .group_by(Comment.chart_id)
        ).all()
    )
    seconds = dict(
        session.execute(
            select(Visit.chart_id, func.sum(Visit.seconds)).where(Visit.chart_id.in_(chosen)).group_by(Visit.chart_id)
        ).all()
    )
    decided = _decided(session, wanted, known)
    rows = []
    for chart in charts:
        still = [each for each in chart.findings if each["id"] not in dismissed[chart.id]]
        rows.append(
            {
                "id": chart.id,
                "song": chart.song_id,
                "slot": chart.slot,
                "meter": chart.meter,
                "status": chart.status,
                "assignee": who(known, chart.assignee_id),
                "version": chart.version,
                "rows": chart.rows,
                "findings": len(still),
                "faults": sum(each["severity"] in BAD for each in still),
                "comments": comments.get(chart.id, 0),
                "seconds": round(seconds.get(chart.id, 0.0), 1),
                "decided": decided.get(chart.id),
            }
        )
    return rows


def _decided(session: Session, wanted: ColumnElement[bool], known: Names) -> dict[int, dict[str, Any]]:
    """The last decision of each chart that has one, by chart; ``open`` takes decisions back and is none."""
    chosen = select(Chart.id).where(wanted)
    last = select(func.max(Decision.id)).where(Decision.chart_id.in_(chosen)).group_by(Decision.chart_id)
    decisions = session.execute(
        select(Decision.chart_id, Decision.verdict, Decision.author_id, Decision.at, Decision.version).where(
            Decision.id.in_(last)
        )
    )
    return {
        each.chart_id: {
            "verdict": each.verdict,
            "author": who(known, each.author_id),
            "at": each.at.isoformat(),
            "version": each.version,
        }
        for each in decisions
        if each.verdict != OPEN
    }
