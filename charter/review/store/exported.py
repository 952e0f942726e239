"""A run's songs as an export gets them, one after the other: plain values."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.review.store.tables import Chart, Decision, Note, Song

ACCEPTED = "accepted"


def accepted_count(session: Session, run_id: int) -> int:
    """How many charts of a run are accepted."""
    asked = select(func.count()).select_from(Chart).join(Song, Song.id == Chart.song_id)
    return session.scalar(asked.where(Song.run_id == run_id, Chart.status == ACCEPTED)) or 0


def exported_songs(session: Session, run_id: int) -> Iterator[dict[str, Any]]:
    """Every song of a run, in its order, as it is now.

    ``{"key", "state", "source", "audio_hash", "weights", "shift", "duration": seconds or null, "fields", "charts"}``;
    a chart is ``{"place", "slot", "status", "version"}``, and if it is accepted also ``{"meter", "description",
    "own_timing", "notes", "song_changed": whether the song's fields were edited since, "accepted": when}``.
    """
    last = select(func.max(Decision.id)).join(Chart, Chart.id == Decision.chart_id).join(Song, Song.id == Chart.song_id)
    chosen = last.where(Song.run_id == run_id).group_by(Decision.chart_id)
    decisions = {each.chart_id: each for each in session.scalars(select(Decision).where(Decision.id.in_(chosen)))}
    charts: dict[int, list[Chart]] = {}
    of_run = select(Chart).join(Song, Song.id == Chart.song_id).where(Song.run_id == run_id)
    for chart in session.scalars(of_run.order_by(Chart.place, Chart.id)):
        charts.setdefault(chart.song_id, []).append(chart)
    for song in session.scalars(select(Song).where(Song.run_id == run_id).order_by(Song.id)):
        yield {
            "key": song.key,
            "state": song.state,
            "source": song.source,
            "audio_hash": song.audio_hash,
            "weights": song.weights,
            "shift": song.shift,
            "duration": song.sound.get("duration"),
            "fields": song.fields,
            "charts": [_chart(session, song, each, decisions.get(each.id)) for each in charts.get(song.id, [])],
        }


def _chart(session: Session, song: Song, chart: Chart, decision: Decision | None) -> dict[str, Any]:
    values = {"place": chart.place, "slot": chart.slot, "status": chart.status, "version": chart.version}
    if chart.status != ACCEPTED:
        return values
    return values | {
        "meter": chart.meter,
        "description": chart.description,
        "own_timing": chart.own_timing,
        "notes": stored_notes(session, chart.id),
        "song_changed": decision is not None and decision.song_version != song.version,
        "accepted": None if decision is None else decision.at.isoformat(),
    }


def stored_notes(session: Session, chart_id: int) -> list[list[Any]]:
    """A chart's notes as they are now, in file order, as ``[tick, panel, kind, end]``."""
    asked = select(Note.tick, Note.panel, Note.kind, Note.end).where(Note.chart_id == chart_id)
    return [list(note) for note in session.execute(asked.order_by(Note.tick, Note.panel))]
