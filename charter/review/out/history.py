"""What became of every chart of a run, one line of JSON each: what the model wrote, and what artists made of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.document.measure import row_counts
from charter.review.store.database import Database
from charter.review.store.names import Names, names, who
from charter.review.store.notes import stored_notes
from charter.review.store.tables import Chart, Comment, Decision, Dismissal, Edit, Run, Song, SongEdit, Visit


def history_lines(database: Database, run_id: int) -> Iterator[str]:
    """A line for each chart of a run, by song and place, each as of when it is written; a line end behind each.

    ``{"charter_history": 1, "run": {"id", "name"}, "song": {"id", "source", "audio_hash", "duration", "weights",
    "shift", "fields", "draft_fields", "edits": [Edit]}, "chart": id, "slot", "status", "version", "own_timing",
    "draft": {"notes", "meter", "description"}, "final": the same, "rows": {"kept", "moved", "rewritten", "removed",
    "added"}, "edits": [Edit], "decisions", "comments", "dismissals", "seconds": [{"author", "day", "seconds"}]}``.
    Ticks of the draft are before any shift of beat 0, as are those of edits before it.
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
    known = names(session)
    final = stored_notes(session, chart.id)
    return {
        "charter_history": 1,
        "run": {"id": run.id, "name": run.name},
        "song": _song(session, song, known),
        "chart": chart.id,
        "slot": chart.slot,
        "status": chart.status,
        "version": chart.version,
        "own_timing": chart.own_timing,
        "draft": chart.draft,
        "final": {"notes": final, "meter": chart.meter, "description": chart.description},
        "rows": asdict(row_counts(chart.draft["notes"], song.shift, final)),
        "edits": [
            _edit(edit, known)
            for edit in session.scalars(select(Edit).where(Edit.chart_id == chart.id).order_by(Edit.version))
        ],
        **_said(session, chart.id, known),
    }


def _song(session: Session, song: Song, known: Names) -> dict[str, Any]:
    edits = session.scalars(select(SongEdit).where(SongEdit.song_id == song.id).order_by(SongEdit.version))
    return {
        "id": song.id,
        "source": song.source,
        "audio_hash": song.audio_hash,
        "duration": song.sound.get("duration"),
        "weights": song.weights,
        "shift": song.shift,
        "fields": song.fields,
        "draft_fields": song.draft_fields,
        "edits": [_edit(edit, known) for edit in edits],
    }


def _edit(edit: Edit | SongEdit, known: Mapping[int, str]) -> dict[str, Any]:
    return {
        "version": edit.version,
        "kind": edit.kind,
        "summary": edit.summary,
        "changes": edit.changes,
        "author": who(dict(known), edit.author_id),
        "at": edit.at.isoformat(),
    }


def _said(session: Session, chart_id: int, known: Names) -> dict[str, Any]:
    """What people decided, wrote and let stand, and how long they worked."""
    decisions = session.scalars(select(Decision).where(Decision.chart_id == chart_id).order_by(Decision.id))
    comments = session.scalars(select(Comment).where(Comment.chart_id == chart_id).order_by(Comment.id))
    dismissals = session.scalars(select(Dismissal).where(Dismissal.chart_id == chart_id).order_by(Dismissal.id))
    visits = session.scalars(select(Visit).where(Visit.chart_id == chart_id).order_by(Visit.day, Visit.person_id))
    return {
        "decisions": [
            {
                "verdict": each.verdict,
                "text": each.text,
                "version": each.version,
                "song_version": each.song_version,
                "author": who(known, each.author_id),
                "at": each.at.isoformat(),
            }
            for each in decisions
        ],
        "comments": [
            {
                "tick": each.tick,
                "text": each.text,
                "version": each.version,
                "author": who(known, each.author_id),
                "at": each.at.isoformat(),
                "resolved": each.resolved is not None,
            }
            for each in comments
        ],
        "dismissals": [
            {
                "finding": each.finding,
                "reason": each.reason,
                "author": who(known, each.author_id),
                "at": each.at.isoformat(),
            }
            for each in dismissals
        ],
        "seconds": [
            {"author": who(known, each.person_id), "day": each.day, "seconds": round(each.seconds, 1)}
            for each in visits
        ],
    }
