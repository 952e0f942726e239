"""Edits of songs: their texts, timing and preview, and where beat 0 is. As those of charts, each counts once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from charter.errors import TimingError
from charter.notation import TICKS_PER_BEAT
from charter.review.document.changes import Changes
from charter.review.document.codec import LAST_TICK, timing_json, timing_of
from charter.review.document.song_fields import shifted_fields, shifted_timing
from charter.review.document.verdicts import DECIDED, OPEN
from charter.review.errors import Conflict, Invalid
from charter.review.store.database import now
from charter.review.store.dismissals import move_findings
from charter.review.store.edits import Asked, edit_json, locked_chart, record_edit
from charter.review.store.names import names
from charter.review.store.notes import move_notes
from charter.review.store.reopened import reopening
from charter.review.store.rows import no_row
from charter.review.store.tables import Chart, Comment, Measure, Note, Song, SongEdit

_ROUNDED_SECONDS = 0.1  # pages show tenths, and what they show as the end is to be taken


@dataclass(frozen=True)
class AskedOfSong:
    """An edit of a song as someone asks for it.

    fields: by name, what it was and is to be (checked); shift: ticks by which beat 0 is to be earlier
    base: the song's version that the asker had seen, None for any; so that two who move beat 0 do not move it twice
    """

    key: str
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    shift: int = 0
    summary: str = ""
    base: int | None = None


@dataclass(frozen=True)
class KeptOfSong:
    """An edit of a song that counts.

    answer: what its author is told; edit: as everyone has it; is_new: False where it had been sent before
    charts: those that are to be checked again; chart_edits: of the charts that moved, by chart
    reopened: charts that had been decided on and sound other now, with what `reopening` tells of each
    """

    run_id: int
    answer: dict[str, Any]
    edit: dict[str, Any]
    is_new: bool
    charts: tuple[int, ...] = ()
    chart_edits: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    reopened: Mapping[int, dict[str, Any] | None] = field(default_factory=dict)


def edit_song(session: Session, song_id: int, asked: AskedOfSong, author_id: int | None) -> KeptOfSong:
    """Change a song as asked.

    Raises NotFound, Conflict (the fields as they are now), Invalid (something would stand where no chart reaches).
    """
    song = session.scalar(select(Song).where(Song.id == song_id).with_for_update(key_share=True))
    if song is None:
        raise no_row(Song, song_id)
    before = session.scalar(select(SongEdit).where(SongEdit.song_id == song_id, SongEdit.key == asked.key))
    if before is not None:
        return _sent_before(session, song, before, asked)
    _check_as_seen(session, song, asked)
    _check_preview(song, asked)
    changes: dict[str, Any] = {name: [song.fields[name], now_] for name, (_, now_) in asked.fields.items()}
    fields = {**song.fields, **{name: now_ for name, (_, now_) in asked.fields.items()}}
    moved: dict[int, dict[str, Any]] = {}
    charts = tuple(session.scalars(select(Chart.id).where(Chart.song_id == song_id).order_by(Chart.id)))
    retimed: dict[int, dict[str, Any] | None] = {}
    if asked.shift:
        shifted = _shifted(fields, asked.shift)
        changes |= {"timing": [song.fields["timing"], shifted["timing"]], "shift": asked.shift}
        fields = shifted
        moved = {chart_id: _shift_chart(session, chart_id, asked, author_id) for chart_id in charts}
        song.shift += asked.shift
    elif "timing" in asked.fields:
        retimed = _reopen(session, song_id, author_id)
    song.fields, song.version = fields, song.version + 1
    edit = SongEdit(
        song_id=song_id,
        version=song.version,
        key=asked.key,
        kind="shift" if asked.shift else "edit",
        summary=asked.summary,
        changes=changes,
        author_id=author_id,
        at=now(),
    )
    session.add(edit)
    session.flush()
    answer = {"version": song.version, "fields": fields, "shift": song.shift}
    return KeptOfSong(
        song.run_id,
        answer,
        edit_json(edit, names(session)),
        is_new=True,
        charts=charts,
        chart_edits=moved,
        reopened=retimed,
    )


def _sent_before(session: Session, song: Song, before: SongEdit, asked: AskedOfSong) -> KeptOfSong:
    """The answer of the first time. Raises Invalid for another edit under the same key."""
    wanted = {name: now_ for name, (_, now_) in asked.fields.items()}
    own = {name: swap[1] for name, swap in before.changes.items() if name != "shift"}
    if before.changes.get("shift", 0) != asked.shift or own | wanted != own or (not asked.shift and own != wanted):
        raise Invalid(f"the key {asked.key} was used for another edit of this song; each has a key of its own")
    fields, shift = dict(song.fields), song.shift
    for later in song_edits(session, song.id, after=before.version)[::-1]:
        fields |= {name: swap[0] for name, swap in later["changes"].items() if name != "shift"}
        shift -= later["changes"].get("shift", 0)
    answer = {"version": before.version, "fields": fields, "shift": shift}
    return KeptOfSong(song.run_id, answer, edit_json(before, names(session)), is_new=False)


def _check_as_seen(session: Session, song: Song, asked: AskedOfSong) -> None:
    wrong = {name: song.fields.get(name) for name, (was, _) in asked.fields.items() if song.fields.get(name) != was}
    since = song_edits(session, song.id, after=asked.base) if asked.base is not None and asked.shift else []
    if wrong or any("shift" in edit["changes"] for edit in since):
        raise Conflict(
            "someone changed the song meanwhile",
            {"fields": wrong, "version": song.version, "shift": song.shift},
        )
    if not song.fields.get("timing"):
        raise Invalid("the song is not ready to be edited")


def _check_preview(song: Song, asked: AskedOfSong) -> None:
    """Raises Invalid for a preview that the music does not reach; what the song came with can be had back."""
    preview = asked.fields.get("preview", (None, None))[1]
    duration = song.sound.get("duration")
    if preview is None or duration is None or preview == song.draft_fields.get("preview"):
        return
    start, length = preview
    if start + length > duration + _ROUNDED_SECONDS:
        raise Invalid(
            f"the preview starts at {start:g} s and lasts {length:g} s, but the music has {duration:.1f} s; "
            "it is to lie within the song"
        )


def _shifted(fields: Mapping[str, Any], shift: int) -> dict[str, Any]:
    try:
        return shifted_fields(fields, shift)
    except TimingError as error:
        raise Invalid(str(error)) from error


def _shift_chart(session: Session, chart_id: int, asked: AskedOfSong, author_id: int | None) -> dict[str, Any]:
    """Move all that stands on ticks of a chart; the edit. Raises Invalid where one would be off its ticks."""
    chart = locked_chart(session, chart_id)
    for column, end, what in ((Note, func.coalesce(Note.end, Note.tick), "note"), (Comment, Comment.tick, "comment")):
        ends = select(func.min(column.tick), func.max(end)).where(column.chart_id == chart_id)
        first, last = session.execute(ends).one()
        if first is not None and first + asked.shift < 0:
            raise Invalid(
                f"beat 0 cannot be moved there: a {what} on beat {first / TICKS_PER_BEAT:g} would be before it"
            )
        if last is not None and last + asked.shift > LAST_TICK:
            raise Invalid("beat 0 cannot be moved as far")
    own = session.execute(select(Chart.own_timing).where(Chart.id == chart_id)).scalar_one()
    if own is not None:
        try:
            own = timing_json(shifted_timing(timing_of(own), asked.shift))
        except TimingError as error:
            raise Invalid(str(error)) from error
    move_notes(session, chart_id, asked.shift)
    session.execute(
        update(Comment)
        .where(Comment.chart_id == chart_id, Comment.tick.is_not(None))
        .values(tick=Comment.tick + asked.shift)
    )
    move_findings(session, chart_id, asked.shift)
    # A chart's clients make no keys with a colon, so this one is no client's.
    edit = Asked(f"song:{asked.key}", chart.version, "shift", Changes(shift=asked.shift), asked.summary)
    # Draft and notes moved together: what was counted of them stays.
    counted = update(Measure).where(Measure.chart_id == chart_id, Measure.version == chart.version)
    session.execute(counted.values(version=chart.version + 1))
    values: dict[str, Any] = {"own_timing": own}
    return record_edit(session, chart, edit, author_id, values)


def _reopen(session: Session, song_id: int, author_id: int | None) -> dict[int, dict[str, Any] | None]:
    """Open the charts again that were decided on with another timing; what is told of each."""
    asked = select(Chart.id, Chart.status).where(
        Chart.song_id == song_id, Chart.status.in_(DECIDED), Chart.own_timing.is_(None)
    )
    found = session.execute(asked).all()
    charts = {chart_id: reopening(session, chart_id, status, author_id, "timing") for chart_id, status in found}
    if charts:
        session.execute(update(Chart).where(Chart.id.in_(charts)).values(status=OPEN))
    return charts


def song_edits(session: Session, song_id: int, after: int = 0) -> list[dict[str, Any]]:
    """The edits of a song that follow on a version, in their order."""
    asked = select(SongEdit).where(SongEdit.song_id == song_id, SongEdit.version > after)
    edits = session.scalars(asked.order_by(SongEdit.version)).all()
    known = names(session) if edits else {}
    return [edit_json(edit, known) for edit in edits]
