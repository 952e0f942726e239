"""Changes of a chart: each names what stood there before, so that it can be checked, merged and taken back.

As plain values ``{"notes": [[tick, panel, was, now], …], "fields": {"meter": [was, now], "description": [was, now]}}``;
was and now are ``[kind, end]``, or null for no note. Where a whole chart moved with its song's beat 0, they are
``{"shift": ticks}``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from charter.errors import ChartError
from charter.notation import HITS, PANELS
from charter.review.document.codec import LAST_TICK, checked_note
from charter.review.document.text import checked_line

LOWEST_METER, HIGHEST_METER = 1, 99
_LONGEST_DESCRIPTION = 200
_HITS = frozenset(kind.value for kind in HITS)


class Cell(NamedTuple):
    """A place for a note."""

    tick: int
    panel: int


class Symbol(NamedTuple):
    """What stands on a cell. kind: StepMania's character; end: tick of a hold's or roll's tail, else None."""

    kind: str
    end: int | None

    def moved(self, ticks: int) -> "Symbol":
        """The same on a cell that is ``ticks`` later."""
        return Symbol(self.kind, None if self.end is None else self.end + ticks)


Notes = dict[Cell, Symbol]


class Swap(NamedTuple):
    """What was, and what is now; None for no note."""

    was: Symbol | None
    now: Symbol | None


@dataclass(frozen=True)
class Changes:
    """What an edit changes; at least one thing. With a shift, nothing else."""

    notes: Mapping[Cell, Swap] = field(default_factory=dict)
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    shift: int = 0

    def inverse(self) -> "Changes":
        """What takes these back."""
        return Changes(
            {cell: Swap(swap.now, swap.was) for cell, swap in self.notes.items()},
            {name: (now, was) for name, (was, now) in self.fields.items()},
            -self.shift,
        )

    def moved(self, ticks: int) -> "Changes":
        """The same changes of notes that are ``ticks`` later. Raises ChartError where one could not be kept there."""
        if not ticks:
            return self
        ends = (symbol.end for swap in self.notes.values() for symbol in swap if symbol and symbol.end is not None)
        if any(cell.tick + ticks < 0 for cell in self.notes):
            raise ChartError("beat 0 was moved meanwhile, and what this edit changes would now be before it")
        if any(tick + ticks > LAST_TICK for tick in (*(cell.tick for cell in self.notes), *ends)):
            raise ChartError("beat 0 was moved meanwhile, and what this edit changes would now be behind the last beat")
        return Changes(
            {
                Cell(cell.tick + ticks, cell.panel): Swap(*(symbol and symbol.moved(ticks) for symbol in swap))
                for cell, swap in self.notes.items()
            },
            self.fields,
        )

    def json(self) -> dict[str, Any]:
        """As plain values."""
        if self.shift:
            return {"shift": self.shift}
        return {
            "notes": [[*cell, _value(swap.was), _value(swap.now)] for cell, swap in self.notes.items()],
            "fields": {name: list(swap) for name, swap in self.fields.items()},
        }

    def applied(self, notes: Notes) -> Notes:
        """A chart's notes with these changes, whatever stood there; a new dictionary."""
        return self.apply(dict(notes))

    def apply(self, notes: Notes) -> Notes:
        """As `applied`, but the dictionary that is given may be changed: for hundreds of edits in a row."""
        if self.shift:
            return moved(notes, self.shift)
        for cell, swap in self.notes.items():
            if swap.now is None:
                notes.pop(cell, None)
            else:
                notes[cell] = swap.now
        return notes


def _value(symbol: Symbol | None) -> list[Any] | None:
    return None if symbol is None else list(symbol)


def moved(notes: Notes, ticks: int) -> Notes:
    """Notes ``ticks`` later, before beat 0 too."""
    return {Cell(cell.tick + ticks, cell.panel): symbol.moved(ticks) for cell, symbol in notes.items()}


def notes_by_cell(values: Iterable[Any]) -> Notes:
    """Notes ``[tick, panel, kind, end]``, as they are stored, by their cells."""
    return {Cell(tick, panel): Symbol(kind, end) for tick, panel, kind, end in values}


def note_values(notes: Notes) -> list[list[Any]]:
    """Notes in file order as ``[tick, panel, kind, end]``."""
    return [[*cell, *symbol] for cell, symbol in sorted(notes.items())]


def hit_ticks(notes: Notes) -> set[int]:
    """Ticks on which a foot has something to hit."""
    return {cell.tick for cell in hits(notes)}


def hits(notes: Notes) -> Notes:
    """What a foot has to hit: taps, and heads of holds and rolls."""
    return {cell: symbol for cell, symbol in notes.items() if symbol.kind in _HITS}


