"""Edits, undos, restored versions, moves of beat 0, timings, decisions and comments in any order, beside a model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from charter.errors import ChartError
from charter.notation import TICKS_PER_BEAT
from charter.review.document.changes import Cell, Changes, Notes, Swap, Symbol, hit_ticks, note_values, stored_changes
from charter.review.document.codec import LAST_TICK, checked_note
from charter.review.document.measure import PARTS, row_counts
from charter.review.errors import Conflict, Invalid
from charter.review.store.chart_rows import chart_row
from charter.review.store.comments import add_comment, comments
from charter.review.store.decisions import decide
from charter.review.store.edits import Asked, add_edit, edits_after
from charter.review.store.notes import all_notes
from charter.review.store.song_edits import AskedOfSong, edit_song
from charter.review.store.songs import song_detail
from charter.review.store.tables import Measure
from charter.review.store.versions import restore, version_of
from tests.review.store.stores import TIMING, Store

TAP = Symbol("1", None)
TICKS = st.one_of(st.integers(0, 6), st.integers(LAST_TICK - 6, LAST_TICK))
CELLS = st.builds(Cell, TICKS, st.integers(0, 1))
LENGTHS = st.one_of(st.none(), st.just(0), st.integers(1, 4))  # of nothing, of a tap, of a hold
PLACES = st.integers(0, 1)  # of the two charts
LAGS = st.integers(0, 3)  # versions that were not heard of
SHIFTS = st.one_of(st.integers(-4, 4).filter(bool), st.sampled_from([2_000_000, -2_000_000, LAST_TICK]))
FARTHEST_OFFSET = 6 * 3600.0  # seconds


@dataclass
class Model:
    """A chart as it should be. history: of each version its notes and meter; shifts: the song's, as of each."""

    id: int
    history: list[tuple[Notes, int]]
    shifts: list[int]
    status: str = "open"
    remarks: dict[int, int | None] = field(default_factory=dict)
    sent: list[tuple[Asked, dict[str, Any]]] = field(default_factory=list)

    @property
    def version(self) -> int:
        return len(self.history) - 1

    def notes(self, version: int) -> Notes:
        """Those of a version, on today's beats."""
        return later(self.history[version][0], self.shifts[-1] - self.shifts[version])

    def goes_on(self, notes: Notes, meter: int, shift: int | None = None) -> None:
        self.history.append((notes, meter))
        self.shifts.append(self.shifts[-1] if shift is None else shift)


def later(notes: Notes, ticks: int) -> Notes:
    return {
        Cell(cell.tick + ticks, cell.panel): Symbol(symbol.kind, None if symbol.end is None else symbol.end + ticks)
        for cell, symbol in notes.items()
    }


def is_kept(notes: Notes) -> bool:
    """Whether all of them can be kept."""
    return all(cell.tick >= 0 and max(cell.tick, symbol.end or 0) <= LAST_TICK for cell, symbol in notes.items())


def clashes(notes: Notes, touched: Notes) -> bool:
    """Whether one of the touched notes shares a tick with another on its panel."""
    spans = [(cell, cell.tick, symbol.end or cell.tick) for cell, symbol in notes.items()]
    return any(
        one != other and one.panel == other.panel and start <= end_ and start_ <= end
        for one, start, end in spans
        for other, start_, end_ in spans
        if one in touched
    )


