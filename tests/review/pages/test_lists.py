"""The pages of runs and of one run, in a browser, by keyboard and by mouse."""

import time
from typing import Any

import pytest

from tests.review.pages.stand_in import ANN, BO, SITE, StandIn, song_row

pytestmark = pytest.mark.browser

_DROP = """names => {
    const held = new DataTransfer();
    for (const name of names) held.items.add(new File([new Uint8Array(64)], name));
    window.dispatchEvent(new DragEvent("drop", {dataTransfer: held, cancelable: true}));
}"""


_SPENT = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
_REPEAT = """async ([name, times]) => {
    const list = document.querySelector(".list"), search = document.querySelector("input[type=search]");
    const acts = {
        scroll: () => { list.scrollTop += 1400; },
        search: (i) => {
            search.value = ["s", "so", "song 7", "song 77", ""][i % 5];
            search.dispatchEvent(new Event("input"));
        },
    };
    for (let i = 0; i < times; i += 1) {
        acts[name](i);
        await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));  // drawn
    }
}"""


def _open_run(page: Any, stand_in: StandIn, songs: list[dict[str, Any]], query: str = "") -> None:
    stand_in.add_run(songs)
    page.goto(f"{SITE}/run/1{query}")
    page.wait_for_selector(".run-head h1")


def _see_titles(page: Any, *expected: str) -> None:
    """Wait until these songs are listed, in this order: rows are drawn a frame after they are chosen."""
    by_place = (
        "rows => rows.sort((a, b) => a.ariaRowIndex - b.ariaRowIndex).map(row => row.querySelector('b').textContent)"
    )
    until = time.monotonic() + 15
    while (seen := page.eval_on_selector_all(".rows .row", by_place)) != list(expected):
        assert time.monotonic() < until, seen
        page.wait_for_timeout(20)


def _where(page: Any) -> str:
    return str(page.get_attribute(".list", "aria-activedescendant"))


def test_a_newcomer_drops_a_song_and_sees_it_charted(page: Any, stand_in: StandIn) -> None:
    page.goto(f"{SITE}/")
    assert page.text_content("h1") == "Drop songs here"
    page.evaluate(_DROP, ["My song.mp3", "My song.txt"])
    page.wait_for_selector("dialog")
    assert page.input_value("dialog input[name=name]") == "My song"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{SITE}/run/1")
    page.wait_for_selector(".row.waiting")
    assert ("POST", "/api/runs", {"name": "My song", "request": stand_in.runs[1]["request"]}) in stand_in.asked
    assert stand_in.runs[1]["request"] == {
        "difficulties": ["beginner", "easy", "medium", "hard", "challenge"],
        "seed": 0,
        "sync": "null",
    }
    assert [song["source"] for song in stand_in.songs.values()] == ["My song.mp3"]  # the text file stays here
    song = stand_in.songs[1]
    stand_in.tell({"type": "song", "song": {**song, "state": "working", "job": {"id": 5, "kind": "intake", "song": 1}}})
    job = {"id": 5, "kind": "intake", "song": 1, "state": "running", "progress": 0.42, "stage": "placing notes"}
    stand_in.tell({"type": "job", "job": job})
    page.wait_for_selector("text=Placing notes")
    assert page.get_attribute(".row progress", "value") == "0.42"
    stand_in.tell({"type": "song", "song": song_row(1, title="My song")})
    page.wait_for_selector("a.chart")
    assert page.locator("a.chart").count() == 5
    assert "accept it" in page.text_content(".tip")


