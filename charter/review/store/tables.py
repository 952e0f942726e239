"""The tables of a review.

A chart's notes stand in rows of their own, so that an edit touches what it changes and no more. Edits are kept for
good, each with what stood there before: from the notes of today, any version is had by taking edits back.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from charter.review.document.changes import hit_ticks, notes_by_cell
from charter.review.document.verdicts import OPEN


class UtcTime(TypeDecorator[datetime]):
    """A time in UTC that comes back with its zone; SQLite keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as it was given."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _rows_of_draft(context: DefaultExecutionContext) -> int:
    values: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return len(hit_ticks(notes_by_cell(values["draft"].get("notes", ()))))


class Table(DeclarativeBase):
    """All tables; JSON columns hold plain values, times are UTC."""

    type_annotation_map = {  # noqa: RUF012  # the name that SQLAlchemy reads
        dict[str, Any]: JSON,
        list[Any]: JSON,
        datetime: UtcTime(),
        str: Text,
    }


class Person(Table):
    """Someone who reviews, by the name that others see."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    created: Mapped[datetime]


class Login(Table):
    """A browser that someone is signed in with. secret_hash: SHA-256 of what its cookie says, in hex."""

    __tablename__ = "logins"
    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created: Mapped[datetime]
    expires: Mapped[datetime]


class Run(Table):
    """Songs that are reviewed together.

    source: the pack's folder that it was made from, or empty; request: what new songs of it are charted by
    """

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    request: Mapped[dict[str, Any]]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created: Mapped[datetime]


class Song(Table):
    """A song of a run.

    state: ``waiting``, ``working``, ``ready``, ``failed`` or ``cancelled``; error: why it failed, one line
    key: the folder with its files, below the songs' folder of the data; a name of our own
    source: what it was called where it came from; audio_hash: as `sound_hash` has it, empty until it was decoded
    fields: ``title, subtitle, artist, genre, credit, timing, preview`` as `fields_json` has them
    draft_fields: as they came; version: the number of edits of the fields
    shift: ticks by which beat 0 was moved since the draft; a draft note on tick t is now on tick t + shift
    sound: where the player finds what it needs, as `charter.review.queue.songs_in.sound_json` has it; empty of a song
    that cannot be played
    weights: fingerprints of the networks that wrote the draft, empty for charts of other origin
    findings: of the song as a whole
    """

    __tablename__ = "songs"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    state: Mapped[str]
    error: Mapped[str] = mapped_column(default="")
    audio_hash: Mapped[str] = mapped_column(default="")
    fields: Mapped[dict[str, Any]]
    draft_fields: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=0)
    shift: Mapped[int] = mapped_column(default=0)
    sound: Mapped[dict[str, Any]]
    weights: Mapped[dict[str, Any]]
    findings: Mapped[list[Any]]
    created: Mapped[datetime]


class Chart(Table):
    """A chart of a song.

    place: its number among the dance-single charts of the song's simfile
    slot: ``beginner`` … ``challenge`` or ``edit``
    status: ``open``, ``accepted``, ``sent back`` or ``rejected``; assignee_id: who is to review it
    version: the number of edits; draft: ``{notes, meter, description}`` as they came
    rows: how many ticks have something to hit, kept beside the notes for lists of many charts
    own_timing: of a chart with split timing, as `timing_json` has it; else None
    checked_version, checked_song_version: of which chart and which song fields ``findings`` and ``footing`` are
    """

    __tablename__ = "charts"
    id: Mapped[int] = mapped_column(primary_key=True)
    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id"), index=True)
    place: Mapped[int]
    slot: Mapped[str]
    meter: Mapped[int]
    description: Mapped[str] = mapped_column(default="")
    own_timing: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    status: Mapped[str] = mapped_column(default=OPEN)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=0)
    draft: Mapped[dict[str, Any]]
    rows: Mapped[int] = mapped_column(default=_rows_of_draft)
    findings: Mapped[list[Any]]
    footing: Mapped[list[Any]]
    checked_version: Mapped[int] = mapped_column(default=-1)
    checked_song_version: Mapped[int] = mapped_column(default=-1)


class Note(Table):
    """A note of a chart as it is now. kind: StepMania's character, never of a tail; end: tick of a hold's or roll's."""

    __tablename__ = "notes"
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"), primary_key=True)
    tick: Mapped[int] = mapped_column(primary_key=True)
    panel: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    end: Mapped[int | None]


class _Change:
    """The columns of an edit, whatever it changes: from one version to the next.

    key: of the client's making, so that an edit that is sent twice counts once
    kind: ``edit``, ``undo``, ``redo passage``, ``restore``, ``import`` or ``shift``; what it is, not whether it counts
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    key: Mapped[str]
    kind: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    changes: Mapped[dict[str, Any]]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class Edit(_Change, Table):
    """A change of a chart. changes: as `charter.review.document.changes` has them, with what stood there before."""

    __tablename__ = "edits"
    __table_args__ = (UniqueConstraint("chart_id", "version"), UniqueConstraint("chart_id", "key"))
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))


class SongEdit(_Change, Table):
    """A change of a song's fields. changes: ``{field: [was, now], …, "shift": ticks}``."""

    __tablename__ = "song_edits"
    __table_args__ = (UniqueConstraint("song_id", "version"), UniqueConstraint("song_id", "key"))
    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id"))


class Comment(Table):
    """Something said about a place of a chart. tick: None for the whole of it; version: of the chart at that time."""

    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"), index=True)
    tick: Mapped[int | None]
    text: Mapped[str]
    version: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    resolved: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Decision(Table):
    """Who decided what of a chart, and when. verdict: a status of `Chart`; ``open`` takes a decision back."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"), index=True)
    verdict: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    version: Mapped[int]
    song_version: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class Measure(Table):
    """What became of the rows of a chart's draft, as `RowCounts` has them, in the version that was accepted last."""

    __tablename__ = "measures"
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"), primary_key=True)
    version: Mapped[int]
    kept: Mapped[int]
    moved: Mapped[int]
    rewritten: Mapped[int]
    removed: Mapped[int]
    added: Mapped[int]


class Dismissal(Table):
    """A finding that someone looked at and lets stand. finding: its id; reason: why."""

    __tablename__ = "dismissals"
    __table_args__ = (UniqueConstraint("chart_id", "finding"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"))
    finding: Mapped[str]
    reason: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class Visit(Table):
    """Seconds that someone worked on a chart on one day (UTC, ``2026-11-21``)."""

    __tablename__ = "visits"
    chart_id: Mapped[int] = mapped_column(ForeignKey("charts.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    day: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[float] = mapped_column(default=0.0)


class Job(Table):
    """Work for a worker process.

    kind: a name of `charter.review.queue.kinds`; request, result: plain values, as what does it has them
    state: ``waiting``, ``running``, ``done``, ``failed`` or ``cancelled``
    progress: 0 to 1; stage: what it is at, a word or two; tries: how often it was begun
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("jobs_by_state", "state", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"), index=True)
    song_id: Mapped[int | None] = mapped_column(ForeignKey("songs.id"), index=True)
    chart_id: Mapped[int | None] = mapped_column(ForeignKey("charts.id"))
    state: Mapped[str]
    progress: Mapped[float] = mapped_column(default=0.0)
    stage: Mapped[str] = mapped_column(default="")
    request: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    error: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created: Mapped[datetime]
    started: Mapped[datetime | None]
    ended: Mapped[datetime | None]
