from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from charter.review.document.changes import Cell, Changes, Notes, Swap, Symbol, hit_ticks, notes_by_cell, stored_changes
from charter.review.errors import Conflict, Invalid, NotFound
from charter.review.store import edits
from charter.review.store.chart_rows import chart_row
from charter.review.store.database import now
from charter.review.store.edits import Asked, Kept, add_edit, edits_after
from charter.review.store.notes import all_notes
from charter.review.store.tables import Chart, Decision
from charter.review.store.versions import version_of
from tests.review.store.stores import Store

TAP = Symbol("1", None)
DRAFT = [[0, 0, "1", None], [48, 1, "2", 96], [144, 2, "1", None], [192, 3, "M", None]]


def put(*cells: tuple[int, int], now: Symbol | None = TAP, was: Symbol | None = None) -> Changes:
    return Changes({Cell(*cell): Swap(was, now) for cell in cells})


def edit(store: Store, chart: int, changes: Changes, *, base: int = 0, key: str = "", kind: str = "edit") -> Kept:
    with store.database.write() as session:
        return add_edit(session, chart, Asked(key or uuid4().hex, base, kind, changes), store.ann)


def notes_of(store: Store, chart: int) -> Notes:
    with store.database.read() as session:
        return all_notes(session, chart)


def test_an_edit_is_the_next_version_and_leaves_all_else(store: Store) -> None:
    chart = store.chart(DRAFT)
    kept = edit(store, chart, Changes({Cell(240, 0): Swap(None, TAP)}, {"meter": (7, 8)}), key="a")
    assert kept.answer == {"version": 1, "base": 0, "shift": 0, "others": []}
    assert kept.edit["author"] == {"id": store.ann, "name": "Ann"}
    assert kept.edit["at"].endswith("+00:00")
    assert notes_of(store, chart) == {**notes_by_cell(DRAFT), Cell(240, 0): TAP}
    with store.database.read() as session:
        row = chart_row(session, chart)
        assert edits_after(session, chart, 0) == [kept.edit]
    assert (row["version"], row["meter"], row["rows"]) == (1, 8, 4)


def test_a_chart_has_no_more_notes_than_it_may(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "MOST_NOTES", 5)
    chart = store.chart(DRAFT)
    edit(store, chart, put((240, 0)))
    with pytest.raises(Invalid, match="would have 6 notes; 5 are the most"):
        edit(store, chart, put((288, 0)), base=1)
    edit(store, chart, put((240, 0), was=TAP, now=Symbol("M", None)), base=1)
    monkeypatch.setattr(edits, "MOST_NOTES", 3)
    edit(store, chart, put((240, 0), was=Symbol("M", None), now=None), base=2)  # fewer is always well


def test_edits_of_different_places_are_merged_and_each_hears_of_the_other(store: Store) -> None:
    chart = store.chart(DRAFT)
    first = edit(store, chart, put((240, 0)))
    second = edit(store, chart, put((288, 0)))
    assert second.answer == {"version": 2, "base": 0, "shift": 0, "others": [first.edit]}
    assert notes_of(store, chart).keys() >= {Cell(240, 0), Cell(288, 0)}


def test_on_the_same_place_the_second_is_told_and_changes_nothing(store: Store) -> None:
    chart = store.chart(DRAFT)
    first = edit(store, chart, put((240, 0)))
    with pytest.raises(Conflict) as caught:
        edit(store, chart, Changes({Cell(240, 0): Swap(None, Symbol("M", None)), Cell(288, 0): Swap(None, TAP)}))
    assert caught.value.details == {
        "version": 1, "conflicts": [[240, 0, ["1", None]]], "fields": {}, "others": [first.edit],
    }  # fmt: skip
    assert notes_of(store, chart) == {**notes_by_cell(DRAFT), Cell(240, 0): TAP}


def test_a_field_that_someone_changed_is_told(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, Changes(fields={"meter": (7, 9)}))
    with pytest.raises(Conflict) as caught:
        edit(store, chart, Changes(fields={"meter": (7, 8)}))
    assert caught.value.details["fields"] == {"meter": 9}


def test_what_was_there_for_each_counts_not_the_version(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, put((0, 0), was=TAP, now=None))
    edit(store, chart, put((0, 0)), base=1)
    assert edit(store, chart, put((0, 0), was=TAP, now=Symbol("M", None))).answer["version"] == 3


