"""Who accepted a chart, sent it back or rejected it, and in which version."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from charter.review.document.verdicts import ACCEPTED, OPEN
from charter.review.errors import Conflict
from charter.review.store.database import now
from charter.review.store.edits import edits_after, locked_chart
from charter.review.store.measures import keep_rows
from charter.review.store.names import names, who
from charter.review.store.rows import check_row
from charter.review.store.song_edits import song_edits
from charter.review.store.tables import Chart, Decision, Song


def decide(  # noqa: PLR0913  # all that is said of one
    session: Session,
    chart_id: int,
    verdict: str,
    text: str,
    *,
    version: int,
    author_id: int | None,
    song_version: int | None = None,
) -> dict[str, Any]:
    """Decide on what someone saw: a version of a chart and, unless it is None, of its song.

    Where nobody reviews the chart, who decides does. Raises NotFound; Conflict where either changed since, the song in
    what is heard.
    """
    # The song too, and first as `edit_song` does: its timing is part of what is decided on.
    song_id = session.scalar(select(Chart.song_id).where(Chart.id == chart_id))
    now_of_song = session.scalar(select(Song.version).where(Song.id == song_id).with_for_update(key_share=True))
    chart = locked_chart(session, chart_id)
    if version != chart.version:
        others = edits_after(session, chart.id, version)
        raise Conflict(
            f"the chart is at version {chart.version} by now, and you saw version {version}",
            {"version": chart.version, "others": others},
        )
    if song_version is not None and song_id is not None:
        _check_song_as_heard(session, song_id, chart_id, song_version)
    last = session.scalar(select(Decision).where(Decision.chart_id == chart_id).order_by(Decision.id.desc()).limit(1))
    said = (verdict, text, version, now_of_song, author_id)
    is_new = last is None or said != (last.verdict, last.text, last.version, last.song_version, last.author_id)
    if is_new or chart.status != verdict:  # not where one pressed twice
        session.add(
            Decision(
                chart_id=chart_id,
                verdict=verdict,
                text=text,
                version=version,
                song_version=now_of_song,
                author_id=author_id,
                at=now(),
            )
        )
        session.flush()
    values: dict[str, Any] = {"status": verdict}
    if verdict != OPEN:
        values["assignee_id"] = func.coalesce(Chart.assignee_id, author_id)
    session.execute(update(Chart).where(Chart.id == chart_id).values(values))
    if verdict == ACCEPTED:
        keep_rows(session, chart_id, version)
    return decisions(session, chart_id)[-1]


def _check_song_as_heard(session: Session, song_id: int, chart_id: int, version: int) -> None:
    """Raises Conflict where the timing that a chart is played by changed since a version of its song."""
    if session.execute(select(Chart.own_timing).where(Chart.id == chart_id)).scalar_one() is not None:
        return
    later = [edit for edit in song_edits(session, song_id, after=version) if "timing" in edit["changes"]]
    if later:
        who_did = (later[-1]["author"] or {"name": "someone"})["name"]
        raise Conflict(
            f"{who_did} changed the song's timing meanwhile; listen to it again",
            {"song_version": later[-1]["version"], "others": []},
        )


def decisions(session: Session, chart_id: int) -> list[dict[str, Any]]:
    """What was decided of a chart, oldest first. Raises NotFound."""
    check_row(session, Chart, chart_id)
    known = names(session)
    asked = select(Decision).where(Decision.chart_id == chart_id).order_by(Decision.id)
    return [
        {
            "verdict": each.verdict,
            "text": each.text,
            "version": each.version,
            "song_version": each.song_version,
            "author": who(known, each.author_id),
            "at": each.at.isoformat(),
        }
        for each in session.scalars(asked)
    ]
