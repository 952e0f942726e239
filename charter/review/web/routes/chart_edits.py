"""Edits of charts, and every version that they made."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse

from charter.review.document.changes import parse_changes
from charter.review.document.text import checked_key, checked_line
from charter.review.store.chart_rows import chart_row
from charter.review.store.charts import run_of_chart
from charter.review.store.edits import Asked, Kept, add_edit, edits_after
from charter.review.store.versions import compare, restore, version_of, versions
from charter.review.web.context import Asker, Review, TheReview
from charter.review.web.routes import shapes
from charter.review.web.routes.values import LARGEST, Body, Id, Number, VersionQuery, answer

router = APIRouter()
_LONGEST_SUMMARY = 300


class EditBody(Body):
    """An edit. base: the version that its author saw; changes: as `charter.review.document.changes` has them."""

    key: str
    base: Number
    kind: Literal["edit", "undo", "redo passage", "restore"] = "edit"
    changes: dict[str, Any]
    summary: str = ""


class RestoreBody(Body):
    """A version to go back to. base: the version that the asker saw, null for whatever there is."""

    version: Number
    key: str
    base: Number | None = None


@router.post("/charts/{chart}/edits", response_model=shapes.Edited)
def _edit(chart: Id, body: EditBody, review: TheReview, who: Asker) -> JSONResponse:
    summary = checked_line(body.summary, "the summary", _LONGEST_SUMMARY)
    asked = Asked(checked_key(body.key), body.base, body.kind, parse_changes(body.changes), summary)
    with review.database.write() as session:
        kept = add_edit(session, chart, asked, who.id)
    tell_edit(review, chart, kept)
    return answer(edit_answer(kept))


@router.get("/charts/{chart}/edits", response_model=list[shapes.Edit])
def _edits(chart: Id, review: TheReview, _who: Asker, after: VersionQuery = 0) -> JSONResponse:
    with review.database.read() as session:
        run_of_chart(session, chart)  # raises NotFound
        return answer(edits_after(session, chart, after))


@router.get("/charts/{chart}/notes", response_model=shapes.Notes)
def _notes(chart: Id, version: VersionQuery, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(version_of(session, chart, version).json())


@router.get("/charts/{chart}/versions", response_model=list[shapes.Version])
def _versions(chart: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(versions(session, chart))


@router.get("/charts/{chart}/compare", response_model=shapes.Compared)
def _compare(
    chart: Id,
    one: Annotated[int, Query(alias="from", ge=0, le=LARGEST)],
    to: VersionQuery,
    review: TheReview,
    _who: Asker,
) -> JSONResponse:
    with review.database.read() as session:
        return answer(compare(session, chart, one, to))


@router.post("/charts/{chart}/restore", response_model=shapes.Edited)
def _restore(chart: Id, body: RestoreBody, review: TheReview, who: Asker) -> JSONResponse:
    key = checked_key(body.key)
    with review.database.write() as session:
        kept = restore(session, chart, body.version, key=key, base=body.base, author_id=who.id)
    tell_edit(review, chart, kept)
    return answer(edit_answer(kept))


def edit_answer(kept: Kept) -> dict[str, Any]:
    """What the author of an edit is told; ``reopened`` too, where it opened the chart again."""
    return kept.answer if kept.reopened is None else {**kept.answer, "reopened": kept.reopened}


def tell_edit(review: Review, chart_id: int, kept: Kept) -> None:
    """Have pages hear of an edit that was kept, and the chart checked again; nothing where it was sent before."""
    if not kept.is_new:
        return
    review.live.publish(kept.run_id, _edit_event(chart_id, kept.edit, kept.reopened))
    if kept.reopened:
        tell_chart(review, kept.run_id, chart_id, kept.reopened)
    review.runner.check(chart_id)


def _edit_event(chart_id: int, edit: dict[str, Any], reopened: dict[str, Any] | None) -> dict[str, Any]:
    event = {"type": "edit", "chart": chart_id, "edit": edit}
    return event if reopened is None else {**event, "reopened": reopened}


def tell_chart(review: Review, run_id: int, chart_id: int, reopened: dict[str, Any] | None = None) -> None:
    """Have pages hear what a chart's row says now; reopened: who opened it again, where somebody did."""
    with review.database.read() as session:
        row = chart_row(session, chart_id)
    event = {"type": "chart", "chart": row}
    review.live.publish(run_id, event if reopened is None else {**event, "reopened": reopened})
