"""Edits of charts: each counts only if what it changes still is what its author saw, and counts once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from charter.errors import ChartError
from charter.review.document.changes import Cell, Changes, Notes, Symbol, hit_ticks, overlaps, stored_changes
from charter.review.document.limits import MOST_NOTES
from charter.review.document.verdicts import DECIDED, OPEN
from charter.review.errors import Conflict, Invalid
from charter.review.store.database import now
from charter.review.store.names import Names, names, who
from charter.review.store.notes import notes_around, write_swaps
from charter.review.store.reopened import reopening
from charter.review.store.rows import no_row
from charter.review.store.tables import Chart, Edit, Note, Song

_COLUMNS = (Edit.version, Edit.key, Edit.kind, Edit.summary, Edit.changes, Edit.author_id, Edit.at)


@dataclass(frozen=True)
class Asked:
    """An edit as someone asks for it.

    key: of the asker's making; the same edit sent again has the same
    base: the version that the asker had seen when making it
    may_overlap: the result is a chart as it was before, with whatever was wrong with it
    """

    key: str
    base: int
    kind: str
    changes: Changes
    summary: str = ""
    may_overlap: bool = False


@dataclass(frozen=True)
class ChartHead:
    """What an edit needs to know of a chart, which is locked until the transaction ends."""

    id: int
    song_id: int
    run_id: int
    version: int
    meter: int
    description: str
    status: str
    rows: int


@dataclass(frozen=True)
class Kept:
    """An edit that counts.

    answer: what its author is told; edit: as everyone has it
    is_new: False where it had been sent before; reopened: as `reopening` tells where the chart had been decided on
    """

    run_id: int
    answer: dict[str, Any]
    edit: dict[str, Any]
    is_new: bool
    reopened: dict[str, Any] | None = None


def locked_chart(session: Session, chart_id: int) -> ChartHead:
    """A chart that nobody else changes until the transaction ends. Raises NotFound."""
    asked = (
        select(
            Chart.id, Chart.song_id, Song.run_id, Chart.version, Chart.meter, Chart.description, Chart.status,
            Chart.rows,
        )
        .join(Song, Song.id == Chart.song_id)
        .where(Chart.id == chart_id)
        .with_for_update(of=Chart, key_share=True)  # SQLite locks the whole database instead
    )  # fmt: skip
    found = session.execute(asked).one_or_none()
    if found is None:
        raise no_row(Chart, chart_id)
    return ChartHead(*found)


def add_edit(session: Session, chart_id: int, asked: Asked, author_id: int | None) -> Kept:
    """Change a chart as asked.

    Raises NotFound, Conflict (what is there now, and by whose edits), Invalid (the result would be no chart).
    """
    chart = locked_chart(session, chart_id)
    if not 0 <= asked.base <= chart.version:
        raise Invalid(f"the chart is at version {chart.version}; there is no version {asked.base} to change")
    before = edit_of_key(session, chart.id, asked.key)
    if before is not None:
        return _sent_before(session, chart, before, asked)
    others = edits_after(session, chart.id, asked.base)
    try:
        changes = asked.changes.moved(_shift(others))
    except ChartError as error:
        raise Conflict(str(error), _state(chart, [], {}, others)) from error
    around = notes_around(session, chart.id, changes.notes) if changes.notes else {}
    _check_as_seen(chart, changes, around, others)
    _check_count(session, chart, changes)
    if not asked.may_overlap:
        _check_overlaps(chart, changes, around, others)
    reopened = reopening(session, chart.id, chart.status, author_id, asked.kind)
    edit = _write(session, chart, replace(asked, changes=changes), around, author_id)
    answer = {"version": edit["version"], "base": asked.base, "shift": _shift(others), "others": others}
    return Kept(chart.run_id, answer, edit, is_new=True, reopened=reopened)


def _sent_before(session: Session, chart: ChartHead, before: dict[str, Any], asked: Asked) -> Kept:
    """The answer of the first time. Raises Invalid for another edit under the same key."""
    others = [edit for edit in edits_after(session, chart.id, asked.base) if edit["version"] < before["version"]]
    try:
        same = asked.changes.moved(_shift(others)).notes == stored_changes(before["changes"]).notes
    except ChartError:
        same = False
    fields = {name: now for name, (_, now) in asked.changes.fields.items()}
    if not same or fields != {name: now for name, (_, now) in before["changes"].get("fields", {}).items()}:
        raise Invalid(f"the key {asked.key} was used for another edit of this chart; each has a key of its own")
    answer = {"version": before["version"], "base": asked.base, "shift": _shift(others), "others": others}
    return Kept(chart.run_id, answer, before, is_new=False)


def _check_as_seen(chart: ChartHead, changes: Changes, around: Notes, others: list[dict[str, Any]]) -> None:
    """Raises Conflict where something is no longer what the edit says it was."""
    cells = [cell for cell, swap in changes.notes.items() if around.get(cell) != swap.was]
    fields = {name: getattr(chart, name) for name, (was, _) in changes.fields.items() if getattr(chart, name) != was}
    if cells or fields:
        there = [[*cell, list(around[cell]) if cell in around else None] for cell in cells]
        raise Conflict("someone changed the same place meanwhile", _state(chart, there, fields, others))


def _check_count(session: Session, chart: ChartHead, changes: Changes) -> None:
    """Raises Invalid for more notes than a chart may have."""
    gained = sum((swap.now is not None) - (swap.was is not None) for swap in changes.notes.values())
    if gained <= 0:
        return
    count = (session.scalar(select(func.count()).where(Note.chart_id == chart.id)) or 0) + gained
    if count > MOST_NOTES:
        raise Invalid(f"the chart would have {count} notes; {MOST_NOTES} are the most that one may have")


def _check_overlaps(chart: ChartHead, changes: Changes, around: Notes, others: list[dict[str, Any]]) -> None:
    """Raises Invalid where notes would overlap, Conflict where others put there what they overlap with."""
    ticks = overlaps(changes.applied(around), changes.notes)
    if not ticks:
        return
    # Who could not see the hold that someone else drew there meanwhile has made no mistake.
    theirs = _touched(others) & {cell for cell in around if cell not in changes.notes}
    there = [cell for cell in sorted(theirs) if any(_clash(cell, around[cell], tick, changes) for tick in ticks)]
    if there:
        notes = [[*cell, list(around[cell])] for cell in there]
        raise Conflict("someone put notes in the way meanwhile", _state(chart, notes, {}, others))
    raise Invalid("a note would stand inside a hold on its own panel", {"ticks": ticks})


def _clash(cell: Cell, symbol: Symbol, tick: int, changes: Changes) -> bool:
    """Whether a note shares ticks with the one that changes put on ``tick`` of its panel."""
    swap = changes.notes.get(Cell(tick, cell.panel))
    if swap is None or swap.now is None:
        return False
    return cell.tick <= (swap.now.end or tick) and tick <= (symbol.end or cell.tick)


def _touched(edits: Sequence[dict[str, Any]]) -> set[Cell]:
    """Cells that edits, one behind the other, changed, as they are numbered behind the last."""
    cells: set[Cell] = set()
    shift = 0
    for edit in reversed(edits):
        changes = stored_changes(edit["changes"])
        shift += changes.shift
        cells |= {Cell(cell.tick + shift, cell.panel) for cell in changes.notes}
    return cells


def _state(
    chart: ChartHead, conflicts: list[list[Any]], fields: dict[str, Any], others: list[dict[str, Any]]
) -> dict[str, Any]:
    return {"version": chart.version, "conflicts": conflicts, "fields": fields, "others": others}


def _shift(others: list[dict[str, Any]]) -> int:
    """Ticks by which beat 0 was moved in some edits."""
    return sum(edit["changes"].get("shift", 0) for edit in others)


def _write(session: Session, chart: ChartHead, asked: Asked, around: Notes, author_id: int | None) -> dict[str, Any]:
    changes = asked.changes
    fields = {name: (getattr(chart, name), now) for name, (_, now) in changes.fields.items()}
    write_swaps(session, chart.id, changes.notes)
    ticks = {cell.tick for cell in changes.notes}
    gained = len(hit_ticks(changes.applied(around)) & ticks) - len(hit_ticks(around) & ticks)
    values: dict[str, Any] = {name: now for name, (_, now) in fields.items()}
    values["rows"] = chart.rows + gained
    if chart.status in DECIDED:
        values["status"] = OPEN
    return record_edit(session, chart, replace(asked, changes=replace(changes, fields=fields)), author_id, values)


def record_edit(
    session: Session, chart: ChartHead, asked: Asked, author_id: int | None, values: dict[str, Any]
) -> dict[str, Any]:
    """Keep an edit whose notes are written already, with other columns of its chart; as everyone has it."""
    at = now()
    edit: dict[str, Any] = {
        "version": chart.version + 1,
        "key": asked.key,
        "kind": asked.kind,
        "summary": asked.summary,
        "changes": asked.changes.json(),
    }
    connection = session.connection()
    connection.execute(insert(Edit).values(chart_id=chart.id, author_id=author_id, at=at, **edit))
    connection.execute(update(Chart).where(Chart.id == chart.id).values(version=chart.version + 1, **values))
    return {**edit, "author": who(names(session), author_id), "at": at.isoformat()}


def edits_after(session: Session, chart_id: int, version: int) -> list[dict[str, Any]]:
    """The edits of a chart that follow on a version, in their order."""
    rows = session.execute(
        select(*_COLUMNS).where(Edit.chart_id == chart_id, Edit.version > version).order_by(Edit.version)
    ).all()
    known = names(session) if rows else {}
    return [edit_json(row, known) for row in rows]


def edit_of_key(session: Session, chart_id: int, key: str) -> dict[str, Any] | None:
    """The edit that a key names, or None."""
    row = session.execute(select(*_COLUMNS).where(Edit.chart_id == chart_id, Edit.key == key)).one_or_none()
    return None if row is None else edit_json(row, names(session))


def edit_json(row: Any, known: Names) -> dict[str, Any]:
    """An edit as everyone has it. row: an `Edit` or `SongEdit`, or a row of their columns."""
    return {
        "version": row.version,
        "key": row.key,
        "kind": row.kind,
        "summary": row.summary,
        "changes": row.changes,
        "author": who(known, row.author_id),
        "at": row.at.isoformat(),
    }
