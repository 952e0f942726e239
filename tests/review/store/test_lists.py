from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from charter.review.document.changes import Cell, Changes, Swap, Symbol
from charter.review.document.measure import RowCounts
from charter.review.errors import NotFound
from charter.review.store import exported, measures
from charter.review.store.charts import chart_detail
from charter.review.store.comments import add_comment
from charter.review.store.database import now
from charter.review.store.decisions import decide
from charter.review.store.dismissals import dismiss
from charter.review.store.edits import Asked, add_edit
from charter.review.store.exported import exported_songs, working_copy
from charter.review.store.runs import add_run, run_detail, runs
from charter.review.store.song_edits import AskedOfSong, edit_song
from charter.review.store.songs import song_detail, song_row
from charter.review.store.tables import Job
from charter.review.store.visits import add_seconds
from tests.review.store.stores import TIMING, Store

FINDING = {"id": "0123456789ab", "kind": "jack", "severity": "fault", "message": "a jack", "beat": None, "tick": None}


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that are sent within."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(store.database.engine, "before_cursor_execute", hear)
    yield said
    event.remove(store.database.engine, "before_cursor_execute", hear)


def _songs(store: Store, run: int, count: int) -> None:
    for _ in range(count):
        song = store.song(run_id=run, sound={"duration": 90.5}, findings=[FINDING])
        for place, slot in enumerate(("easy", "hard")):
            chart = store.chart(
                [[0, 0, "1", None], [48, 0, "M", None]], song, place=place, slot=slot, findings=[FINDING]
            )
            with store.database.write() as session:
                add_comment(session, chart, 0, "x", store.ann)
                decide(session, chart, "accepted", "", version=0, author_id=store.bob)
                add_seconds(session, chart, store.ann, 60.0)
                dismiss(session, chart, FINDING["id"], "meant", store.ann)
        with store.database.write() as session:
            session.add(
                Job(kind="hear", run_id=run, song_id=song, state="waiting", request={}, result={}, created=now())
            )


def test_a_run_is_listed_with_all_that_its_rows_say_by_as_many_questions_as_one_song_takes(store: Store) -> None:
    sizes = []
    for count in (1, 12):
        with store.database.write() as session:
            run = add_run(session, "Summer", {"seed": 3}, author_id=store.ann)["id"]
        _songs(store, run, count)
        with store.database.read() as session, counted(store) as said:
            found = run_detail(session, run)
        sizes.append(len(said))
        assert [song["title"] for song in found["songs"]] == ["A song"] * count
        assert len(found["jobs"]) == count
    assert sizes[0] == sizes[1]
    song = found["songs"][-1]
    assert (song["duration"], song["state"], song["artist"], song["job"]["kind"]) == (90.5, "ready", "Someone", "hear")
    assert song["findings"] == [{**FINDING, "dismissed": None}]
    easy, hard = song["charts"]
    assert (easy["slot"], hard["slot"], easy["status"], easy["rows"]) == ("easy", "hard", "accepted", 1)
    assert (easy["findings"], easy["faults"], easy["comments"], easy["seconds"]) == (0, 0, 1, 60.0)
    assert easy["decided"]["author"] == {"id": store.bob, "name": "Bob"}
    assert (found["name"], found["request"]) == ("Summer", {"seed": 3})


def test_songs_are_listed_for_an_export_by_as_many_questions_as_one_song_takes(store: Store) -> None:
    sizes = []
    for count in (1, 12):
        with store.database.write() as session:
            run = add_run(session, "A pack", {}, author_id=store.ann)["id"]
        _songs(store, run, count)
        with store.database.read() as session, counted(store) as said:
            songs = list(exported_songs(session, run))
        sizes.append(len(said))
        assert [len(song["charts"]) for song in songs] == [2] * count
        for song in songs:
            for chart, slot in zip(song["charts"], ("easy", "hard"), strict=True):
                assert (chart["slot"], chart["notes"]) == (slot, [[0, 0, "1", None], [48, 0, "M", None]])
    assert sizes[0] == sizes[1]


