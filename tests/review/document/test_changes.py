import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.errors import CharterError, ChartError
from charter.review.document.changes import (
    Cell,
    Changes,
    Notes,
    Swap,
    Symbol,
    between,
    hit_ticks,
    note_values,
    notes_by_cell,
    overlaps,
    parse_changes,
    stored_changes,
)
from charter.review.document.codec import LAST_TICK

TAP = ["1", None]


@st.composite
def charts(draw: st.DrawFn) -> Notes:
    """Notes on few cells, so that charts share many; holds may overlap what follows."""
    notes: Notes = {}
    for cell in draw(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 3)), max_size=20)):
        kind = draw(st.sampled_from("124MLFK"))
        end = cell[0] + draw(st.integers(1, 6)) if kind in "24" else None
        notes[Cell(*cell)] = Symbol(kind, end)
    return notes


@given(charts(), charts())
def test_what_is_between_two_charts_makes_one_of_the_other_and_back(before: Notes, after: Notes) -> None:
    changes = Changes(between(before, after))
    assert changes.applied(before) == after
    assert changes.inverse().applied(after) == before
    assert changes.inverse().inverse() == changes


@given(charts(), charts())
def test_changes_as_plain_values_come_back_as_they_were(before: Notes, after: Notes) -> None:
    changes = Changes(between(before, after), {"meter": (3, 4), "description": ("", "x")})
    said = json.loads(json.dumps(changes.json()))
    assert parse_changes(said) == stored_changes(said) == changes


def test_a_shift_comes_back_as_it_was_and_moves_tails_too() -> None:
    shift = stored_changes(Changes(shift=48).json())
    notes = {Cell(0, 1): Symbol("2", 24), Cell(48, 1): Symbol("1", None)}
    assert shift.applied(notes) == {Cell(48, 1): Symbol("2", 72), Cell(96, 1): Symbol("1", None)}
    assert shift.inverse().applied(shift.applied(notes)) == notes


@given(charts(), st.integers(-6, 6))
def test_changes_that_move_do_the_same_to_notes_that_moved(notes: Notes, ticks: int) -> None:
    changes = Changes(between({}, notes))
    if any(cell.tick + ticks < 0 for cell in notes):
        with pytest.raises(ChartError, match="beat 0"):
            changes.moved(ticks)
    else:
        assert changes.moved(ticks).applied({}) == Changes(shift=ticks).applied(notes)


def _slow_overlaps(notes: Notes, touched: set[Cell]) -> list[int]:
    spans = {cell: range(cell.tick, (symbol.end or cell.tick) + 1) for cell, symbol in notes.items()}
    return sorted(
        {
            cell.tick
            for cell in touched & notes.keys()
            for other in notes
            if other != cell and other.panel == cell.panel and set(spans[cell]) & set(spans[other])
        }
    )


@given(charts(), st.data())
def test_overlaps_are_those_that_a_look_at_every_pair_finds(notes: Notes, data: st.DataObject) -> None:
    touched = data.draw(st.sets(st.sampled_from(sorted(notes)))) if notes else set()
    assert overlaps(notes, touched) == _slow_overlaps(notes, touched)


def test_a_note_on_the_tail_of_a_hold_overlaps_and_one_behind_it_does_not() -> None:
    hold = {Cell(0, 0): Symbol("2", 48)}
    on, behind = Cell(48, 0), Cell(49, 0)
    assert overlaps({**hold, on: Symbol("1", None)}, [on]) == [48]
    assert overlaps({**hold, behind: Symbol("1", None)}, [behind, Cell(0, 0)]) == []


def test_changes_move_no_further_than_notes_can_be() -> None:
    hold = Changes({Cell(LAST_TICK - 9, 0): Swap(Symbol("2", LAST_TICK - 3), None)})
    assert hold.moved(3).notes == {Cell(LAST_TICK - 6, 0): Swap(Symbol("2", LAST_TICK), None)}
    for ticks, where in ((4, "behind the last beat"), (10 - LAST_TICK - 2, "before it")):
        with pytest.raises(ChartError, match=where):
            hold.moved(ticks)


def test_notes_by_cell_and_back_are_in_file_order() -> None:
    values = [[48, 2, "1", None], [0, 3, "M", None], [0, 1, "2", 24]]
    assert note_values(notes_by_cell(values)) == [values[2], values[1], values[0]]
    assert hit_ticks(notes_by_cell(values)) == {0, 48}


def _swap(*values: Any) -> dict[str, Any]:
    return {"notes": [list(values)]}


@pytest.mark.parametrize(
    "value, said",
    [
        (None, "changes are"),
        ({"shift": 48}, "changes are"),
        ({}, "changes nothing"),
        ({"notes": {}}, "are a list"),
        ({"notes": [1]}, "no changed note"),
        (_swap(0, 0, None), "no changed note"),
        (_swap(0, 4, None, TAP), "no panel"),
        (_swap(-1, 0, None, TAP), "no panel"),
        (_swap(True, 0, None, TAP), "no panel"),
        (_swap(0.5, 0, None, TAP), "no panel"),
        (_swap(10**9, 0, None, TAP), "no panel"),
        (_swap(0, 0, None, None), "changes nothing"),
        (_swap(0, 0, TAP, TAP), "changes nothing"),
        (_swap(0, 0, None, "1"), "no note"),
        (_swap(0, 0, None, ["3", None]), "no note"),
        (_swap(0, 0, None, ["<b>", None]), "no note"),
        (_swap(0, 0, None, ["1", 5]), "ends behind"),
        (_swap(8, 0, None, ["2", 8]), "ends behind"),
        (_swap(8, 0, None, ["2", None]), "ends behind"),
        ({"notes": [[0, 0, None, TAP], [0, 0, TAP, None]]}, "twice"),
        ({"fields": []}, "fields are"),
        ({"fields": {"title": ["a", "b"]}}, "no field"),
        ({"fields": {"meter": 3}}, "was, now"),
        ({"fields": {"meter": [3, 3]}}, "not changed"),
        ({"fields": {"meter": [3, 0]}}, "from 1 to 99"),
        ({"fields": {"meter": [3, 100]}}, "from 1 to 99"),
        ({"fields": {"meter": [3, True]}}, "from 1 to 99"),
        ({"fields": {"meter": [3, "4"]}}, "from 1 to 99"),
        ({"fields": {"description": ["", "a\nb"]}}, "one line"),
        ({"fields": {"description": ["", "a\x00"]}}, "cannot be written"),
        ({"fields": {"description": ["", "\ud800"]}}, "cannot be written"),
        ({"fields": {"description": ["", "x" * 201]}}, "200 are allowed"),
        ({"fields": {"description": ["", None]}}, "a text"),
    ],
)
def test_what_is_no_change_is_refused_in_one_line(value: Any, said: str) -> None:
    with pytest.raises(CharterError, match=said) as caught:
        parse_changes(value)
    assert "\n" not in str(caught.value)
