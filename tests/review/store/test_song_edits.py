from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from charter.notation import Pause, Tempo, Timing
from charter.review.document.changes import Cell, Changes, Swap, Symbol, note_values
from charter.review.document.codec import LAST_TICK, timing_json, timing_of
from charter.review.document.findings import finding_id
from charter.review.errors import Conflict, Invalid, NotFound
from charter.review.store.chart_rows import chart_row
from charter.review.store.charts import chart_detail
from charter.review.store.comments import add_comment, comments
from charter.review.store.decisions import decide
from charter.review.store.dismissals import dismiss
from charter.review.store.edits import Asked, add_edit, edits_after
from charter.review.store.notes import all_notes
from charter.review.store.song_edits import AskedOfSong, KeptOfSong, edit_song, song_edits
from charter.review.store.songs import song_detail
from charter.review.store.tables import Chart, Song
from charter.review.store.versions import version_of
from tests.review.store.stores import TIMING, Store

NOTES = [[48, 0, "1", None], [96, 1, "2", 144], [240, 3, "1", None]]


def edit(store: Store, song: int, key: str = "k", **asked: Any) -> KeptOfSong:
    with store.database.write() as session:
        return edit_song(session, song, AskedOfSong(key, **asked), store.ann)


def test_fields_change_and_the_draft_is_kept(store: Store) -> None:
    song = store.song()
    kept = edit(store, song, fields={"title": ("A song", "Another"), "preview": (None, [30.0, 12.0])}, summary="named")
    assert (kept.answer["version"], kept.answer["shift"]) == (1, 0)
    assert kept.answer["fields"]["title"] == "Another"
    with store.database.read() as session:
        found = song_detail(session, song)
        assert song_edits(session, song) == [kept.edit]
    assert (found["title"], found["draft_fields"]["title"], found["version"]) == ("Another", "A song", 1)
    assert kept.edit["changes"] == {"title": ["A song", "Another"], "preview": [None, [30.0, 12.0]]}
    assert (kept.edit["kind"], kept.edit["summary"], kept.edit["author"]["name"]) == ("edit", "named", "Ann")


def test_a_field_that_changed_meanwhile_is_told_and_other_fields_are_merged(store: Store) -> None:
    song = store.song()
    edit(store, song, "a", fields={"title": ("A song", "One")})
    with pytest.raises(Conflict) as caught:
        edit(store, song, "b", fields={"title": ("A song", "Two"), "artist": ("Someone", "Else")})
    assert caught.value.details["fields"] == {"title": "One"}
    fields = edit(store, song, "c", fields={"artist": ("Someone", "Else")}).answer["fields"]
    assert (fields["title"], fields["artist"]) == ("One", "Else")


def test_an_edit_that_is_sent_again_answers_as_the_first_time(store: Store) -> None:
    song = store.song()
    first = edit(store, song, "a", fields={"title": ("A song", "One")})
    edit(store, song, "b", fields={"title": ("One", "Two"), "artist": ("Someone", "Else")})
    moved = edit(store, song, "c", shift=48)
    edit(store, song, "d", shift=48)
    for key, kept, asked in (("a", first, {"fields": {"title": ("A song", "One")}}), ("c", moved, {"shift": 48})):
        again = edit(store, song, key, **asked)
        assert (again.answer, again.is_new) == (kept.answer, False)
    with store.database.read() as session:
        assert song_detail(session, song)["shift"] == 96
    for other in ({"fields": {"title": ("A song", "Three")}}, {"shift": 48}):
        with pytest.raises(Invalid, match="another edit"):
            edit(store, song, "a", **other)
    with pytest.raises(Invalid, match="another edit"):
        edit(store, song, "c", shift=24)


