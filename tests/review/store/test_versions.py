from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from charter.review.document.changes import Cell, Changes, Swap, Symbol, note_values, notes_by_cell
from charter.review.errors import Conflict, Invalid, NotFound
from charter.review.store.decisions import decide
from charter.review.store.edits import Asked, add_edit
from charter.review.store.notes import all_notes
from charter.review.store.song_edits import AskedOfSong, edit_song
from charter.review.store.tables import Edit
from charter.review.store.versions import compare, restore, version_of, versions
from tests.review.store.stores import Store

DRAFT = [[0, 0, "1", None], [48, 1, "2", 96]]
TAP = Symbol("1", None)


def edit(store: Store, chart: int, tick: int, *, kind: str = "edit", author: int | None = None, **more: Any) -> None:
    changes = Changes({Cell(tick, 3): Swap(None, TAP)}, more.get("fields", {}))
    asked = Asked(f"edit-{tick}", more.get("base", 0), kind, changes, f"tap on {tick}")
    with store.database.write() as session:
        add_edit(session, chart, asked, author or store.ann)


def at(store: Store, chart: int, version: int, minutes: float) -> None:
    """Have an edit be of another time."""
    when = datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    with store.database.write() as session:
        session.execute(update(Edit).where(Edit.chart_id == chart, Edit.version == version).values(at=when))


def test_runs_of_small_edits_by_one_person_are_one_entry(store: Store) -> None:
    chart = store.chart(DRAFT)
    for tick in (200, 201, 202):
        edit(store, chart, tick)
    edit(store, chart, 203, kind="undo")
    edit(store, chart, 204, author=store.bob)
    edit(store, chart, 205, kind="redo passage", author=store.bob)
    edit(store, chart, 206, author=store.bob)
    for version, minutes in enumerate((0, 1, 7, 8, 9, 10, 11), start=1):
        at(store, chart, version, minutes)
    with store.database.read() as session:
        found = versions(session, chart)
    assert [(entry["version"], entry["kind"], entry["edits"]) for entry in found] == [
        (7, "edit", 1), (6, "redo passage", 1), (5, "edit", 1), (4, "edit", 2), (2, "edit", 2), (0, "draft", 0),
    ]  # fmt: skip
    assert [entry["author"] and entry["author"]["name"] for entry in found] == ["Bob"] * 3 + ["Ann"] * 2 + [None]
    assert found[4]["summary"] == "tap on 200, tap on 201"
    assert found[4]["at"] == "2026-11-21T12:01:00+00:00"


def test_a_version_that_was_decided_on_ends_an_entry(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, 200)
    edit(store, chart, 201)
    with store.database.write() as session:
        decide(session, chart, "accepted", "", version=2, author_id=store.ann)
    edit(store, chart, 202)
    with store.database.read() as session:
        assert [(entry["version"], entry["verdict"]) for entry in versions(session, chart)] == [
            (3, None), (2, "accepted"), (0, None),
        ]  # fmt: skip


def test_a_large_edit_is_an_entry_of_its_own(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, 200)
    many = Changes({Cell(300 + tick, 0): Swap(None, TAP) for tick in range(40)})
    with store.database.write() as session:
        add_edit(session, chart, Asked("many", 1, "edit", many), store.ann)
    edit(store, chart, 201)
    with store.database.read() as session:
        assert [entry["version"] for entry in versions(session, chart)] == [3, 2, 1, 0]


def test_every_version_is_had_again_with_its_fields(store: Store) -> None:
    chart = store.chart(DRAFT, meter=7)
    edit(store, chart, 200, fields={"meter": (7, 8)})
    edit(store, chart, 201, fields={"description": ("", "mine")})
    edit(store, chart, 202, fields={"meter": (8, 9)})
    with store.database.read() as session:
        found = [version_of(session, chart, number).json() for number in range(4)]
    assert [(one["meter"], one["description"], len(one["notes"])) for one in found] == [
        (7, "", 2), (8, "", 3), (8, "mine", 4), (9, "mine", 5),
    ]  # fmt: skip
    assert found[0]["notes"] == DRAFT