def between(before: Notes, after: Notes) -> dict[Cell, Swap]:
    """What makes of one chart's notes the other's, in file order; empty where they are the same."""
    cells = sorted(before.keys() | after.keys())
    swaps = ((cell, Swap(before.get(cell), after.get(cell))) for cell in cells)
    return {cell: swap for cell, swap in swaps if swap.was != swap.now}


def stored_changes(value: Mapping[str, Any]) -> Changes:
    """Changes as an edit has them that was checked when it came."""
    notes = {
        Cell(tick, panel): Swap(Symbol(*was) if was else None, Symbol(*now) if now else None)
        for tick, panel, was, now in value.get("notes", ())
    }
    fields = {name: (was, now) for name, (was, now) in value.get("fields", {}).items()}
    return Changes(notes, fields, value.get("shift", 0))


def parse_changes(value: Any) -> Changes:
    """Changes from whatever a client sent. Raises ChartError that says what is wrong with them."""
    if not isinstance(value, dict) or not value.keys() <= {"notes", "fields"}:
        raise ChartError('changes are {"notes": […], "fields": {…}}')
    notes: dict[Cell, Swap] = {}
    for each in _list_of(value.get("notes", [])):
        cell, swap = _parse_swap(each)
        if cell in notes:
            raise ChartError(f"the note on tick {cell.tick}, panel {cell.panel} is changed twice in one edit")
        notes[cell] = swap
    fields = value.get("fields", {})
    if not isinstance(fields, dict):
        raise ChartError('fields are {"meter": [was, now], "description": [was, now]}')
    changes = Changes(notes, {name: _parse_field(name, pair) for name, pair in fields.items()})
    if not changes.notes and not changes.fields:
        raise ChartError("this edit changes nothing")
    return changes


def _list_of(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ChartError("changed notes are a list of [tick, panel, was, now]")
    return value


def _parse_swap(value: Any) -> tuple[Cell, Swap]:
    if not isinstance(value, list) or len(value) != 4:
        raise ChartError(f"{str(value)[:60]} is no changed note; one is [tick, panel, was, now]")
    tick, panel, was, now = value
    if not (type(tick) is int and type(panel) is int and 0 <= tick <= LAST_TICK and 0 <= panel < PANELS):
        raise ChartError(f"{str(value)[:60]} is on no panel from 0 to {PANELS - 1} from beat 0 on")
    swap = Swap(_parse_symbol(tick, panel, was), _parse_symbol(tick, panel, now))
    if swap.was == swap.now:
        raise ChartError(f"{str(value)[:60]} changes nothing")
    return Cell(tick, panel), swap


def _parse_symbol(tick: int, panel: int, value: Any) -> Symbol | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise ChartError(f"{str(value)[:60]} is no note; one is [kind, end]")
    _, _, kind, end = checked_note([tick, panel, *value])
    return Symbol(kind.value, end)


def _parse_field(name: str, pair: Any) -> tuple[Any, Any]:
    if name not in ("meter", "description"):
        raise ChartError(f"charts have no field {name[:40]!r}; they have meter and description")
    if not isinstance(pair, list) or len(pair) != 2:
        raise ChartError(f"the field {name} is changed by [was, now]")
    was, now = pair
    if was == now:
        raise ChartError(f"the field {name} is not changed by {str(pair)[:60]}")
    if name == "description":
        return was, checked_line(now, "the description", _LONGEST_DESCRIPTION)
    if type(now) is not int or not LOWEST_METER <= now <= HIGHEST_METER:
        raise ChartError(f"the meter is a whole number from {LOWEST_METER} to {HIGHEST_METER}, not {str(now)[:20]}")
    return was, now


def overlaps(notes: Notes, touched: Iterable[Cell]) -> list[int]:
    """Ticks of touched notes that stand inside a hold of their own panel, or whose hold another note stands in, rising.

    What was wrong elsewhere before is left alone.
    """
    by_panel: dict[int, list[tuple[int, int]]] = {}
    for cell, symbol in sorted(notes.items()):
        by_panel.setdefault(cell.panel, []).append((cell.tick, cell.tick if symbol.end is None else symbol.end))
    wanted = {cell for cell in touched if cell in notes}
    wrong: set[int] = set()
    for panel, spans in by_panel.items():
        reach = -1  # the last tick of any hold so far
        for place, (tick, end) in enumerate(spans):
            is_entered = place + 1 < len(spans) and spans[place + 1][0] <= end
            if (tick <= reach or is_entered) and Cell(tick, panel) in wanted:
                wrong.add(tick)
            reach = max(reach, end)
    return sorted(wrong)
