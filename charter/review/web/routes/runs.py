"""Runs: the list of them, one with its songs, a new one."""

from typing import Any

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import JSONResponse

from charter.errors import RequestError
from charter.notation import Difficulty
from charter.request import Request
from charter.review.document.text import checked_line
from charter.review.store.runs import add_run, run_detail, runs
from charter.review.web.context import Asker, TheReview
from charter.review.web.routes.values import Body, Id, Number, answer

router = APIRouter(prefix="/api")
_LONGEST_NAME = 120


class Wanted(Body):
    """What new songs are charted by; what is left out is as `charter generate` has it."""

    difficulties: list[str] | None = Field(default=None, max_length=len(Difficulty))
    seed: Number = 0
    sync: str = "null"


class RunBody(Body):
    """A new run."""

    name: str
    request: Wanted = Field(default_factory=Wanted)


@router.get("/runs")
def _runs(review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(runs(session))


@router.get("/runs/{run}")
def _run(run: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(run_detail(session, run))


@router.post("/runs")
def _add_run(body: RunBody, review: TheReview, who: Asker) -> JSONResponse:
    name = checked_line(body.name, "the name", _LONGEST_NAME)
    if not name:
        raise RequestError("a run needs a name")
    with review.database.write() as session:
        return answer(add_run(session, name, _request(body.request), author_id=who.id))


def _request(wanted: Wanted) -> dict[str, Any]:
    """What is wanted, checked as `charter generate` does. Raises RequestError."""
    names = [level.name.lower() for level in Difficulty] if wanted.difficulties is None else wanted.difficulties
    levels = tuple(sorted({Difficulty.parse(name) for name in names}))
    request = Request(difficulties=levels, seed=wanted.seed, sync=wanted.sync)
    return {"difficulties": [level.name.lower() for level in levels], "seed": request.seed, "sync": request.sync}
