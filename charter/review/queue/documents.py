"""Songs and charts as workers get them: plain values from the tables."""

from typing import Any

from sqlalchemy.orm import Session

from charter.review.errors import NotFound
from charter.review.store.notes import stored_notes
from charter.review.store.tables import Chart, Job, Song


def song_of(session: Session, job: Job) -> Song:
    """The song that a job is about. Raises NotFound where it has gone."""
    song = session.get(Song, job.song_id) if job.song_id is not None else None
    if song is None:
        raise NotFound("the song is no longer there")
    return song


def song_document(song: Song) -> dict[str, Any]:
    """``{key, fields}`` of a song."""
    return {"key": song.key, "fields": song.fields}


def chart_document(session: Session, chart: Chart) -> dict[str, Any]:
    """``{id, version, place, slot, meter, description, own_timing, notes}`` of a chart as it is now."""
    return {
        "id": chart.id,
        "version": chart.version,
        "place": chart.place,
        "slot": chart.slot,
        "meter": chart.meter,
        "description": chart.description,
        "own_timing": chart.own_timing,
        "notes": stored_notes(session, chart.id),
    }