def test_an_edit_that_is_sent_again_answers_as_the_first_time(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, put((240, 1)))
    first = edit(store, chart, put((240, 0)), key="k")
    edit(store, chart, put((240, 0), was=TAP, now=None), base=2)  # someone took it away since
    again = edit(store, chart, put((240, 0)), key="k")
    assert again.answer == first.answer
    assert (again.edit, again.is_new) == (first.edit, False)
    assert Cell(240, 0) not in notes_of(store, chart)
    assert edit(store, store.chart(DRAFT), put((240, 0)), key="k").is_new  # a key is of one chart


def test_a_key_stands_for_one_edit(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, put((240, 0)), key="k")
    for other in (put((240, 1)), put((240, 0), now=Symbol("M", None)), Changes(fields={"meter": (7, 8)})):
        with pytest.raises(Invalid, match="another edit"):
            edit(store, chart, other, key="k")


@pytest.mark.parametrize(
    "changes, ticks",
    [
        (put((72, 1)), [72]),  # within the hold
        (put((96, 1)), [96]),  # on its tail
        (put((24, 1), now=Symbol("2", 48)), [24]),  # a hold that ends on its head
        (put((12, 2), now=Symbol("4", 200)), [12]),  # a roll over a tap
    ],
)
def test_a_result_that_is_no_chart_is_refused(store: Store, changes: Changes, ticks: list[int]) -> None:
    chart = store.chart(DRAFT)
    with pytest.raises(Invalid) as caught:
        edit(store, chart, changes)
    assert caught.value.details == {"ticks": ticks}
    assert notes_of(store, chart) == notes_by_cell(DRAFT)


def test_a_hold_that_someone_drew_meanwhile_is_a_conflict(store: Store) -> None:
    chart = store.chart(DRAFT)
    edit(store, chart, put((240, 0), now=Symbol("2", 288)))
    with pytest.raises(Conflict) as caught:
        edit(store, chart, put((264, 0)))
    assert caught.value.details["conflicts"] == [[240, 0, ["2", 288]]]


def test_what_was_wrong_before_can_be_edited_around(store: Store) -> None:
    chart = store.chart([[0, 0, "2", 96], [48, 0, "1", None]])
    edit(store, chart, put((192, 0)))
    edit(store, chart, put((48, 0), was=TAP, now=None), base=1)
    assert notes_of(store, chart) == {Cell(0, 0): Symbol("2", 96), Cell(192, 0): TAP}


@pytest.mark.parametrize("status, after", [("accepted", "open"), ("rejected", "open"), ("sent back", "sent back")])
def test_an_edit_opens_what_was_decided(store: Store, status: str, after: str) -> None:
    chart = store.chart(DRAFT)
    with store.database.write() as session:
        session.execute(update(Chart).where(Chart.id == chart).values(status=status))
        session.add(Decision(chart_id=chart, verdict=status, version=0, song_version=0, author_id=store.bob, at=now()))
    ann, bob = {"id": store.ann, "name": "Ann"}, {"id": store.bob, "name": "Bob"}
    told = {"verdict": status, "decided_by": bob, "by": ann, "how": "import"}
    assert edit(store, chart, put((240, 0)), kind="import").reopened == (told if status != after else None)
    with store.database.read() as session:
        assert chart_row(session, chart)["status"] == after


def test_a_version_or_a_chart_that_is_not_there(store: Store) -> None:
    with pytest.raises(Invalid, match="no version 1"):
        edit(store, store.chart(DRAFT), put((240, 0)), base=1)
    with pytest.raises(NotFound):
        edit(store, 10**6, put((240, 0)))


def test_of_many_who_write_on_one_cell_at_once_one_counts(store: Store) -> None:
    chart = store.chart(DRAFT)

    def draw(kind: str) -> bool:
        try:
            edit(store, chart, put((240, 0), now=Symbol(kind, None)))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(draw, "1MLFK")) == 1
    assert chart_version(store, chart) == 1


