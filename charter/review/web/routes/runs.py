"""Runs: the list of them, one with its songs, a new one."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import JSONResponse

from charter.errors import RequestError
from charter.notation import Difficulty
from charter.request import Request
from charter.review.document.text import checked_line
from charter.review.store.charts import assign_many
from charter.review.store.runs import add_run, rename_run, run_detail, runs
from charter.review.web.context import Asker, TheReview
from charter.review.web.removal import remove_run
from charter.review.web.routes import shapes
from charter.review.web.routes.values import Body, Id, Number, RowNumber, answer

router = APIRouter(prefix="/api")
_LONGEST_NAME = 120
_MOST_CHARTS = 100_000


class Wanted(Body):
    """What new songs are charted by; what is left out is as `charter generate` has it."""

    difficulties: list[str] | None = Field(default=None, max_length=len(Difficulty))
    seed: Number = 0
    sync: str = "null"


class RunBody(Body):
    """A new run."""

    name: str
    request: Wanted = Field(default_factory=Wanted)


class NameBody(Body):
    """What a run is to be called."""

    name: str


class AssignmentsBody(Body):
    """Charts of a run, and who is to review them; null for nobody."""

    charts: Annotated[list[RowNumber], Field(max_length=_MOST_CHARTS)]
    assignee: RowNumber | None


@router.get("/runs", response_model=list[shapes.RunRow])
def _runs(review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(runs(session))


@router.get("/runs/{run}", response_model=shapes.Run)
def _run(run: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(run_detail(session, run))


@router.patch("/runs/{run}", response_model=shapes.RunHead)
def _rename(run: Id, body: NameBody, review: TheReview, _who: Asker) -> JSONResponse:
    name = _checked_name(body.name)
    with review.database.write() as session:
        told = rename_run(session, run, name)
    review.live.publish(run, {"type": "run", "run": told})
    return answer(told)


@router.delete("/runs/{run}", response_model=shapes.Numbered)
def _remove(
    run: Id, review: TheReview, _who: Asker, name: Annotated[str, Query(max_length=_LONGEST_NAME)] = ""
) -> JSONResponse:
    """Remove a run with its songs; ``name`` is to be the run's, unless it has none."""
    remove_run(review, run, name)
    return answer({"id": run})


@router.patch("/runs/{run}/assignments", response_model=shapes.Assigned)
def _assign(run: Id, body: AssignmentsBody, review: TheReview, _who: Asker) -> JSONResponse:
    """Say who is to review many charts: told to pages as one event."""
    with review.database.write() as session:
        assignee = assign_many(session, run, body.charts, body.assignee)
    told = {"charts": body.charts, "assignee": assignee}
    review.live.publish(run, {"type": "assigned", **told})
    return answer(told)


@router.post("/runs", response_model=shapes.Run)
def _add_run(body: RunBody, review: TheReview, who: Asker) -> JSONResponse:
    name = _checked_name(body.name)
    with review.database.write() as session:
        return answer(add_run(session, name, _request(body.request), author_id=who.id))


def _checked_name(value: str) -> str:
    """Raises RequestError."""
    name = checked_line(value, "the name", _LONGEST_NAME)
    if not name:
        raise RequestError("a run needs a name")
    return name


def _request(wanted: Wanted) -> dict[str, Any]:
    """What is wanted, checked as `charter generate` does. Raises RequestError."""
    names = [level.name.lower() for level in Difficulty] if wanted.difficulties is None else wanted.difficulties
    levels = tuple(sorted({Difficulty.parse(name) for name in names}))
    request = Request(difficulties=levels, seed=wanted.seed, sync=wanted.sync)
    return {"difficulties": [level.name.lower() for level in levels], "seed": request.seed, "sync": request.sync}
