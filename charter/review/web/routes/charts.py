"""Charts: one with all that its editor needs, and whose it is; edits, versions and what is said of them beside it."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from charter.review.store.charts import assign, chart_detail, run_of_chart
from charter.review.web.context import Asker, TheReview
from charter.review.web.routes import chart_edits, chart_talk, shapes
from charter.review.web.routes.values import Body, Id, RowNumber, answer

router = APIRouter(prefix="/api")
router.include_router(chart_edits.router)
router.include_router(chart_talk.router)


class AssigneeBody(Body):
    """Who is to review a chart; null for nobody."""

    assignee: RowNumber | None


@router.get("/charts/{chart}", response_model=shapes.Chart)
def _chart(chart: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(chart_detail(session, chart))


@router.patch("/charts/{chart}", response_model=shapes.ChartRow)
def _assign(chart: Id, body: AssigneeBody, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.write() as session:
        run = run_of_chart(session, chart)
        row = assign(session, chart, body.assignee)
    review.live.publish(run, {"type": "chart", "chart": row})
    return answer(row)