def test_songs_of_a_large_run_are_listed_in_their_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exported, "_SONGS_AT_ONCE", 2)
    with store.database.write() as session:
        run = add_run(session, "A pack", {}, author_id=store.ann)["id"]
    made = [store.song(run_id=run, source=f"{number}.mp3") for number in range(5)]
    chart = store.chart([[0, 0, "1", None]], made[3])
    with store.database.read() as session:
        listed = list(exported_songs(session, run))
        (copied,) = working_copy(session, made[3])["charts"]
    assert [song["source"] for song in listed] == [f"{number}.mp3" for number in range(5)]
    # Of a chart that nobody accepted an export has no notes, and a working copy has them.
    assert listed[3]["charts"] == [{"place": 0, "slot": "hard", "status": "open", "version": 0}]
    assert (copied["notes"], copied["status"], copied["accepted"]) == ([[0, 0, "1", None]], "accepted", None)
    with store.database.read() as session, pytest.raises(NotFound, match=f"there is no song {chart + 10**6}"):
        working_copy(session, chart + 10**6)


def test_the_list_of_runs_counts_songs_and_charts(store: Store) -> None:
    with store.database.write() as session:
        empty = add_run(session, "Empty", {}, author_id=None)["id"]
        full = add_run(session, "Full", {}, author_id=None, source="/packs/full")["id"]
    _songs(store, full, 2)
    store.song(run_id=full, state="failed", error="no music in it")
    with store.database.read() as session:
        found = {run["id"]: run for run in runs(session)}
    assert list(found)[:2] == [full, empty]
    assert (found[empty]["songs"], found[empty]["charts"], found[empty]["states"]) == (0, 0, {})
    assert (found[full]["songs"], found[full]["charts"], found[full]["source"]) == (3, 4, "/packs/full")
    assert found[full]["states"] == {"ready": 2, "failed": 1}
    assert found[full]["statuses"] == {"accepted": 4}


def test_a_chart_has_all_that_its_editor_needs(store: Store) -> None:
    song = store.song()
    easy = store.chart([[0, 0, "1", None]], song, slot="easy", description="mine", footing=[[0, "L...", []]])
    hard = store.chart([[48, 1, "2", 96], [0, 0, "1", None]], song, place=1, findings=[FINDING])
    with store.database.read() as session:
        found = chart_detail(session, hard)
        assert chart_detail(session, easy)["description"] == "mine"
    assert found["notes"] == [[0, 0, "1", None], [48, 1, "2", 96]]
    assert (found["song"]["id"], found["song"]["title"]) == (song, "A song")
    assert [row["id"] for row in found["siblings"]] == [easy]
    assert (found["timing"], found["own_timing"], found["checked"], found["draft_meter"]) == (TIMING, False, -1, 7)
    assert found["findings_list"] == [{**FINDING, "dismissed": None}]


def test_a_song_without_notes_yet_has_no_sound_and_cannot_be_shifted(store: Store) -> None:
    song = store.song(state="waiting", fields={"timing": None})
    with store.database.read() as session:
        found = song_detail(session, song)
    assert (found["sound"], found["can_shift"], found["least_shift"], found["charts"]) == (None, False, 0, [])


def test_what_is_not_there(store: Store) -> None:
    with store.database.read() as session:
        for look in (run_detail, song_row, song_detail, chart_detail):
            with pytest.raises(NotFound):
                look(session, 10**6)


def test_the_rows_of_an_accepted_chart_are_counted_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.database.write() as session:
        run = int(add_run(session, "Measured", {}, author_id=None)["id"])
    song = store.song(run_id=run)
    draft = [[tick, 0, "1", None] for tick in range(0, 480, 48)]
    chart = store.chart(draft, song)
    with store.database.write() as session:
        change = Changes({Cell(0, 0): Swap(Symbol("1", None), None)})
        add_edit(session, chart, Asked("a", 0, "edit", change), store.ann)
        decide(session, chart, "accepted", "", version=1, author_id=store.ann)
    monkeypatch.setattr(measures, "row_counts", None)  # nothing is compared again, be it that beat 0 moves
    for key, shift in (("b", 48), ("c", -48)):
        with store.database.read() as session:
            charts, _ = measures.measured_charts(session, run, lambda key: ())
        assert [each.rows for each in charts] == [RowCounts(kept=9, removed=1)]
        with store.database.write() as session:
            edit_song(session, song, AskedOfSong(key, shift=shift), store.ann)
    monkeypatch.undo()
    with store.database.write() as session:
        change = Changes({Cell(48, 0): Swap(Symbol("1", None), None)})
        add_edit(session, chart, Asked("d", 3, "edit", change), store.ann)
        decide(session, chart, "accepted", "", version=4, author_id=store.ann)
        charts, _ = measures.measured_charts(session, run, lambda key: ())
        assert [each.rows for each in charts] == [RowCounts(kept=8, removed=2)]
