"""What people say of charts: decisions, comments, and findings that they let stand."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse

from charter.errors import RequestError
from charter.review.document.codec import LAST_TICK
from charter.review.document.text import checked_line, checked_text
from charter.review.document.verdicts import Verdict
from charter.review.store.chart_rows import chart_row
from charter.review.store.charts import run_of_chart
from charter.review.store.comments import add_comment, comments, resolve
from charter.review.store.decisions import decide, decisions
from charter.review.store.dismissals import dismiss, take_back
from charter.review.web.context import Asker, Review, TheReview
from charter.review.web.routes import shapes
from charter.review.web.routes.values import Body, Id, Number, answer

router = APIRouter()
_LONGEST_TEXT = 5000
_LONGEST_REASON = 500
FindingId = Annotated[str, Path(pattern="^[0-9a-f]{12}$")]


class DecisionBody(Body):
    """A verdict on the version that was seen. song_version: of the song, so that its timing is as it was heard."""

    verdict: Verdict
    text: str = ""
    version: Number
    song_version: Number | None = None


class CommentBody(Body):
    """Something said. tick: null for the whole chart."""

    tick: Annotated[int, Field(ge=0, le=LAST_TICK)] | None = None
    text: str


class ResolvedBody(Body):
    """Whether a comment has been seen to."""

    resolved: bool


class DismissalBody(Body):
    """A finding that is let stand, and why."""

    finding: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]
    reason: str


@router.post("/charts/{chart}/decisions", response_model=shapes.ChartRow)
def _decide(chart: Id, body: DecisionBody, review: TheReview, who: Asker) -> JSONResponse:
    text = checked_text(body.text, "the text", _LONGEST_TEXT)
    with review.database.write() as session:
        decision = decide(
            session,
            chart,
            body.verdict,
            text,
            version=body.version,
            author_id=who.id,
            song_version=body.song_version,
        )
        told = _told(session, chart)
    _tell(review, told, {"type": "decision", "chart": chart, "decision": decision})
    return answer(told[1])


@router.get("/charts/{chart}/decisions", response_model=list[shapes.Decision])
def _decisions(chart: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(decisions(session, chart))


@router.get("/charts/{chart}/comments", response_model=list[shapes.Comment])
def _comments(chart: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(comments(session, chart))


@router.post("/charts/{chart}/comments", response_model=shapes.Comment)
def _comment(chart: Id, body: CommentBody, review: TheReview, who: Asker) -> JSONResponse:
    text = _said(checked_text(body.text, "the comment", _LONGEST_TEXT), "the comment")
    with review.database.write() as session:
        comment = add_comment(session, chart, body.tick, text, who.id)
        told = _told(session, chart)
    _tell(review, told, {"type": "comment", "chart": chart, "comment": comment})
    return answer(comment)


@router.post("/comments/{comment}/resolved", response_model=shapes.Comment)
def _resolve(comment: Id, body: ResolvedBody, review: TheReview, who: Asker) -> JSONResponse:
    with review.database.write() as session:
        after = resolve(session, comment, who.id, resolved=body.resolved)
        told = _told(session, after["chart"])
    _tell(review, told, {"type": "comment", "chart": after["chart"], "comment": after})
    return answer(after)


@router.post("/charts/{chart}/dismissals", response_model=shapes.Finding)
def _dismiss(chart: Id, body: DismissalBody, review: TheReview, who: Asker) -> JSONResponse:
    reason = _said(checked_line(body.reason, "the reason", _LONGEST_REASON), "the reason")
    with review.database.write() as session:
        finding = dismiss(session, chart, body.finding, reason, who.id)
        told = _told(session, chart)
    _tell(review, told, {"type": "dismissal", "chart": chart, "finding": finding})
    return answer(finding)


@router.delete("/charts/{chart}/dismissals/{finding}", response_model=shapes.Finding)
def _take_back(chart: Id, finding: FindingId, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.write() as session:
        after = take_back(session, chart, finding)
        told = _told(session, chart)
    _tell(review, told, {"type": "dismissal", "chart": chart, "finding": after})
    return answer(after)


def _said(text: str, what: str) -> str:
    if not text:
        raise RequestError(f"{what} is empty")
    return text


def _told(session: Session, chart_id: int) -> tuple[int, dict[str, Any]]:
    """A chart's run and its row, as they are now."""
    return run_of_chart(session, chart_id), chart_row(session, chart_id)


def _tell(review: Review, told: tuple[int, dict[str, Any]], event: dict[str, Any]) -> None:
    """Have pages hear of something said of a chart, and of its row."""
    run_id, row = told
    review.live.publish(run_id, event)
    review.live.publish(run_id, {"type": "chart", "chart": row})
