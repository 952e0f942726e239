"""What became of every chart of a run, one line of JSON each: what the model wrote, and what artists made of it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.document.measure import row_counts
from charter.review.store.comments import comments
from charter.review.store.database import Database
from charter.review.store.decisions import decisions
from charter.review.store.dismissals import dismissals
from charter.review.store.edits import edits_after
from charter.review.store.notes import stored_notes
from charter.review.store.song_edits import song_edits
from charter.review.store.tables import Chart, Run, Song
from charter.review.store.visits import seconds_spent


def history_lines(database: Database, run_id: int) -> Iterator[str]:
    """A line for each chart of a run, by song and place, each as of when it is written; a line end behind each.

    ``{"charter_history": 1, "run": {"id", "name"}, "song": {"id", "source", "audio_hash", "duration", "weights",
    "shift", "fields", "draft_fields", "edits": [Edit]}, "chart": id, "slot", "status", "version", "own_timing",
    "draft": {"notes", "meter", "description"}, "final": the same, "rows": {"kept", "moved", "rewritten", "removed",
    "added"}, "edits": [Edit], "decisions", "comments", "dismissals", "seconds": [{"author", "day", "seconds"}]}``.
    Edits, decisions and comments are as pages get them. Ticks of the draft are before any shift of beat 0, as are those
    of edits before it.
    """
    with database.read() as session:
        of_run = select(Chart.id).join(Song, Song.id == Chart.song_id).where(Song.run_id == run_id)
        charts = list(session.scalars(of_run.order_by(Song.id, Chart.place, Chart.id)))
    for chart_id in charts:  # each by itself: one look at a long run would hold up what the database tidies
        with database.read() as session:
            chart = session.get(Chart, chart_id)
            line = None if chart is None else _line(session, chart)
        if line is not None:
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"


def _line(session: Session, chart: Chart) -> dict[str, Any]:
    song = session.get_one(Song, chart.song_id)
    run = session.get_one(Run, song.run_id)
    final = stored_notes(session, chart.id)
    return {
        "charter_history": 1,
        "run": {"id": run.id, "name": run.name},
        "song": _song(session, song),
        "chart": chart.id,
        "slot": chart.slot,
        "status": chart.status,
        "version": chart.version,
        "own_timing": chart.own_timing,
        "draft": chart.draft,
        "final": {"notes": final, "meter": chart.meter, "description": chart.description},
        "rows": asdict(row_counts(chart.draft["notes"], song.shift, final)),
        "edits": edits_after(session, chart.id, 0),
        "decisions": decisions(session, chart.id),
        "comments": comments(session, chart.id),
        "dismissals": dismissals(session, chart.id),
        "seconds": seconds_spent(session, chart.id),
    }


def _song(session: Session, song: Song) -> dict[str, Any]:
    return {
        "id": song.id,
        "source": song.source,
        "audio_hash": song.audio_hash,
        "duration": song.sound.get("duration"),
        "weights": song.weights,
        "shift": song.shift,
        "fields": song.fields,
        "draft_fields": song.draft_fields,
        "edits": song_edits(session, song.id),
    }
