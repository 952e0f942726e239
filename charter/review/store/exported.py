"""Songs as an export gets them: plain values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.review.document.verdicts import ACCEPTED
from charter.review.store.notes import notes_of_charts
from charter.review.store.songs import ready_song
from charter.review.store.tables import Chart, Decision, Song

# Findings, footing and drafts are of no export, and are most of what a chart's row holds.
_OF_SONG = (
    Song.id, Song.key, Song.state, Song.source, Song.audio_hash, Song.weights, Song.shift, Song.sound, Song.fields,
    Song.draft_fields,
)  # fmt: skip
_OF_CHART = (
    Chart.id, Chart.song_id, Chart.place, Chart.slot, Chart.status, Chart.version, Chart.meter, Chart.description,
    Chart.own_timing,
)  # fmt: skip
_SONGS_AT_ONCE = 20  # a run may be larger than memory


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
    songs = session.scalars(select(Song.id).where(Song.run_id == run_id).order_by(Song.id)).all()
    for start in range(0, len(songs), _SONGS_AT_ONCE):
        yield from _songs(session, songs[start : start + _SONGS_AT_ONCE], when)


def working_copy(session: Session, song_id: int) -> dict[str, Any]:
    """One song as `exported_songs` has it, with every chart as if it were accepted. Raises NotFound, Conflict."""
    return _songs(session, [ready_song(session, song_id).id], None)[0]


def _songs(session: Session, numbers: Sequence[int], when: Mapping[int, str] | None) -> list[dict[str, Any]]:
    """Some songs, in their order. when: charts were accepted, by chart; None to have every chart as if it were."""
    told = Chart.song_id.in_(numbers)
    charts = session.execute(select(*_OF_CHART).where(told).order_by(Chart.place, Chart.id)).all()
    notes = notes_of_charts(session, told if when is None else told & (Chart.status == ACCEPTED))
    by_song: dict[int, list[dict[str, Any]]] = {number: [] for number in numbers}
    for chart in charts:
        by_song[chart.song_id].append(_chart(chart, notes.get(chart.id, []), when))
    songs = session.execute(select(*_OF_SONG).where(Song.id.in_(numbers)).order_by(Song.id))
    return [_song(song, by_song[song.id]) for song in songs]


def _song(song: Any, charts: list[dict[str, Any]]) -> dict[str, Any]:
    """song: of `_OF_SONG`."""
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


def _chart(chart: Any, notes: list[list[Any]], when: Mapping[int, str] | None) -> dict[str, Any]:
    """chart: of `_OF_CHART`; when: as `_songs` has it."""
    if when is not None and chart.status != ACCEPTED:
        return {"place": chart.place, "slot": chart.slot, "status": chart.status, "version": chart.version}
    return {
        "place": chart.place,
        "slot": chart.slot,
        "version": chart.version,
        "meter": chart.meter,
        "description": chart.description,
        "own_timing": chart.own_timing,
        "notes": notes,
        "status": ACCEPTED,
        "accepted": None if when is None else when.get(chart.id),
    }
