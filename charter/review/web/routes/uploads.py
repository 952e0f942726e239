"""Music comes in: kept as it comes, then a job's matter."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from charter.review.document.text import shown_name
from charter.review.store.rows import check_row
from charter.review.store.songs import new_song, song_row
from charter.review.store.tables import Run
from charter.review.web.context import Asker, Review, TheReview, Who
from charter.review.web.openapi import file_body
from charter.review.web.routes import shapes
from charter.review.web.routes.values import Id, answer
from charter.review.web.uploads import Uploads

router = APIRouter(prefix="/api")


@router.post("/runs/{run}/songs", response_model=shapes.SongRow, openapi_extra=file_body())
async def _upload(
    run: Id, request: Request, review: TheReview, who: Asker, name: Annotated[str, Query()] = ""
) -> JSONResponse:
    uploads: Uploads = request.app.state.uploads
    await run_in_threadpool(_check, review, run, who)
    length = request.headers.get("content-length", "")
    size = int(length) if length.isascii() and length.isdigit() else None
    path = await uploads.receive(who.id, size, request.stream())
    try:
        row = await run_in_threadpool(_add_song, review, run, who, shown_name(name), path.name)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    review.runner.wake()
    review.live.publish(run, {"type": "song", "song": row})
    return answer(row)


def _check(review: Review, run: int, who: Who) -> None:
    """Whether a song can be added, before any of it is sent. Raises NotFound, TooMany."""
    with review.database.read() as session:
        check_row(session, Run, run)
        review.runner.check_room(session, "intake", who.id)


def _add_song(review: Review, run: int, who: Who, name: str, upload: str) -> dict[str, Any]:
    """The row of a new song that waits to be charted. Raises TooMany."""
    with review.database.write() as session:
        song = new_song(session, run, name)
        review.runner.submit(
            session, "intake", {"upload": upload, "name": name}, run_id=run, song_id=song.id, author_id=who.id
        )
        return song_row(session, song.id)
