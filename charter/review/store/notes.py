"""The notes of a chart as they are now: read, written, moved."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from charter.review.document.changes import Cell, Notes, Swap, notes_by_cell
from charter.review.store.tables import Chart, Note

_VALUES = (Note.tick, Note.panel, Note.kind, Note.end)
_REMOVAL = delete(Note).where(
    Note.chart_id == bindparam("of"), Note.tick == bindparam("on"), Note.panel == bindparam("at")
)


def all_notes(session: Session, chart_id: int) -> Notes:
    """A chart's notes."""
    return notes_by_cell(session.execute(select(*_VALUES).where(Note.chart_id == chart_id)))


def stored_notes(session: Session, chart_id: int) -> list[list[Any]]:
    """A chart's notes in file order, as plain values ``[tick, panel, kind, end]``."""
    asked = select(*_VALUES).where(Note.chart_id == chart_id)
    return [list(note) for note in session.execute(asked.order_by(Note.tick, Note.panel))]


def notes_of_charts(session: Session, wanted: ColumnElement[bool]) -> dict[int, list[list[Any]]]:
    """The notes of some charts as `stored_notes` has them, by chart; none of a chart without notes.

    wanted: which charts
    """
    notes: dict[int, list[list[Any]]] = defaultdict(list)
    asked = select(Note.chart_id, *_VALUES).where(Note.chart_id.in_(select(Chart.id).where(wanted)))
    for chart_id, *note in session.execute(asked.order_by(Note.chart_id, Note.tick, Note.panel)):
        notes[chart_id].append(note)
    return notes


def notes_around(session: Session, chart_id: int, swaps: Mapping[Cell, Swap]) -> Notes:
    """The notes that changes touch or could clash with: from their first tick to their last, and holds into it."""
    first = min(cell.tick for cell in swaps)
    last = max(
        max(cell.tick, *(symbol.end for symbol in swap if symbol is not None and symbol.end is not None), 0)
        for cell, swap in swaps.items()
    )
    asked = select(*_VALUES).where(
        Note.chart_id == chart_id, Note.tick <= last, (Note.tick >= first) | (Note.end >= first)
    )
    return notes_by_cell(session.execute(asked))


def add_notes(session: Session, chart_id: int, notes: Notes) -> None:
    """Put notes on cells that are empty."""
    rows = [
        {"chart_id": chart_id, "tick": cell.tick, "panel": cell.panel, "kind": symbol.kind, "end": symbol.end}
        for cell, symbol in notes.items()
    ]
    if rows:
        session.connection().execute(insert(Note), rows)


def write_swaps(session: Session, chart_id: int, swaps: Mapping[Cell, Swap]) -> None:
    """Make what was into what is now, on every cell."""
    gone = [{"of": chart_id, "on": cell.tick, "at": cell.panel} for cell, swap in swaps.items() if swap.was is not None]
    if gone:
        session.connection().execute(_REMOVAL, gone)
    add_notes(session, chart_id, {cell: swap.now for cell, swap in swaps.items() if swap.now is not None})


def move_notes(session: Session, chart_id: int, ticks: int) -> None:
    """Put all notes ``ticks`` later."""
    # By way of ticks below 0: a database refuses two notes on one cell, be it for the time of a statement.
    here = Note.chart_id == chart_id
    connection = session.connection()
    connection.execute(update(Note).where(here).values(tick=-1 - (Note.tick + ticks), end=Note.end + ticks))
    connection.execute(update(Note).where(here).values(tick=-1 - Note.tick))
