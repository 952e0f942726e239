"""Songs: one with all that its editor needs, and edits of its fields and beat 0."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import JSONResponse

from charter.errors import RequestError
from charter.review.document.codec import LAST_TICK
from charter.review.document.song_fields import checked_field
from charter.review.document.text import checked_key, checked_line
from charter.review.store.song_edits import AskedOfSong, KeptOfSong, edit_song, song_edits
from charter.review.store.songs import run_of_song, song_detail, song_row
from charter.review.web.context import Asker, Review, TheReview
from charter.review.web.routes import shapes
from charter.review.web.routes.chart_edits import tell_chart
from charter.review.web.routes.values import Body, Id, Number, answer

router = APIRouter(prefix="/api")
_LONGEST_SUMMARY = 300


class SongEditBody(Body):
    """An edit of a song.

    fields: by name, ``[was, now]``; shift: ticks by which beat 0 is to be earlier
    base: the song's version that its author saw; with a shift, so that beat 0 is not moved by two at once
    """

    key: str
    fields: dict[str, Annotated[list[Any], Field(min_length=2, max_length=2)]] = Field(default_factory=dict)
    shift: Annotated[int, Field(ge=-LAST_TICK, le=LAST_TICK)] = 0
    summary: str = ""
    base: Number | None = None


@router.get("/songs/{song}", response_model=shapes.Song)
def _song(song: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        return answer(song_detail(session, song))


@router.get("/songs/{song}/edits", response_model=list[shapes.Edit])
def _edits(song: Id, review: TheReview, _who: Asker) -> JSONResponse:
    with review.database.read() as session:
        run_of_song(session, song)  # raises NotFound
        return answer(song_edits(session, song))


@router.post("/songs/{song}/edits", response_model=shapes.SongEdited)
def _edit(song: Id, body: SongEditBody, review: TheReview, who: Asker) -> JSONResponse:
    asked = _asked(body)
    with review.database.write() as session:
        kept = edit_song(session, song, asked, who.id)
    if kept.is_new:
        _tell(review, song, kept)
    return answer(kept.answer)


def _asked(body: SongEditBody) -> AskedOfSong:
    """Raises RequestError or TimingError for what no song can have."""
    if body.shift and "timing" in body.fields:
        raise RequestError("an edit moves beat 0 or changes the timing, not both")
    fields = {name: (was, checked_field(name, now)) for name, (was, now) in body.fields.items()}
    changed = {name: (was, now) for name, (was, now) in fields.items() if was != now}
    if not changed and not body.shift:
        raise RequestError("this edit changes nothing")
    summary = checked_line(body.summary, "the summary", _LONGEST_SUMMARY)
    return AskedOfSong(checked_key(body.key), changed, body.shift, summary, body.base)


def _tell(review: Review, song_id: int, kept: KeptOfSong) -> None:
    """Have pages hear of an edit that was kept, and the song checked again, with the charts whose beats changed."""
    event = {"type": "song edit", "song": song_id, "edit": kept.edit, **kept.answer}
    review.live.publish(kept.run_id, event)
    for chart_id, edit in kept.chart_edits.items():
        review.live.publish(kept.run_id, {"type": "edit", "chart": chart_id, "edit": edit})
    for chart_id, reopened in kept.reopened.items():
        tell_chart(review, kept.run_id, chart_id, reopened)
    if kept.edit["changes"].keys() & {"title", "artist"}:
        with review.database.read() as session:
            row = song_row(session, song_id)
        review.live.publish(kept.run_id, {"type": "song", "song": row})
    # What is said of the song as a whole comes with the check of any chart.
    for chart_id in kept.charts if "timing" in kept.edit["changes"] else kept.charts[:1]:
        review.runner.check(chart_id)