def test_a_shift_moves_all_that_stands_on_beats_and_nothing_in_time(store: Store) -> None:
    timing = Timing((Tempo(0, 120.0), Tempo(192, 90.0)), 0.1, (Pause(96, 0.5),))
    own = Timing.constant(60.0, 0.0)
    song = store.song(fields={"timing": timing_json(timing)})
    finding = {"kind": "jack", "severity": "advice", "message": "a jack", "beat": 1.0, "second": 0.4, "tick": 48}
    finding["id"] = finding_id("jack", 1.0, "a jack")
    chart = store.chart(NOTES, song, findings=[finding], footing=[[48, "L...", []]])
    split = store.chart(NOTES, song, own_timing=timing_json(own))
    with store.database.write() as session:
        add_comment(session, chart, 96, "here", store.ann)
        add_comment(session, chart, None, "all of it", store.ann)
        dismiss(session, chart, finding["id"], "meant", store.ann)
    kept = edit(store, song, shift=48)
    assert (kept.answer["shift"], kept.edit["kind"]) == (48, "shift")
    assert kept.charts == (chart, split)
    with store.database.read() as session:
        found, other = chart_detail(session, chart), chart_detail(session, split)
        assert [one["tick"] for one in comments(session, chart)] == [144, None]
        assert edits_after(session, chart, 0) == [kept.chart_edits[chart]]
    assert found["notes"] == [[96, 0, "1", None], [144, 1, "2", 192], [288, 3, "1", None]] == other["notes"]
    assert (found["version"], found["footing"]) == (1, [[96, "L...", []]])
    (moved,) = found["findings_list"]
    assert (moved["beat"], moved["tick"], moved["dismissed"]["reason"]) == (2.0, 96, "meant")
    assert found["findings"] == 0
    before = np.array([48, 96, 144, 240])
    for was, after in ((timing, found["timing"]), (own, other["timing"])):
        np.testing.assert_allclose(timing_of(after).seconds_at(before + 48), was.seconds_at(before), atol=1e-9)
    assert kept.chart_edits[chart]["changes"] == {"shift": 48}
    back = edit(store, song, "back", shift=-48)
    assert back.answer["fields"]["timing"] == timing_json(timing)
    with store.database.read() as session:
        assert note_values(all_notes(session, chart)) == NOTES


def test_beat_0_does_not_move_behind_a_note_or_a_comment_and_then_all_stays(store: Store) -> None:
    song = store.song()
    first = store.chart([[96, 0, "1", None]], song)
    second = store.chart(NOTES, song)
    with pytest.raises(Invalid, match="a note on beat 1 "):
        edit(store, song, shift=-96)
    with store.database.write() as session:
        add_comment(session, first, 24, "early", None)
        assert song_detail(session, song)["least_shift"] == -24
    with pytest.raises(Invalid, match="a comment on beat 0"):
        edit(store, song, shift=-48)
    with store.database.read() as session:
        assert chart_row(session, first)["version"] == chart_row(session, second)["version"] == 0
        assert note_values(all_notes(session, second)) == NOTES
        assert song_detail(session, song)["fields"]["timing"] == TIMING


def test_an_edit_made_before_beat_0_moved_lands_where_it_was_meant(store: Store) -> None:
    song = store.song()
    chart = store.chart(NOTES, song)
    edit(store, song, shift=48)
    changes = Changes({Cell(48, 0): Swap(Symbol("1", None), None), Cell(0, 2): Swap(None, Symbol("2", 24))})
    asked = Asked("late", 0, "edit", changes)
    with store.database.write() as session:
        kept = add_edit(session, chart, asked, store.ann)
        assert kept.answer["shift"] == 48
        assert kept.edit["changes"]["notes"] == [[96, 0, ["1", None], None], [48, 2, None, ["2", 72]]]
        assert add_edit(session, chart, asked, store.ann).answer == kept.answer


def test_an_edit_before_what_is_beat_0_now_is_a_conflict(store: Store) -> None:
    song = store.song()
    chart = store.chart(NOTES, song)
    edit(store, song, shift=-48)
    asked = Asked("late", 0, "edit", Changes({Cell(12, 0): Swap(None, Symbol("1", None))}))
    with store.database.write() as session, pytest.raises(Conflict, match="beat 0 was moved"):
        add_edit(session, chart, asked, None)


def test_of_two_who_saw_the_same_song_one_moves_beat_0(store: Store) -> None:
    song = store.song()
    edit(store, song, "a", shift=48, base=0)
    with pytest.raises(Conflict) as caught:
        edit(store, song, "b", shift=48, base=0)
    assert caught.value.details["shift"] == 48
    edit(store, song, "c", shift=48, base=1)