class AnyOrder(RuleBasedStateMachine):
    """One song with two charts."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.song = store.song()
        self.shift = 0
        self.timing = TIMING
        self.song_edits: list[bool] = []  # of each, whether it changed what is heard
        draft = [[2, 0, "1", None], [3, 1, "2", 5]]
        notes = {Cell(2, 0): TAP, Cell(3, 1): Symbol("2", 5)}
        ids = [store.chart(draft, self.song, slot=slot) for slot in ("easy", "hard")]
        self.charts = [Model(number, [(notes, 7)], [0]) for number in ids]

    def _try(self, act: Callable[[Any], Any]) -> Any:
        """What an act answers, or how it is refused."""
        try:
            with self.store.database.write() as session:
                return act(session)
        except (Conflict, Invalid) as error:
            return error

    def _send(self, chart: Model, base: int, changes: Changes, kind: str) -> None:
        asked = Asked(uuid4().hex, base, kind, changes)
        since = self.shift - chart.shifts[base]
        was = later({cell: swap.was for cell, swap in changes.notes.items() if swap.was}, since)
        wanted = later({cell: swap.now for cell, swap in changes.notes.items() if swap.now}, since)
        cells = {Cell(cell.tick + since, cell.panel) for cell in changes.notes}
        notes, meter = chart.notes(chart.version), chart.history[-1][1]
        fits = all(0 <= cell.tick <= LAST_TICK for cell in cells) and is_kept(wanted)
        stands = all(notes.get(cell) == was.get(cell) for cell in cells)
        stands = stands and changes.fields.get("meter", (meter, 0))[0] == meter
        after = {cell: symbol for cell, symbol in notes.items() if cell not in cells} | wanted
        kept = self._try(lambda session: add_edit(session, chart.id, asked, self.store.ann))
        if isinstance(kept, Exception):
            assert not fits or not stands or clashes(after, wanted), kept
            assert isinstance(kept, Invalid) or kept.details["version"] == chart.version
            return
        assert fits and stands and not clashes(after, wanted)
        assert kept.answer["version"] == chart.version + 1
        assert (kept.reopened is not None) == (chart.status in ("accepted", "rejected"))
        chart.goes_on(after, changes.fields.get("meter", (0, meter))[1])
        chart.status = "sent back" if chart.status == "sent back" else "open"
        chart.sent.append((asked, kept.answer))

    @rule(place=PLACES, lag=LAGS, wanted=st.dictionaries(CELLS, LENGTHS, max_size=3), meter=st.integers(6, 8))
    def edit(self, place: int, lag: int, wanted: dict[Cell, int | None], meter: int) -> None:
        chart = self.charts[place]
        base = max(0, chart.version - lag)
        seen, was = chart.history[base]
        swaps = {}
        for cell, length in wanted.items():
            now = None if length is None else Symbol("2", cell.tick + length) if length else TAP
            if seen.get(cell) != now and (now is None or is_kept({cell: now})):
                swaps[cell] = Swap(seen.get(cell), now)
        fields = {"meter": (was, meter)} if meter != was else {}
        if swaps or fields:
            self._send(chart, base, Changes(swaps, fields), "edit")

    @rule(place=PLACES, back=LAGS)
    def undo(self, place: int, back: int) -> None:
        chart = self.charts[place]
        with self.store.database.read() as session:
            edits = [edit for edit in edits_after(session, chart.id, 0) if edit["kind"] != "shift"]
        if back < len(edits):
            edit = edits[-1 - back]
            try:
                taken_back = stored_changes(edit["changes"]).inverse().moved(self.shift - chart.shifts[edit["version"]])
            except ChartError:
                return  # it cannot be said on today's beats
            self._send(chart, chart.version, taken_back, "undo")

    @rule(place=PLACES, which=st.integers(0, 30))
    def send_again(self, place: int, which: int) -> None:
        chart = self.charts[place]
        if chart.sent:
            asked, answer = chart.sent[which % len(chart.sent)]
            kept = self._try(lambda session: add_edit(session, chart.id, asked, self.store.ann))
            assert (kept.answer, kept.is_new) == (answer, False)

    @rule(place=PLACES, which=st.integers(0, 30))
    def restore(self, place: int, which: int) -> None:
        chart = self.charts[place]
        number = which % (chart.version + 1)
        wanted, meter = chart.notes(number), chart.history[number][1]
        is_other = (wanted, meter) != (chart.notes(chart.version), chart.history[-1][1])
        kept = self._try(
            lambda session: restore(
                session, chart.id, number, key=uuid4().hex, base=chart.version, author_id=self.store.bob
            )
        )
        assert isinstance(kept, Invalid) == (not is_other or not is_kept(wanted))
        if not isinstance(kept, Invalid):
            chart.goes_on(wanted, meter)
            chart.status = "sent back" if chart.status == "sent back" else "open"

    @rule(ticks=SHIFTS)
    def move_beat_0(self, ticks: int) -> None:
        asked = AskedOfSong(uuid4().hex, shift=ticks, base=len(self.song_edits))
        kept = self._try(lambda session: edit_song(session, self.song, asked, self.store.ann))
        offset = self.timing["offset"] + ticks * 60 / (120 * TICKS_PER_BEAT)
        remarks = [tick + ticks for chart in self.charts for tick in chart.remarks.values() if tick is not None]
        fits = all(is_kept(later(chart.notes(chart.version), ticks)) for chart in self.charts)
        fits = fits and all(0 <= tick <= LAST_TICK for tick in remarks)
        assert isinstance(kept, Invalid) == (not fits or abs(offset) > FARTHEST_OFFSET), kept
        if isinstance(kept, Invalid):
            return
        self.shift += ticks
        self.timing = kept.answer["fields"]["timing"]
        self.song_edits.append(True)
        for chart in self.charts:
            notes, meter = chart.history[-1]
            chart.goes_on(later(notes, ticks), meter, self.shift)
            chart.remarks = {number: None if at is None else at + ticks for number, at in chart.remarks.items()}

    @rule(offset=st.sampled_from([0.0, 0.5, 1.0]))
    def change_timing(self, offset: float) -> None:
        if offset != self.timing["offset"]:
            wanted = {**self.timing, "offset": offset}
            asked = AskedOfSong(uuid4().hex, {"timing": (self.timing, wanted)})
            with self.store.database.write() as session:
                kept = edit_song(session, self.song, asked, self.store.ann)
            decided = {chart.id for chart in self.charts if chart.status in ("accepted", "rejected")}
            assert kept.reopened.keys() == decided
            self.timing = wanted
            self.song_edits.append(True)
            for chart in self.charts:
                chart.status = "open" if chart.id in decided else chart.status

    @rule()
    def change_title(self) -> None:
        with self.store.database.write() as session:
            title = song_detail(session, self.song)["title"]
            edit_song(session, self.song, AskedOfSong(uuid4().hex, {"title": (title, title + "x")}), self.store.bob)
        self.song_edits.append(False)

    @rule(
        place=PLACES,
        verdict=st.sampled_from(["accepted", "accepted", "sent back", "rejected", "open"]),
        lag=st.sampled_from([0, 0, 0, 1]),
        song_lag=st.one_of(st.none(), LAGS),
    )
    def decide(self, place: int, verdict: str, lag: int, song_lag: int | None) -> None:
        chart = self.charts[place]
        seen = max(0, chart.version - lag)
        heard = None if song_lag is None else max(0, len(self.song_edits) - song_lag)
        answer = self._try(
            lambda session: decide(
                session, chart.id, verdict, "", version=seen, author_id=self.store.bob, song_version=heard
            )
        )
        is_stale = seen != chart.version or (heard is not None and any(self.song_edits[heard:]))
        assert isinstance(answer, Conflict) == is_stale
        if not is_stale:
            chart.status = verdict

    @precondition(lambda self: sum(len(chart.remarks) for chart in self.charts) < 3)
    @rule(place=PLACES, tick=st.one_of(st.none(), st.integers(0, 9)))
    def comment(self, place: int, tick: int | None) -> None:
        chart = self.charts[place]
        with self.store.database.write() as session:
            chart.remarks[add_comment(session, chart.id, tick, "x", self.store.bob)["id"]] = tick

    @invariant()
    def is_as_the_model(self) -> None:
        with self.store.database.read() as session:
            song = song_detail(session, self.song)
            assert (song["version"], song["shift"]) == (len(self.song_edits), self.shift)
            assert song["fields"]["timing"] == self.timing
            for chart in self.charts:
                row, notes = chart_row(session, chart.id), all_notes(session, chart.id)
                assert notes == chart.history[-1][0]
                for note in note_values(notes):
                    checked_note(note)  # else nobody could name it to take it away
                assert (row["version"], row["meter"]) == (chart.version, chart.history[-1][1])
                assert (row["status"], row["rows"]) == (chart.status, len(hit_ticks(notes)))
                assert {one["id"]: one["tick"] for one in comments(session, chart.id)} == chart.remarks
                if chart.status == "accepted":
                    kept = session.scalars(select(Measure).where(Measure.chart_id == chart.id)).one()
                    counts = row_counts(note_values(chart.history[0][0]), self.shift, note_values(notes))
                    assert kept.version == chart.version
                    assert all(getattr(kept, part) == getattr(counts, part) for part in PARTS)

    def teardown(self) -> None:
        with self.store.database.read() as session:
            for chart in self.charts:
                for number, (notes, meter) in enumerate(chart.history):
                    version = version_of(session, chart.id, number)
                    assert (version.notes, version.meter) == (notes, meter)
                    assert version.shift == self.shift - chart.shifts[number]


@pytest.mark.slow
def test_in_any_order_the_store_is_as_its_model(store: Store) -> None:
    run_state_machine_as_test(
        lambda: AnyOrder(store),
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
