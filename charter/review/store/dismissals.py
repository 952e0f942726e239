"""Findings that someone looked at and lets stand."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from charter.notation import TICKS_PER_BEAT
from charter.review.document.findings import finding_id
from charter.review.errors import Conflict, NotFound
from charter.review.store.database import now
from charter.review.store.names import names, who
from charter.review.store.rows import no_row
from charter.review.store.tables import Chart, Dismissal


def dismissals(session: Session, chart_id: int) -> list[dict[str, Any]]:
    """What of a chart's findings was dismissed, oldest first: the finding's id, and who did so and why."""
    known = names(session)
    asked = select(Dismissal).where(Dismissal.chart_id == chart_id).order_by(Dismissal.id)
    return [
        {
            "finding": each.finding,
            "reason": each.reason,
            "author": who(known, each.author_id),
            "at": each.at.isoformat(),
        }
        for each in session.scalars(asked)
    ]


def with_dismissals(session: Session, chart_id: int, findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A chart's findings, each with who dismissed it and why, or None."""
    said = {each.pop("finding"): each for each in dismissals(session, chart_id)}
    return [{**finding, "dismissed": said.get(finding["id"])} for finding in findings]


def dismiss(session: Session, chart_id: int, finding: str, reason: str, author_id: int | None) -> dict[str, Any]:
    """Let a finding stand; the finding. Raises NotFound, Conflict where someone dismissed it for another reason."""
    there = _finding(session, chart_id, finding)
    if there["dismissed"] is None:
        session.add(Dismissal(chart_id=chart_id, finding=finding, reason=reason, author_id=author_id, at=now()))
        session.flush()
    elif there["dismissed"]["reason"] != reason:
        raise Conflict("someone dismissed this finding already", {"finding": there})
    return _finding(session, chart_id, finding)


def take_back(session: Session, chart_id: int, finding: str) -> dict[str, Any]:
    """Have a finding count again; the finding. Raises NotFound."""
    _finding(session, chart_id, finding)
    session.execute(delete(Dismissal).where(Dismissal.chart_id == chart_id, Dismissal.finding == finding))
    return _finding(session, chart_id, finding)


def _finding(session: Session, chart_id: int, finding: str) -> dict[str, Any]:
    # Locked, so that of two who dismiss a finding at once the second is told, on PostgreSQL too.
    asked = select(Chart.findings).where(Chart.id == chart_id).with_for_update(key_share=True)
    findings = session.scalar(asked)
    if findings is None:
        raise no_row(Chart, chart_id)
    there = next((each for each in findings if each["id"] == finding), None)
    if there is None:
        raise NotFound("this finding is no longer there; the chart was checked anew")
    return with_dismissals(session, chart_id, [there])[0]


def move_findings(session: Session, chart_id: int, ticks: int) -> None:
    """Number a chart's findings and footing by a beat 0 that is ``ticks`` earlier; what was dismissed stays dismissed.

    A finding whose very words name beats gets other words at the next check, and counts again.
    """
    asked = select(Chart.findings, Chart.footing).where(Chart.id == chart_id)
    findings, footing = session.execute(asked).one()
    moved, ids = [], {}
    for finding in findings:
        after = dict(finding)
        if finding["beat"] is not None:
            after["beat"] = finding["beat"] + ticks / TICKS_PER_BEAT
            after["tick"] = finding["tick"] + ticks
            after["id"] = finding_id(finding["kind"], after["beat"], finding["message"])
        moved.append(after)
        ids[finding["id"]] = after["id"]
    _rename(session, chart_id, ids)
    feet = [[tick + ticks, *rest] for tick, *rest in footing]
    session.execute(update(Chart).where(Chart.id == chart_id).values(findings=moved, footing=feet))


def _rename(session: Session, chart_id: int, ids: dict[str, str]) -> None:
    """Have a chart's dismissals go with findings that have other ids now; those of findings long gone make room."""
    there = {each.finding: each for each in session.scalars(select(Dismissal).where(Dismissal.chart_id == chart_id))}
    kept = {ids[old]: each for old, each in there.items() if old in ids}
    for old, each in there.items():
        if old in ids or old in kept:
            session.delete(each)
    session.flush()  # a finding may have been named as another is now
    for new, each in kept.items():
        said = {"reason": each.reason, "author_id": each.author_id, "at": each.at}
        session.add(Dismissal(chart_id=chart_id, finding=new, **said))
    session.flush()