def test_everything_goes_by_keyboard(page: Any, stand_in: StandIn) -> None:
    songs = [song_row(i) for i in range(1, 4)]
    songs[0]["charts"][0]["status"] = "accepted"
    _open_run(page, stand_in, songs)
    assert _where(page) == "song-1"
    page.keyboard.press("n")
    assert _where(page) == "chart-11"  # the first is accepted
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    assert _where(page) == "chart-22"
    page.keyboard.press("i")
    page.wait_for_selector("#chart-22 .avatar")
    assert stand_in.chart(22)["assignee"] == ANN
    page.keyboard.press("x")
    page.keyboard.press("Shift+J")
    assert page.text_content(".selection b") == "2 songs selected"
    page.keyboard.press("a")
    page.wait_for_selector("dialog .who")
    page.keyboard.type("bo")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast.good")
    assert {chart["assignee"]["name"] for song in songs[1:] for chart in song["charts"]} == {"Bo"}
    assert songs[0]["charts"][0]["assignee"] is None
    page.keyboard.press("Escape")
    assert page.is_hidden(".selection")
    page.keyboard.press("?")
    assert page.locator("dialog.help dt").count() > 20
    page.keyboard.press("k")  # means nothing while the box is open
    page.keyboard.press("?")
    assert page.locator("dialog").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url(f"{SITE}/chart/32")


def test_songs_are_filtered_searched_and_sorted(page: Any, stand_in: StandIn) -> None:
    songs = [
        song_row(1, title="Gamma"),
        song_row(2, title="alpha"),
        song_row(3, title="Beta", state="failed", error="no music"),
    ]
    songs[0]["charts"][3] |= {"status": "sent back", "assignee": BO}
    _open_run(page, stand_in, songs)
    page.keyboard.press("/")
    page.keyboard.type("ta")  # letters are not keys now
    page.wait_for_selector("output:text('1 of 3')")
    _see_titles(page, "Beta")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.wait_for_selector("output:text('1 of 3')")
    _see_titles(page, "Gamma")
    assert page.locator("a.chart.dim").count() == 4
    page.wait_for_url("**/run/1?tab=back")
    page.reload()
    page.wait_for_selector(".rows .row")
    _see_titles(page, "Gamma")  # the address keeps the filter
    page.keyboard.press("1")
    page.select_option("select[aria-label='Sorted by']", "title")
    page.wait_for_selector("[data-song='2'] >> b:text('alpha')")
    page.wait_for_selector("[data-song='3']")
    _see_titles(page, "alpha", "Beta", "Gamma")
    page.select_option("select[aria-label=Reviewer]", "me")
    page.wait_for_selector("text=No song is like that.")
    page.click("button:text('Show all songs')")
    page.wait_for_selector("[data-song='3']")


def test_titles_are_shown_as_text(page: Any, stand_in: StandIn) -> None:
    evil = "<script>window.bad = 1</script><img src=x onerror='window.bad = 2'>"
    songs = [song_row(1, title=evil, artist=evil), song_row(2, title=evil, state="failed", error=evil)]
    songs[0]["charts"][0]["assignee"] = {"id": 3, "name": evil}
    stand_in.add_run(songs, name=evil)
    page.goto(f"{SITE}/")
    assert page.text_content(".run-card h2") == evil
    page.keyboard.press("Enter")
    page.wait_for_selector(".rows .row")
    _see_titles(page, evil, evil)
    assert page.text_content(".run-head h1") == evil
    assert page.text_content(".row .error") == evil
    assert page.evaluate("window.bad") is None


def test_a_thousand_songs_do_not_lag(page: Any, stand_in: StandIn) -> None:
    _open_run(page, stand_in, [song_row(i) for i in range(1, 1001)])
    page.wait_for_selector(".rows .row")
    assert page.locator(".rows .row").count() < 40
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})  # the page's own time, whatever else runs

    def milliseconds(act: str) -> float:
        def spent() -> float:
            return sum(m["value"] for m in devtools.send("Performance.getMetrics")["metrics"] if m["name"] in _SPENT)

        before = spent()
        page.evaluate(_REPEAT, [act, 20])
        return (spent() - before) * 1000 / 20

    assert milliseconds("scroll") < 100
    assert milliseconds("search") < 100
    page.keyboard.press("End")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("End")
    assert _where(page) == "song-1000"
    assert page.is_visible("#song-1000")


