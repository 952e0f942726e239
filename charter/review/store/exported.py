"""Songs as an export gets them: plain values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.review.errors import NotFound
from charter.review.store.notes import stored_notes
from charter.review.store.songs import ready_song
from charter.review.store.tables import Chart, Decision, Run, Song

ACCEPTED = "accepted"


def run_named(session: Session, run_id: int) -> Run:
    """A run. Raises NotFound."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound(f"there is no run {run_id}")
    return run


def accepted_count(session: Session, run_id: int) -> int:
    """How many charts of a run are accepted."""
    asked = select(func.count()).select_from(Chart).join(Song, Song.id == Chart.song_id)
    return session.scalar(asked.where(Song.run_id == run_id, Chart.status == ACCEPTED)) or 0


def exported_songs(session: Session, run_id: int) -> Iterator[dict[str, Any]]:
    """Every song of a run, in its order, as it is now.

    ``{"key", "state", "source", "audio_hash", "weights", "shift", "duration": seconds or null, "fields",
    "draft_fields", "charts"}``; a chart is ``{"place", "slot", "status", "version"}``, and if it is accepted also
    ``{"meter", "description", "own_timing", "notes", "accepted": when}``.
    """
    last = select(func.max(Decision.id)).join(Chart, Chart.id == Decision.chart_id).join(Song, Song.id == Chart.song_id)
    chosen = last.where(Song.run_id == run_id).group_by(Decision.chart_id)
    asked = select(Decision.chart_id, Decision.at).where(Decision.id.in_(chosen))
    when = {chart: at.isoformat() for chart, at in session.execute(asked)}
    for song_id in session.scalars(select(Song.id).where(Song.run_id == run_id).order_by(Song.id)).all():
        song = session.get_one(Song, song_id)
        charts = _charts(session, song_id)
        yield _values(song, [_chart(session, chart, when) for chart in charts])
        session.expunge_all()  # a run may be larger than memory


def working_copy(session: Session, song_id: int) -> dict[str, Any]:
    """One song as `exported_songs` has it, with every chart as if it were accepted. Raises NotFound, Conflict."""
    song = ready_song(session, song_id)
    charts = [_told(session, chart) | {"status": ACCEPTED, "accepted": None} for chart in _charts(session, song_id)]
    return _values(song, charts)


def _charts(session: Session, song_id: int) -> Sequence[Chart]:
    return session.scalars(select(Chart).where(Chart.song_id == song_id).order_by(Chart.place, Chart.id)).all()


def _values(song: Song, charts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": song.key,
        "state": song.state,
        "source": song.source,
        "audio_hash": song.audio_hash,
        "weights": song.weights,
        "shift": song.shift,
        "duration": song.sound.get("duration"),
        "fields": song.fields,
        "draft_fields": song.draft_fields,
        "charts": charts,
    }


def _chart(session: Session, chart: Chart, when: Mapping[int, str]) -> dict[str, Any]:
    if chart.status == ACCEPTED:
        return _told(session, chart) | {"status": ACCEPTED, "accepted": when.get(chart.id)}
    return {"place": chart.place, "slot": chart.slot, "status": chart.status, "version": chart.version}


def _told(session: Session, chart: Chart) -> dict[str, Any]:
    return {
        "place": chart.place,
        "slot": chart.slot,
        "version": chart.version,
        "meter": chart.meter,
        "description": chart.description,
        "own_timing": chart.own_timing,
        "notes": stored_notes(session, chart.id),
    }
