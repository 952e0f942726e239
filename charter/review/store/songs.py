"""Songs as lists and pages have them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from charter.review.document import song_states
from charter.review.errors import Conflict
from charter.review.store.chart_rows import charts_of_run, charts_of_song
from charter.review.store.database import now
from charter.review.store.jobs import RUNNING, WAITING, jobs_json
from charter.review.store.rows import no_row, row_of
from charter.review.store.tables import Chart, Comment, Job, Note, Song

_LISTED = (
    Song.id, Song.run_id, Song.state, Song.error, Song.source, Song.fields, Song.version, Song.sound, Song.findings,
)  # fmt: skip


def new_song(session: Session, run_id: int, source: str) -> Song:
    """A song that waits to be made by a job. source: what it is called where it comes from"""
    song = Song(
        run_id=run_id,
        key=uuid4().hex,
        source=source,
        state=song_states.WAITING,
        fields={},
        draft_fields={},
        sound={},
        weights={},
        findings=[],
        created=now(),
    )
    session.add(song)
    session.flush()
    return song


def song_row(session: Session, song_id: int) -> dict[str, Any]:
    """One song's row, with its charts'. Raises NotFound."""
    rows = _rows(session, Song.id == song_id, {song_id: charts_of_song(session, song_id)})
    if not rows:
        raise no_row(Song, song_id)
    return rows[0]


def songs_of_run(session: Session, run_id: int) -> list[dict[str, Any]]:
    """The rows of a run's songs, with their charts', in the order in which they came."""
    return _rows(session, Song.run_id == run_id, charts_of_run(session, run_id))


def _rows(
    session: Session, wanted: ColumnElement[bool], charts: Mapping[int, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    songs = session.execute(select(*_LISTED).where(wanted).order_by(Song.id)).all()
    jobs = _jobs(session, wanted)
    return [
        {
            "id": song.id,
            "run": song.run_id,
            "state": song.state,
            "error": song.error,
            "source": song.source,
            "title": song.fields.get("title", ""),
            "artist": song.fields.get("artist", ""),
            "version": song.version,
            "duration": song.sound.get("duration"),
            "findings": [{**finding, "dismissed": None} for finding in song.findings],
            "job": jobs.get(song.id),
            "charts": charts.get(song.id, []),
        }
        for song in songs
    ]


def _jobs(session: Session, wanted: ColumnElement[bool]) -> dict[int, dict[str, Any]]:
    """What waits or is done for each song as a whole; the first where there are several."""
    asked = select(Job).where(
        Job.state.in_((WAITING, RUNNING)), Job.chart_id.is_(None), Job.song_id.in_(select(Song.id).where(wanted))
    )
    jobs = session.scalars(asked.order_by(Job.id.desc())).all()
    return {job["song"]: job for job in jobs_json(session, jobs)}


def song_detail(session: Session, song_id: int) -> dict[str, Any]:
    """A song as its editor has it. Raises NotFound."""
    row = song_row(session, song_id)
    more = session.execute(
        select(Song.fields, Song.draft_fields, Song.shift, Song.sound).where(Song.id == song_id)
    ).one()
    return {
        **row,
        "fields": more.fields,
        "draft_fields": more.draft_fields,
        "shift": more.shift,
        "sound": more.sound or None,
        "can_shift": bool(more.fields.get("timing")),
        "least_shift": -_first_tick(session, song_id),
    }


def _first_tick(session: Session, song_id: int) -> int:
    """The tick of the first note or comment of a song's charts; 0 where there is none."""
    charts = select(Chart.id).where(Chart.song_id == song_id)
    note = session.scalar(select(func.min(Note.tick)).where(Note.chart_id.in_(charts)))
    comment = session.scalar(select(func.min(Comment.tick)).where(Comment.chart_id.in_(charts)))
    return min((tick for tick in (note, comment) if tick is not None), default=0)


def ready_song(session: Session, song_id: int) -> Song:
    """A song whose files and charts are there. Raises NotFound, Conflict."""
    song = row_of(session, Song, song_id)
    if song.state != song_states.READY:
        raise Conflict(f"the song is {song.state}; wait until it is ready")
    return song


def run_of_song(session: Session, song_id: int) -> int:
    """The run that a song is of. Raises NotFound."""
    run = session.scalar(select(Song.run_id).where(Song.id == song_id))
    if run is None:
        raise no_row(Song, song_id)
    return run