def test_failed_songs_are_tried_again_or_removed(page: Any, stand_in: StandIn) -> None:
    songs = [song_row(i, state="failed", error="no music") for i in (1, 2)]
    _open_run(page, stand_in, [*songs, song_row(3, state="waiting")])
    page.keyboard.press("Delete")
    page.wait_for_selector("#song-1", state="detached")
    page.keyboard.press("r")
    page.wait_for_selector("[data-song='2'].waiting")
    page.keyboard.press("End")
    page.keyboard.press("c")
    page.wait_for_selector("[data-song='3'].cancelled")
    assert {song["id"]: song["state"] for song in stand_in.songs.values()} == {2: "waiting", 3: "cancelled"}


def test_refused_uploads_say_why_and_can_be_sent_again(page: Any, stand_in: StandIn) -> None:
    _open_run(page, stand_in, [])
    stand_in.upload_status = 415
    page.evaluate(_DROP, ["a.mp3", "b.mp3"])
    page.wait_for_selector(".tray h2:text('2 files could not be sent')")
    assert page.locator(".tray li .error").all_text_contents() == ["that is no music"] * 2
    stand_in.upload_status = 200
    page.click(".tray button:text('Try again')")
    page.wait_for_selector(".toast:has-text('2 songs sent')")
    assert len(stand_in.songs) == 2


def test_accepted_charts_are_exported(page: Any, stand_in: StandIn) -> None:
    song = song_row(1)
    song["charts"][0]["status"] = "accepted"
    _open_run(page, stand_in, [song])
    page.route("**/api/exports/1", lambda route: route.fulfill(body=b"PK", content_type="application/zip"))
    page.keyboard.press("e")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "A run.zip"
    assert "1 chart of 1 song" in page.text_content("dialog")
    assert "Song 2: Hard" in page.text_content("dialog details")


def test_others_are_seen_and_what_was_missed_is_asked_for(page: Any, stand_in: StandIn) -> None:
    _open_run(page, stand_in, [song_row(1)])
    stand_in.tell({"type": "people", "people": [{**ANN, "chart": None, "tick": 0}, {**BO, "chart": 12, "tick": 0}]})
    page.wait_for_selector("#chart-12.here .avatar")
    assert page.locator(".people .avatar").count() == 1
    stand_in.tell({"type": "chart", "chart": stand_in.chart(12) | {"status": "rejected"}})
    page.wait_for_selector("#chart-12.rejected")
    stand_in.songs[2] = song_row(2, title="Came meanwhile")
    stand_in.sockets[-1].close()
    page.wait_for_selector(".lost:not(:empty)")
    page.wait_for_selector("b:text('Came meanwhile')")
    assert page.text_content(".lost") == ""


