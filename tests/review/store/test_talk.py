import pytest

from charter.review.document.changes import Cell, Changes, Swap, Symbol
from charter.review.document.findings import finding_id
from charter.review.errors import Conflict, Invalid, NotFound
from charter.review.store.chart_rows import chart_row
from charter.review.store.charts import assign, chart_detail
from charter.review.store.comments import add_comment, comments, resolve
from charter.review.store.decisions import decide, decisions
from charter.review.store.dismissals import dismiss, move_findings, take_back
from charter.review.store.edits import Asked, add_edit
from charter.review.store.song_edits import AskedOfSong, edit_song
from charter.review.store.visits import add_seconds
from tests.review.store.stores import TIMING, Store

FINDING = {"id": "0123456789ab", "kind": "jack", "severity": "fault", "message": "a jack", "beat": 1.0, "tick": 48}


def test_a_decision_is_of_the_version_that_was_seen(store: Store) -> None:
    chart = store.chart([])
    with store.database.write() as session:
        change = Changes({Cell(0, 0): Swap(None, Symbol("1", None))})
        add_edit(session, chart, Asked("a", 0, "edit", change), store.bob)
        with pytest.raises(Conflict) as caught:
            decide(session, chart, "accepted", "", version=0, author_id=store.ann)
        assert caught.value.details["version"] == 1
        assert [edit["author"]["name"] for edit in caught.value.details["others"]] == ["Bob"]
        decide(session, chart, "accepted", "good", version=1, author_id=store.ann)
        row = chart_row(session, chart)
        assert row["status"] == "accepted"
        assert row["decided"]["author"]["name"] == "Ann"
        assert (row["decided"]["verdict"], row["decided"]["version"]) == ("accepted", 1)
        decide(session, chart, "accepted", "good", version=1, author_id=store.ann)  # pressed twice
        assert len(decisions(session, chart)) == 1
        decide(session, chart, "open", "", version=1, author_id=store.bob)
        assert chart_row(session, chart)["decided"] is None
        assert [each["verdict"] for each in decisions(session, chart)] == ["accepted", "open"]


def test_a_decision_is_of_the_timing_that_was_heard(store: Store) -> None:
    song = store.song()
    chart, split = store.chart([], song), store.chart([], song, own_timing=TIMING)
    with store.database.write() as session:
        edit_song(session, song, AskedOfSong("a", {"title": ("A song", "B")}), store.bob)
        decide(session, chart, "accepted", "", version=0, song_version=0, author_id=store.ann)
        edit_song(session, song, AskedOfSong("b", {"timing": (TIMING, {**TIMING, "offset": 0.5})}), store.bob)
        with pytest.raises(Conflict, match="Bob changed the song's timing") as caught:
            decide(session, chart, "accepted", "", version=0, song_version=1, author_id=store.ann)
        assert caught.value.details == {"song_version": 2, "others": []}
        assert chart_row(session, chart)["status"] == "open"
        decide(session, split, "accepted", "", version=0, song_version=1, author_id=store.ann)  # it sounds as before
        decide(session, chart, "accepted", "", version=0, song_version=2, author_id=store.ann)
        assert chart_row(session, chart)["status"] == "accepted"


def test_who_decides_reviews_a_chart_that_nobody_reviews(store: Store) -> None:
    free, given = store.chart([]), store.chart([])
    with store.database.write() as session:
        assign(session, given, store.bob)
        decide(session, free, "open", "", version=0, author_id=store.ann)
        assert chart_row(session, free)["assignee"] is None
        for chart in (free, given):
            decide(session, chart, "accepted", "", version=0, author_id=store.ann)
        reviewers = [chart_row(session, chart)["assignee"]["name"] for chart in (free, given)]
        assert reviewers == ["Ann", "Bob"]