def test_of_one_edit_that_is_sent_many_times_at_once_one_counts(store: Store) -> None:
    chart = store.chart(DRAFT)
    with ThreadPoolExecutor(5) as pool:
        kept = list(pool.map(lambda _: edit(store, chart, put((240, 0)), key="k"), range(10)))
    assert [one.answer["version"] for one in kept] == [1] * 10
    assert sum(one.is_new for one in kept) == 1


def test_edits_of_many_at_once_are_all_there(store: Store) -> None:
    chart = store.chart([])
    with ThreadPoolExecutor(6) as pool:
        versions = list(pool.map(lambda tick: edit(store, chart, put((tick, 0))).answer["version"], range(40)))
    assert sorted(versions) == list(range(1, 41))
    assert notes_of(store, chart) == {Cell(tick, 0): TAP for tick in range(40)}


def chart_version(store: Store, chart: int) -> int:
    with store.database.read() as session:
        return int(chart_row(session, chart)["version"])


@dataclass
class Client:
    """A page: what it shows, as of which version."""

    notes: Notes
    version: int = 0
    sent: list[tuple[Asked, dict[str, Any]]] = field(default_factory=list)

    def hear(self, edits: list[dict[str, Any]]) -> None:
        for one in edits:
            if one["version"] > self.version:
                self.notes = stored_changes(one["changes"]).applied(self.notes)
                self.version = one["version"]


cells = st.builds(Cell, st.integers(0, 6), st.integers(0, 1))
symbols = st.one_of(
    st.none(), st.just(TAP), st.just(Symbol("M", None)), st.integers(1, 4).map(lambda length: Symbol("2", length))
)
moves = st.tuples(
    st.integers(0, 1), st.sampled_from(["edit", "edit", "edit", "hear", "again"]),
    st.dictionaries(cells, symbols, min_size=1, max_size=3),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=40)
@given(moves=st.lists(moves, max_size=14))
def test_two_clients_end_with_the_same_chart_and_every_version_is_had_again(
    store: Store, moves: list[tuple[int, str, dict[Cell, Symbol | None]]]
) -> None:
    chart = store.chart(DRAFT)
    clients = [Client(notes_by_cell(DRAFT)) for _ in range(2)]
    history = [notes_by_cell(DRAFT)]
    for who, what, wanted in moves:
        client = clients[who]
        if what == "hear":
            with store.database.read() as session:
                client.hear(edits_after(session, chart, client.version))
        elif what == "again" and client.sent:
            asked, before = client.sent[0]
            with store.database.write() as session:
                assert add_edit(session, chart, asked, None).answer == before
        elif what == "edit":
            _write(store, chart, client, wanted, history)
    with store.database.read() as session:
        for client in clients:
            client.hear(edits_after(session, chart, client.version))
        assert clients[0].notes == clients[1].notes == all_notes(session, chart) == history[-1]
        assert [version_of(session, chart, number).notes for number in range(len(history))] == history
        assert chart_row(session, chart)["rows"] == len(hit_ticks(history[-1]))


def _write(store: Store, chart: int, client: Client, wanted: dict[Cell, Symbol | None], history: list[Notes]) -> None:
    """Send an edit of what a client sees; it counts where nothing that it touches has changed since."""
    swaps = {
        cell: Swap(client.notes.get(cell), symbol and Symbol(symbol.kind, symbol.end and cell.tick + symbol.end))
        for cell, symbol in wanted.items()
    }
    swaps = {cell: swap for cell, swap in swaps.items() if swap.was != swap.now}
    if not swaps:
        return
    asked = Asked(uuid4().hex, client.version, "edit", Changes(swaps))
    stands = all(history[-1].get(cell) == swap.was for cell, swap in swaps.items())
    try:
        with store.database.write() as session:
            kept = add_edit(session, chart, asked, None)
    except Conflict as conflict:
        said = {Cell(tick, panel): there for tick, panel, there in conflict.details["conflicts"]}
        assert said
        assert all(there == (list(history[-1][cell]) if cell in history[-1] else None) for cell, there in said.items())
        client.hear(conflict.details["others"])
    except Invalid as invalid:
        assert stands
        assert set(invalid.details["ticks"]) <= {cell.tick for cell in swaps}
    else:
        assert stands
        client.hear([*kept.answer["others"], kept.edit])
        client.sent.append((asked, kept.answer))
        history.append(asked.changes.applied(history[-1]))
        assert client.notes == history[-1]