def test_signing_in_by_the_printed_link_leads_back(page: Any, stand_in: StandIn) -> None:
    stand_in.add_run([song_row(1)])
    stand_in.me = None
    page.goto(f"{SITE}/run/1?tab=open")
    page.wait_for_url("**/login?next=*")
    page.fill("input[name=name]", "Cleo")
    page.fill("input[name=token]", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error:text('this token is not right')")
    page.goto(f"{SITE}/login?next=%2Frun%2F1#token=secret")  # another query: a page of its own
    page.wait_for_url(f"{SITE}/login?next=%2Frun%2F1")
    page.fill("input[name=name]", "Cleo")
    assert "secret" not in page.url
    page.keyboard.press("Enter")
    page.wait_for_url(f"{SITE}/run/1")
    page.wait_for_selector(".account .name:text('Cleo')")


def test_many_charts_are_assigned_by_one_request(page: Any, stand_in: StandIn) -> None:
    _open_run(page, stand_in, [song_row(i) for i in range(1, 31)])
    page.keyboard.press("Control+a")
    page.keyboard.press("i")
    page.wait_for_selector(".toast.good:has-text('150 charts for Ann Example')")
    assert [path for method, path, _ in stand_in.asked if method == "PATCH"] == ["/api/runs/1/assignments"]
    stand_in.tell({"type": "assigned", "charts": [10, 11], "assignee": BO})
    page.wait_for_selector("#chart-11 .avatar[title='Reviewer: Bo']")


def test_a_run_is_renamed_and_deleted_once_its_name_is_typed(page: Any, stand_in: StandIn) -> None:
    _open_run(page, stand_in, [song_row(1)])
    page.keyboard.press("s")
    page.fill("dialog input[name=name]", "Winter")
    page.keyboard.press("Enter")
    page.wait_for_selector(".run-head h1:text('Winter')")
    page.keyboard.press("s")
    assert page.is_disabled("dialog button.danger")
    page.fill("dialog input[name=typed]", "winter")
    page.keyboard.press("Enter")
    assert stand_in.runs and page.is_disabled("dialog button.danger")
    page.fill("dialog input[name=typed]", "Winter")
    page.click("dialog button.danger")
    page.wait_for_url(f"{SITE}/")
    assert (stand_in.runs, stand_in.songs) == ({}, {})


def test_the_files_of_a_new_run_are_listed_and_sent_in_their_order(page: Any, stand_in: StandIn) -> None:
    stand_in.add_run([])
    page.goto(f"{SITE}/")
    page.wait_for_selector(".run-card")
    names = ["c.mp3", "a.mp3", "b.mp3", "10.mp3", "2.mp3"]
    page.evaluate(_DROP, names)
    page.wait_for_selector("dialog .files")
    assert page.locator("dialog .files li span:first-child").all_text_contents() == names
    page.click("dialog button.main")
    page.wait_for_selector(".toast:has-text('5 songs sent')")
    assert [song["source"] for song in stand_in.songs.values()] == names


def test_edits_that_were_never_sent_are_shown_with_links_to_their_charts(page: Any, stand_in: StandIn) -> None:
    stand_in.add_run([song_row(1)])
    page.goto(f"{SITE}/")
    kept = """([chart, person]) => localStorage.setItem(`charter.unsaved.chart.${chart}.k${person}`,
        JSON.stringify({key: "k", scope: "chart", id: chart, chart, person, made: 1, body: {}}))"""
    for chart, person in ((13, 1), (12, 2), (999, 1)):  # mine; another person's; of another run
        page.evaluate(kept, [chart, person])
    page.goto(f"{SITE}/run/1")
    page.wait_for_selector(".kept-edits a")
    assert page.locator(".kept-edits a").all_text_contents() == ["Song 1, Hard 10 (1 edit)"]
    page.click(".kept-edits a")
    page.wait_for_url(f"{SITE}/chart/13")


def test_the_measure_of_a_pack_that_people_wrote_is_shown(page: Any, stand_in: StandIn) -> None:
    parts = {"kept": 90, "moved": 0, "rewritten": 0, "removed": 10, "added": 0}
    shares = {name: n / 100 for name, n in parts.items()}
    none = {"charts": 0, "accepted": 0, "rows": dict.fromkeys(parts, 0), "shares": dict.fromkeys(parts)}
    none |= {"key": "", "label": "", "since": None, "median_minutes": None, "minutes_per_chart": None}
    people = none | {"charts": 3, "accepted": 1, "rows": parts, "shares": shares, "median_minutes": 2.5}
    stand_in.measure = {"total": none, "slots": [], "weights": [people], "charts": []}
    _open_run(page, stand_in, [song_row(1)])
    page.keyboard.press("m")
    page.wait_for_selector(".measure .figures")
    said = page.text_content(".measure")
    assert "90 %" in said and "accepted of 3 charts" in said and "By no network" in said
    assert "mines are no rows" in said