@pytest.mark.parametrize("wanted", [-1, 1])
def test_no_other_version_is_there(store: Store, wanted: int) -> None:
    chart = store.chart(DRAFT)
    with store.database.read() as session, pytest.raises(NotFound):
        version_of(session, chart, wanted)


def test_a_version_is_restored_by_an_edit(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, 200, fields={"meter": (7, 8)})
    edit(store, chart, 201)
    with store.database.write() as session:
        kept = restore(session, chart, 0, key="back", base=None, author_id=store.bob)
    assert kept.answer == {"version": 3, "base": 2, "shift": 0, "others": []}
    assert (kept.edit["kind"], kept.edit["summary"]) == ("restore", "back to the draft")
    with store.database.write() as session:
        again = restore(session, chart, 0, key="back", base=None, author_id=store.bob)
        assert (again.answer, again.is_new) == (kept.answer, False)
        assert version_of(session, chart, 3).notes == notes_by_cell(DRAFT)
        assert len(version_of(session, chart, 2).notes) == 4  # what was taken back is still there
        with pytest.raises(Invalid, match="as it was in version 3"):
            restore(session, chart, 3, key="more", base=3, author_id=None)
        with pytest.raises(Conflict):
            restore(session, chart, 1, key="more", base=2, author_id=None)


def test_a_version_whose_notes_overlap_is_restored_too(store: Store) -> None:
    draft = [[0, 0, "2", 96], [48, 0, "1", None]]
    chart = store.chart(draft)
    clear = Changes({Cell(0, 0): Swap(Symbol("2", 96), None), Cell(48, 0): Swap(TAP, None)})
    with store.database.write() as session:
        add_edit(session, chart, Asked("clear", 0, "edit", clear), None)
        restore(session, chart, 0, key="back", base=None, author_id=None)
        assert note_values(all_notes(session, chart)) == draft


def test_versions_from_before_beat_0_moved_are_compared_and_restored_on_todays_beats(store: Store) -> None:
    song = store.song()
    chart = store.chart(DRAFT, song)
    edit(store, chart, 200)
    with store.database.write() as session:
        edit_song(session, song, AskedOfSong("move", shift=48), None)
        assert version_of(session, chart, 0).json()["shift"] == 48
        assert version_of(session, chart, 0).notes == notes_by_cell(DRAFT)
        assert version_of(session, chart, 2).notes.keys() == {Cell(48, 0), Cell(96, 1), Cell(248, 3)}
        found = compare(session, chart, 0, 2)
        assert (found["kept"], found["added"], found["moved"], found["removed"]) == (2, [248], [], [])
        assert found["notes_from"] == [[48, 0, "1", None], [96, 1, "2", 144]]
        restore(session, chart, 0, key="back", base=None, author_id=None)
        assert note_values(all_notes(session, chart)) == found["notes_from"]


def test_a_version_with_notes_before_todays_beat_0_is_not_restored(store: Store) -> None:
    song = store.song()
    chart = store.chart(DRAFT, song)
    gone = Changes({Cell(0, 0): Swap(TAP, None)})
    with store.database.write() as session:
        add_edit(session, chart, Asked("gone", 0, "edit", gone), None)
        edit_song(session, song, AskedOfSong("move", shift=-48), None)
        with pytest.raises(Invalid, match="beat 0 was moved"):
            restore(session, chart, 0, key="back", base=None, author_id=None)
        assert compare(session, chart, 0, 2)["removed"] == [-48]


def test_a_key_of_another_edit_restores_nothing(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, 200)
    with store.database.write() as session:
        for number in (0, 1):
            with pytest.raises(Invalid, match="used for another edit"):
                restore(session, chart, number, key="edit-200", base=None, author_id=store.ann)
        first = restore(session, chart, 0, key="r", base=None, author_id=store.ann)
        assert restore(session, chart, 0, key="r", base=None, author_id=store.ann).answer == first.answer
        with pytest.raises(Invalid, match="used for another edit"):
            restore(session, chart, 1, key="r", base=None, author_id=store.ann)
