"""Jobs: asked for, looked at, stopped, tried again."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import JSONResponse

from charter.review.document.codec import LAST_TICK
from charter.review.document.limits import MOST_CANDIDATES
from charter.review.errors import Conflict
from charter.review.queue.kinds import MAKES_SONG
from charter.review.store import jobs
from charter.review.store.rows import row_of
from charter.review.store.songs import ready_song, run_of_song, song_row
from charter.review.store.tables import Chart, Job
from charter.review.web.context import Asker, Review, TheReview, Who
from charter.review.web.removal import remove_song
from charter.review.web.routes import shapes
from charter.review.web.routes.values import Body, Id, Number, answer

router = APIRouter(prefix="/api")

_Tick = Annotated[int, Field(ge=0, le=LAST_TICK)]
_MOST_LOCKS = 2000


class RedoBody(Body):
    """A passage to be written anew: ticks from ``start`` to before ``end``, rows in ``locks`` left as they are."""

    start: _Tick
    end: _Tick
    locks: Annotated[list[Annotated[list[_Tick], Field(min_length=2, max_length=2)]], Field(max_length=_MOST_LOCKS)] = (
        Field(default_factory=list)
    )
    keep_rows: bool = False
    seed: Number = 0
    candidates: Annotated[int, Field(ge=1, le=MOST_CANDIDATES)] = 3


@router.get("/jobs/{job}", response_model=shapes.Job)
def _job(job: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(jobs.job_json(session, row_of(session, Job, job)))


@router.post("/jobs/{job}/cancel", response_model=shapes.Job)
def _cancel(job: Id, review: TheReview, _who: Asker) -> JSONResponse:
    return answer(review.runner.cancel(job))


@router.post("/jobs/{job}/retry", response_model=shapes.Job)
def _retry(job: Id, review: TheReview, _who: Asker) -> JSONResponse:
    return answer(review.runner.retry(job))


@router.post("/charts/{chart}/redo", response_model=shapes.Job)
def _redo(chart: Id, body: RedoBody, review: TheReview, who: Asker) -> JSONResponse:
    with review.database.read() as session:
        song = row_of(session, Chart, chart).song_id
    return answer(_submitted(review, who, "redo", body.model_dump(), song, chart))


@router.post("/songs/{song}/chiptune", response_model=shapes.Job)
def _chiptune(song: Id, review: TheReview, who: Asker) -> JSONResponse:
    return answer(_once(review, who, "chiptune", song))


@router.post("/songs/{song}/hear", response_model=shapes.Job)
def _hear(song: Id, review: TheReview, who: Asker) -> JSONResponse:
    return answer(_once(review, who, "hear", song))


@router.post("/songs/{song}/cancel", response_model=shapes.SongRow)
def _cancel_song(song: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        run_of_song(session, song)  # raises NotFound
        numbers = [job.id for job in jobs.of_song(session, song, MAKES_SONG)]
    for number in numbers:
        review.runner.cancel(number)
    return answer(_row(review, song))


@router.post("/songs/{song}/retry", response_model=shapes.SongRow)
def _retry_song(song: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        run_of_song(session, song)  # raises NotFound
        last = jobs.latest_of_song(session, song, MAKES_SONG)
    if last is None:
        raise Conflict("there is nothing to try again")
    review.runner.retry(last.id)
    return answer(_row(review, song))


@router.delete("/songs/{song}", response_model=shapes.Numbered)
def _delete(song: Id, review: TheReview, _who: Asker) -> JSONResponse:
    """Remove a song that never came to be, with its upload and whatever lies in its place."""
    remove_song(review, song)
    return answer({"id": song})


def _row(review: Review, song: int) -> dict[str, Any]:
    with review.database.read() as session:
        return song_row(session, song)


def _once(review: Review, who: Who, kind: str, song: int) -> dict[str, Any]:
    """A job of a kind for a song: the one that there is, if it is not over."""
    with review.database.read() as session:
        there = jobs.of_song(session, song, (kind,))
        if there:
            return jobs.job_json(session, there[0])
    return _submitted(review, who, kind, {}, song)


def _submitted(
    review: Review, who: Who, kind: str, request: dict[str, Any], song: int, chart: int | None = None
) -> dict[str, Any]:
    """A new job for a song that is ready. Raises NotFound, Conflict, TooManyJobs."""
    with review.database.read() as session:  # a crowd that is refused shall not hold up those who write
        review.runner.check_room(session, kind, who.id)
    with review.database.write() as session:
        run = ready_song(session, song).run_id
        job = review.runner.submit(session, kind, request, run_id=run, song_id=song, chart_id=chart, author_id=who.id)
    review.runner.wake()
    review.live.publish(run, {"type": "job", "job": job})
    return job