@pytest.mark.parametrize("name, status", [("timing", "open"), ("title", "accepted")])
def test_another_timing_opens_what_was_accepted_and_another_title_does_not(
    store: Store, name: str, status: str
) -> None:
    song = store.song()
    chart = store.chart(NOTES, song)
    with store.database.write() as session:
        session.execute(update(Chart).where(Chart.id == chart).values(status="accepted"))
    swaps = {"timing": (TIMING, {**TIMING, "offset": 0.0}), "title": ("A song", "Another")}
    kept = edit(store, song, fields={name: swaps[name]})
    with store.database.read() as session:
        assert session.scalar(select(Chart.status).where(Chart.id == chart)) == status
    by = {"id": store.ann, "name": "Ann"}
    told = {"verdict": "accepted", "decided_by": None, "by": by, "how": "timing"}
    assert kept.reopened == ({chart: told} if name == "timing" else {})


def test_a_preview_lies_within_the_song_but_what_it_came_with_can_be_had_back(store: Store) -> None:
    song = store.song(sound={"duration": 40.0}, fields={"preview": [500.0, 12.0]})
    with pytest.raises(Invalid, match=r"starts at 20 s and lasts 30 s, but the music has 40.0 s"):
        edit(store, song, "a", fields={"preview": ([500.0, 12.0], [20.0, 30.0])})
    edit(store, song, "b", fields={"preview": ([500.0, 12.0], [20.0, 20.05])})
    edit(store, song, "c", fields={"preview": ([20.0, 20.05], [500.0, 12.0])})


def test_a_song_that_is_not_there_or_not_ready(store: Store) -> None:
    with pytest.raises(NotFound):
        edit(store, 10**6, fields={"title": ("a", "b")})
    waiting = store.song(state="waiting")
    with store.database.write() as session:
        session.execute(update(Song).where(Song.id == waiting).values(fields={}))
    for asked in ({"shift": 48}, {"fields": {"title": (None, "b")}}):
        with pytest.raises(Invalid, match="not ready"):
            edit(store, waiting, **asked)


@pytest.mark.slow
def test_edits_and_moves_of_beat_0_at_once_lose_nothing(store: Store) -> None:
    song = store.song()
    chart = store.chart([], song)

    def act(number: int) -> None:
        if number % 8 == 7:
            edit(store, song, f"move-{number}", shift=48)
            return
        changes = Changes({Cell(number, number % 4): Swap(None, Symbol("2", number + 2))})
        with store.database.write() as session:
            add_edit(session, chart, Asked(f"put-{number}", 0, "edit", changes), store.ann)
            add_comment(session, chart, number, "x", store.bob)
        with store.database.write() as session:
            version = int(chart_row(session, chart)["version"])
            with suppress(Conflict):
                decide(session, chart, "accepted", "", version=version, author_id=store.bob)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(40)))
    placed = [number for number in range(40) if number % 8 != 7]
    with store.database.read() as session:
        assert all_notes(session, chart) == {
            Cell(number + 5 * 48, number % 4): Symbol("2", number + 2 + 5 * 48) for number in placed
        }
        assert song_detail(session, song)["shift"] == 5 * 48
        assert chart_row(session, chart)["version"] == len(placed) + 5
        assert version_of(session, chart, 0).notes == {}
        assert version_of(session, chart, len(placed) + 5).notes == all_notes(session, chart)


def test_beat_0_is_not_moved_where_a_hold_would_end_behind_the_last_beat(store: Store) -> None:
    """Nobody could name such a note any more, to change it or to take it away."""
    song = store.song()
    store.chart([[LAST_TICK - 10, 0, "2", LAST_TICK - 2]], song)
    with pytest.raises(Invalid, match="moved as far"):
        edit(store, song, "a", shift=3)
    edit(store, song, "b", shift=2)


def test_beat_0_stays_within_reach_of_the_music(store: Store) -> None:
    song = store.song()
    store.chart([], song)
    with pytest.raises(Invalid, match="away from the music"):
        edit(store, song, "a", shift=LAST_TICK)
    for number in range(2):
        edit(store, song, f"b{number}", shift=1_000_000)
    with pytest.raises(Invalid, match="away from the music"):
        edit(store, song, "c", shift=1_000_000)
    edit(store, song, "d", shift=-2_000_000)