def test_comments_are_open_until_resolved_and_can_be_opened_again(store: Store) -> None:
    chart = store.chart([])
    with store.database.write() as session:
        first = add_comment(session, chart, 48, "too <b>fast</b>", store.ann)
        add_comment(session, chart, None, "as a whole", store.bob)
        assert (first["tick"], first["text"], first["resolved"]) == (48, "too <b>fast</b>", None)
        assert chart_row(session, chart)["comments"] == 2
        done = resolve(session, first["id"], store.bob, resolved=True)
        assert done["resolved"]["author"]["name"] == "Bob"
        assert resolve(session, first["id"], store.ann, resolved=True) == done
        assert chart_row(session, chart)["comments"] == 1
        assert resolve(session, first["id"], store.ann, resolved=False) == first
        assert [each["text"] for each in comments(session, chart)] == ["too <b>fast</b>", "as a whole"]


def test_a_dismissed_finding_does_not_count_until_it_is_taken_back(store: Store) -> None:
    chart = store.chart([], findings=[FINDING, {**FINDING, "id": "ffffffffffff", "severity": "advice"}])
    with store.database.write() as session:
        assert (chart_row(session, chart)["findings"], chart_row(session, chart)["faults"]) == (2, 1)
        found = dismiss(session, chart, FINDING["id"], "it is meant", store.ann)
        assert (found["dismissed"]["reason"], found["dismissed"]["author"]["name"]) == ("it is meant", "Ann")
        assert (chart_row(session, chart)["findings"], chart_row(session, chart)["faults"]) == (1, 0)
        assert dismiss(session, chart, FINDING["id"], "it is meant", store.bob) == found
        with pytest.raises(Conflict):
            dismiss(session, chart, FINDING["id"], "another reason", store.bob)
        assert take_back(session, chart, FINDING["id"])["dismissed"] is None
        assert chart_row(session, chart)["faults"] == 1
        with pytest.raises(NotFound, match="no longer there"):
            dismiss(session, chart, "aaaaaaaaaaaa", "x", store.ann)


def test_seconds_add_up_over_people_and_days(store: Store) -> None:
    chart = store.chart([])
    with store.database.write() as session:
        for person, seconds in ((store.ann, 10.0), (store.ann, 2.5), (store.bob, 1.0)):
            add_seconds(session, chart, person, seconds)
        assert chart_row(session, chart)["seconds"] == 13.5


def test_a_chart_is_given_to_someone(store: Store) -> None:
    chart = store.chart([])
    with store.database.write() as session:
        assert assign(session, chart, store.bob)["assignee"] == {"id": store.bob, "name": "Bob"}
        assert assign(session, chart, None)["assignee"] is None
        with pytest.raises(Invalid):
            assign(session, chart, 10**6)


def test_of_a_chart_that_is_not_there_nothing_is_said(store: Store) -> None:
    with store.database.write() as session:
        for action in (
            lambda: decide(session, 10**6, "accepted", "", version=0, author_id=None),
            lambda: decisions(session, 10**6),
            lambda: comments(session, 10**6),
            lambda: add_comment(session, 10**6, None, "x", None),
            lambda: resolve(session, 10**6, None, resolved=True),
            lambda: dismiss(session, 10**6, FINDING["id"], "x", None),
            lambda: add_seconds(session, 10**6, store.ann, 1.0),
            lambda: assign(session, 10**6, None),
        ):
            with pytest.raises(NotFound):
                action()


def test_dismissals_go_with_findings_whose_places_change_hands(store: Store) -> None:
    """Beat 0 moves by as much as alike findings lie apart: each is named then as the next one was."""
    beats = (4.0, 8.0, 12.0)
    found = [
        {**FINDING, "id": finding_id("jack", beat, "a jack"), "beat": beat, "tick": int(48 * beat)} for beat in beats
    ]
    chart = store.chart([], findings=found)
    with store.database.write() as session:
        for finding in found[:2]:
            dismiss(session, chart, finding["id"], f"beat {finding['beat']:g}", store.ann)
        move_findings(session, chart, 192)
    with store.database.read() as session:
        after = chart_detail(session, chart)["findings_list"]
    told = [(each["beat"], each["dismissed"] and each["dismissed"]["reason"]) for each in after]
    assert told == [(8, "beat 4"), (12, "beat 8"), (16, None)]
