"""The page of a chart, as an artist uses it: by keys and by mouse, alone and with others, through crashes."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.review.editor.conftest import NOTES
from tests.review.web.conftest import MARK

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent


def _saved(page: Any) -> None:
    page.wait_for_timeout(100)
    page.wait_for_selector(".save.saved[aria-busy=false]")


def _no_edits(page: Any) -> None:
    """As if the server were gone for those who save."""
    page.route(
        "**/api/charts/*/edits", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )


def test_notes_by_keys(desk, ann):
    chart, page, press = ann
    press("PageDown", "1", "ArrowRight", "ArrowDown")  # finer steps: a 24th
    page.keyboard.down("3")
    press("ArrowDown", "ArrowDown")
    page.keyboard.up("3")
    press("Home", "1", "Shift+4")
    expected = [[0, 3, "M", None], [192, 0, "1", None], [192, 1, "1", None], [200, 2, "2", 216], *NOTES[2:]]
    assert desk.notes(chart) == expected
    press(*["Control+z"] * 4)
    assert desk.notes(chart) == NOTES
    press(*["Control+y"] * 3)
    page.reload()
    page.wait_for_selector(".save.saved")
    press("Control+y")
    assert desk.notes(chart) == expected


def test_selected_notes_are_moved_mirrored_copied_and_deleted(desk, ann):
    chart, _, press = ann
    press("PageDown", "s", "Alt+ArrowDown", "h")
    assert desk.notes(chart)[1] == [204, 1, "1", None]
    press("v")
    assert desk.notes(chart)[1] == [204, 2, "1", None]
    press("Control+c", "PageDown", "PageDown", "PageDown", "Control+v")
    turned = [[204, 2, "1", None], [384, 1, "2", 480]]
    assert desk.notes(chart) == [NOTES[0], *turned, [768, 2, "1", None], [948, 1, "2", 1044]]
    press("Control+a", "Delete")
    assert desk.notes(chart) == []


def test_notes_by_mouse(desk, ann):
    chart, page, _ = ann
    box = page.locator(".notefield").bounding_box()
    lanes, receptors = box["x"] + box["width"] / 2 - 34, box["y"] + 0.16 * box["height"]

    def at(panel: float, ticks: int) -> tuple[float, float]:
        return lanes + 68 * (panel - 1.5), receptors + 2 * ticks  # 96 pixels a beat

    def drag(start: tuple[float, float], end: tuple[float, float], button: str = "left") -> None:
        page.mouse.move(*start)
        page.mouse.down(button=button)
        page.mouse.move(*end, steps=4)
        page.mouse.up(button=button)
        _saved(page)

    drag(at(0, 96), at(0, 96))
    drag(at(3, 48), at(3, 144))
    assert desk.notes(chart)[:3] == [NOTES[0], [48, 3, "2", 144], [96, 0, "1", None]]
    drag(at(0, 96), at(1, 120))  # to another place and panel
    drag(at(3, 100), at(3, 100), "right")  # on the hold's body
    assert desk.notes(chart)[:3] == [NOTES[0], [120, 1, "1", None], NOTES[1]]
    drag(at(4.5, 100), at(4.5, 200))  # beside the lanes: rows
    page.keyboard.press("Delete")
    _saved(page)
    assert desk.notes(chart) == [NOTES[0], *NOTES[2:]]
    page.keyboard.press("e")
    drag(at(2, 24), at(2, 24))
    assert desk.notes(chart)[1] == [24, 2, "M", None]


def test_edits_outlive_a_crash_of_the_browser(desk):
    chart, context = desk.chart(), desk.person("Ann")
    page = desk.open(chart, context)
    _no_edits(page)
    for key in ("1", "ArrowDown", "2", "3"):
        page.keyboard.press(key)
    page.wait_for_selector(".save.offline")
    page.close(run_before_unload=False)
    assert desk.notes(chart) == NOTES
    page = desk.open(chart, context)
    page.wait_for_selector("text=recovered")
    _saved(page)
    assert desk.notes(chart) == [[12, 1, "1", None], [12, 2, "1", None], *NOTES[1:]]
    page.keyboard.press("Control+z")
    _saved(page)
    assert desk.notes(chart) == [[12, 1, "1", None], *NOTES[1:]]


def test_edits_made_while_the_server_is_gone_are_sent_when_it_is_back(desk):
    chart, context = desk.chart(), desk.person("Ann")
    page = desk.open(chart, context)
    _no_edits(page)
    page.keyboard.press("4")
    page.wait_for_selector(".save.offline")
    page.unroute("**/api/charts/*/edits")
    page.wait_for_selector(".save.saved")
    assert desk.notes(chart)[1] == [0, 3, "1", None]


@pytest.mark.parametrize(("choice", "kind"), [("Keep mine", "M"), ("Keep theirs", "1")])
def test_two_on_one_place_choose(desk, choice, kind):
    chart = desk.chart()
    ann, ben = (desk.open(chart, desk.person(name)) for name in ("Ann", "Ben"))
    _no_edits(ben)
    ben.keyboard.press("Shift+3")
    ben.keyboard.press("2")
    ben.wait_for_selector(".save.offline")
    ann.keyboard.press("3")
    _saved(ann)
    ben.unroute("**/api/charts/*/edits")
    ben.wait_for_selector("#conflict:not([hidden])")
    assert "Ann changed the same place" in ben.locator("#conflict").inner_text()
    assert desk.notes(chart)[1] == [0, 2, "1", None]
    ben.get_by_role("button", name=choice).click()
    _saved(ben)
    assert desk.notes(chart)[:3] == [NOTES[0], [0, 1, "1", None], [0, 2, kind, None]]
    assert ben.locator("#conflict").is_hidden()


def test_others_are_seen_at_work(desk):
    chart = desk.chart()
    ann, ben = (desk.open(chart, desk.person(name)) for name in ("Ann", "Ben"))
    ann.keyboard.press("2")
    ben.wait_for_selector("text=Ann: tap down at beat 0")
    ben.wait_for_selector("[aria-label='Ann is here']")
    ben.keyboard.press("2")  # what Ann placed is there to be deleted
    _saved(ben)
    assert desk.notes(chart) == NOTES


def test_findings_are_jumped_to_and_dismissed(desk, ann):
    chart, page, press = ann
    press("n")
    assert "2:1" in page.locator(".beat").inner_text()
    page.get_by_role("button", name="Dismiss…").click()
    page.get_by_label("Why it is fine").fill("the music asks for it")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=1 dismissed")
    assert desk.row(chart)["findings_list"][0]["dismissed"]["reason"] == "the music asks for it"


def test_a_comment_is_pinned_to_a_beat_and_shown_as_text(desk, ann):
    _, page, press = ann
    press("PageDown", "c")
    page.keyboard.type("<b>two</b> jumps, please")
    page.keyboard.press("Control+Enter")
    entry = page.locator(".entry.comment")
    entry.wait_for()
    assert "<b>two</b> jumps, please" in entry.inner_text()
    assert "beat 4" in entry.inner_text()


def test_a_chart_is_accepted_sent_back_and_changed_again(desk, ann):
    chart, page, press = ann
    press("Control+Enter")
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/decisions")) as said:
        page.get_by_role("button", name="Accept all the same").click()
    assert said.value.post_data_json["song_version"] == 0  # so that nobody accepts a timing that was not heard
    page.wait_for_selector(".status.accepted")
    assert desk.row(chart)["status"] == "accepted"
    page.get_by_role("button", name="Send back").click()
    page.get_by_label("What is to change").fill("less of it")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".status.sent-back")
    page.wait_for_selector("text=less of it")
    page.get_by_role("button", name="✓ Accept").click()
    page.get_by_role("button", name="Accept all the same").click()
    page.wait_for_selector(".status.accepted")
    press("2")
    page.get_by_role("button", name="Leave it as it is").click()
    assert desk.notes(chart) == NOTES
    press("2")
    page.get_by_role("button", name="Change it").click()
    page.wait_for_selector(".status.open")  # who accepted it has not seen this
    press("3")  # asked once
    assert desk.notes(chart)[1:3] == [[0, 1, "1", None], [0, 2, "1", None]]


def _accepted(page: Any) -> None:
    page.get_by_role("button", name="✓ Accept").click()
    page.get_by_role("button", name="Accept all the same").click()
    page.wait_for_selector(".status.accepted")


def test_who_accepted_hears_who_opened_the_chart_again(desk):
    chart = desk.chart()
    ann, ben = (desk.open(chart, desk.person(name)) for name in ("Ann", "Ben"))
    _accepted(ann)
    ben.wait_for_selector(".status.accepted")
    ben.keyboard.press("2")
    assert "Ann accepted this chart" in ben.locator("dialog").inner_text()
    ben.get_by_role("button", name="Change it").click()
    told = ann.locator(".toast", has_text="You had accepted it: it is open again")
    told.wait_for()
    assert "Ben changed this chart" in told.inner_text()
    assert ben.locator(".toast", has_text="open again").count() == 0
    told.get_by_role("button", name="Accept again").click()
    ann.get_by_role("button", name="Accept all the same").click()
    ann.wait_for_selector(".status.accepted")
    assert desk.row(chart)["decided"]["version"] == 1


def test_an_edit_that_arrives_late_does_not_open_a_chart_in_silence(desk):
    chart = desk.chart()
    ann, ben = (desk.open(chart, desk.person(name)) for name in ("Ann", "Ben"))
    _no_edits(ben)
    ben.keyboard.press("4")
    ben.wait_for_selector(".save.offline")
    _accepted(ann)
    ben.unroute("**/api/charts/*/edits")
    ann.wait_for_selector(".toast:has-text('Ben changed this chart')")
    ben.wait_for_selector(".toast:has-text('Ann had accepted it')")


def test_open_comments_are_named_before_a_chart_is_accepted(desk, ann):
    chart, page, press = ann
    press("c")
    page.keyboard.type("less of it")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry.comment")  # told to all, perhaps before it is answered to its author
    page.wait_for_selector("textarea[aria-label=Comment]:not(:focus)")
    press("Control+Enter")
    asked = page.locator("dialog").inner_text()
    assert "1 finding, 1 comment not resolved" in asked
    assert "a jack" in asked
    assert "Ann says “less of it”" in asked
    page.keyboard.press("Escape")
    assert desk.row(chart)["status"] == "open"


def test_who_decides_reviews_and_rejecting_needs_a_reason(desk, ann):
    chart, page, _ = ann
    page.get_by_role("button", name="Reject").click()
    page.keyboard.press("Control+Enter")
    assert page.locator("dialog").is_visible()
    page.get_by_label("Why").fill("another song")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".status.rejected")
    assert desk.row(chart)["assignee"]["name"] == "Ann"
    page.wait_for_function("document.querySelector('#decision select').selectedOptions[0].textContent === 'Ann'")


def test_the_next_chart_to_review_is_one_key_away(desk, ann):
    chart, page, _ = ann
    other = desk.store.chart(NOTES, song=desk.row(chart)["song"]["id"], slot="challenge", meter=12, place=1)
    page.reload()
    page.wait_for_selector(".next:has-text('Challenge 12 · A song')")
    page.keyboard.press("y")
    page.wait_for_url(f"**/chart/{other}")


def test_the_next_chart_is_kept_up_to_date_without_asking_for_the_run_anew(desk, ann):
    chart, page, _ = ann
    song = desk.row(chart)["song"]["id"]
    desk.store.chart(NOTES, song=song, slot="challenge", meter=12, place=1)
    page.reload()
    page.wait_for_selector(".next:has-text('Challenge 12 · A song')")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/runs/" in request.url else None)
    fields = {"title": ["A song", "Another name"]}
    body = {"key": "another-name", "summary": "title", "fields": fields}
    origin = {**MARK, "Origin": desk.address}
    assert desk.person("Ben").request.post(f"{desk.address}/api/songs/{song}/edits", data=body, headers=origin).ok
    page.wait_for_selector(".next:has-text('Another name')")
    assert asked == []


def test_who_sends_a_chart_back_sees_to_whom_it_goes(desk, ann):
    _, page, _ = ann
    desk.person("Ben")
    page.reload()
    page.wait_for_selector(".save.saved")

    def said() -> str:
        page.keyboard.press("Control+Backspace")
        text = page.locator("dialog").inner_text()
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")
        return text

    assert "Nobody is assigned" in said()
    for name, words in (("Ben", "It goes back to Ben"), ("Ann", "it stays with you")):
        with page.expect_response("**/api/charts/*"):
            page.select_option("#decision select", label=name)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(100)
        assert words in said()


def test_a_reason_is_not_lost_by_a_press_beside_its_box(ann):
    _, page, _ = ann
    page.keyboard.press("Control+Delete")
    page.get_by_label("Why").fill("another song")
    page.mouse.click(5, 5)
    assert page.get_by_label("Why").input_value() == "another song"
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")


def test_space_does_not_press_what_was_clicked_last(ann):
    _, page, _ = ann
    pressed = "document.querySelector('#tools').querySelectorAll('[aria-pressed=true]').length"
    for name in ("Feet", "Roll"):
        page.get_by_role("button", name=name).click()
        before = page.evaluate(pressed)
        page.keyboard.press("Space")
        assert page.evaluate(pressed) == before
        assert page.evaluate("document.activeElement === document.body")
    page.get_by_role("button", name="Feet").focus()  # who goes by Tab presses it
    page.keyboard.press("Space")
    assert page.evaluate(pressed) == before - 1


def test_a_comment_stays_pinned_where_it_was_begun(desk, ann):
    _, page, press = ann
    press("PageDown", "c")
    page.keyboard.type("here")
    page.locator("#tab-findings").focus()
    press("PageDown", "PageDown", "6")
    assert "pin to beat 4" in page.locator("#panel-comments form").inner_text()
    page.get_by_role("button", name="Pin at the cursor").click()
    assert "pin to beat 12" in page.locator("#panel-comments form").inner_text()


def test_what_a_field_cannot_have_is_told_beside_it(desk, ann):
    chart, page, press = ann
    press("9")
    for value, line in (("999", "from 1 to 99"), ("0", "from 1 to 99"), ("", "A number is missing")):
        page.get_by_label("Meter").fill(value)
        page.keyboard.press("Enter")
        page.wait_for_selector(f".field:has-text('Meter') .error:has-text('{line}')")
    page.keyboard.press("Escape")
    assert page.get_by_label("Meter").input_value() == "7"
    page.evaluate("document.activeElement.blur()")
    assert desk.row(chart)["meter"] == 7


def _simfile(meter: int, offset: float) -> dict[str, Any]:
    head = f"#TITLE:Another;#ARTIST:Someone;#OFFSET:{offset};#BPMS:0=120;#NOTES:dance-single::Hard:{meter}:0,0,0,0,0:"
    return {"name": "a.sm", "mimeType": "text/plain", "buffer": f"{head}\n1000\n0000\n0000\n0000\n;".encode()}


def test_a_file_is_taken_in_after_it_was_said_what_it_changes(desk, ann):
    chart, page, press = ann
    press("o")
    for button in ("Cancel", "Bring it in"):
        page.locator("input[type=file]").set_input_files(_simfile(9, -0.21))
        said = page.locator("dialog").inner_text()
        assert "Hard: rows 1 kept, 3 removed" in said
        assert "its title: Another" in said
        if button == "Bring it in":
            page.get_by_label("its timing").check()
        page.get_by_role("button", name=button).click()
        _saved(page)
        expected = NOTES if button == "Cancel" else NOTES[:1]
        assert desk.notes(chart) == expected
    row = desk.row(chart)
    assert (row["timing"]["offset"], row["song"]["title"], row["meter"]) == (-0.21, "A song", 9)


def test_the_notes_are_put_on_the_measured_beat(desk):
    chart, context = desk.chart(), desk.person("Ann")
    late = 0.03
    attacks = bytearray(20_000)  # one each beat of 120 BPM from 0.25 s on, 30 ms late
    for beat in range(38):
        for away in range(-6, 7):
            attacks[round(1000 * (0.25 + 0.5 * beat + late)) + away] = 250 - 40 * abs(away)

    def heard(route: Any) -> None:
        song = route.fetch().json()
        onsets = {"url": "/onsets", "rate": 1000}
        song["sound"] = {"onsets": onsets, "music": {"start": 0, "end": 20}, "duration": 20, "listen": "/listen"}
        route.fulfill(json=song)

    context.route(re.compile(r"/api/songs/\d+$"), heard)
    context.route("**/onsets", lambda route: route.fulfill(body=bytes(attacks)))
    context.route("**/listen", lambda route: None)  # it does not come
    page = desk.open(chart, context)
    page.keyboard.press("8")
    page.wait_for_selector("text=about 30 ms after the beats")
    page.get_by_role("button", name="Put it on the beat: notes 30 ms later").click()
    page.wait_for_selector("text=The attacks lie on the beats.")
    _saved(page)
    assert desk.row(chart)["timing"]["offset"] == pytest.approx(-0.25 - late)
    assert page.get_by_role("button", name="Put it on the beat").count() == 0


def test_before_the_recording_the_clock_says_so(desk, ann):
    chart, page, press = ann
    press("8")
    page.get_by_label("Offset in seconds").fill("1.37")
    page.keyboard.press("Enter")
    page.evaluate("document.activeElement.blur()")
    press("2")
    assert page.locator("#transport .time").inner_text().startswith("\N{MINUS SIGN}0:02")
    page.wait_for_selector(".toast:has-text('The recording begins later')")
    assert desk.notes(chart)[1] == [0, 1, "1", None]


def test_a_click_on_the_song_lands_on_the_grid(ann):
    _, page, press = ann
    press("ArrowLeft", "ArrowLeft", "ArrowLeft")  # 12ths, 8ths, 4ths
    box = page.locator(".stage-overview").bounding_box()
    for part in (0.37, 0.55):
        page.mouse.click(box["x"] + part * box["width"], box["y"] + 20)
        place = page.locator(".beat").inner_text()
        assert "." not in place, place


def test_titles_and_offsets_are_among_the_versions(desk, ann):
    _, page, press = ann
    press("1", "Control+,", "o")
    page.wait_for_selector(".entry.song:has-text('offset +1 ms')")
    entries = page.locator(".versions .entry").all_inner_texts()
    assert [entry.split()[0] for entry in entries] == ["Song", "Version", "Draft"]


@pytest.mark.parametrize("size", [(900, 800), (1280, 720), (1440, 900), (1920, 1080)])
def test_nothing_in_the_bars_lies_over_another_thing(desk, size):
    song = desk.store.song(fields={"title": "Beethoven-Virus-86d697 in its long version", "artist": "Someone Else"})
    slots = ("beginner", "easy", "medium", "hard", "challenge")
    charts = [
        desk.store.chart(NOTES, song=song, slot=slot, place=place, status="accepted")
        for place, slot in enumerate(slots)
    ]
    ann, _ = (desk.open(charts[3], desk.person(name)) for name in ("Ann", "Ben"))
    ann.set_viewport_size({"width": size[0], "height": size[1]})
    ann.wait_for_selector("[aria-label='Ben is here']")
    _no_edits(ann)
    ann.keyboard.press("1")
    ann.get_by_role("button", name="Change it").click()
    ann.wait_for_selector(".save.offline")
    overlaps = ann.evaluate(f"({(HERE / 'overlaps.js').read_text()})()")
    assert overlaps == []
    toast = ann.evaluate("""async () => {
      const { toast } = await import("/js/toast.js");
      toast("A message that is long enough for more than one line of the box that it stands in");
      await new Promise((done) => setTimeout(done, 300));
      const box = document.querySelector(".toasts").getBoundingClientRect();
      const panel = document.querySelector(".panel:not([hidden])").getBoundingClientRect();
      const decision = document.querySelector("#decision").getBoundingClientRect();
      const side = document.querySelector("#side").getBoundingClientRect();
      return [panel.bottom <= box.top, box.bottom <= decision.top, box.left >= side.left];
    }""")
    assert toast == [True, True, True]


def test_fields_of_song_and_chart_are_edited_and_undone(desk, ann):
    chart, page, press = ann
    press("9")
    page.get_by_label("Meter").fill("11")
    page.get_by_label("Title", exact=True).fill("Another")
    page.get_by_label("Artist").focus()
    _saved(page)
    assert (desk.row(chart)["meter"], desk.row(chart)["song"]["title"]) == (11, "Another")
    page.locator(".tabs button").first.focus()
    press("Control+z", "Control+z")
    assert (desk.row(chart)["meter"], desk.row(chart)["song"]["title"]) == (7, "A song")


def test_timing_is_nudged_and_beat_0_moved(desk, ann):
    chart, page, press = ann
    press("8", "Control+,")
    assert desk.row(chart)["timing"]["offset"] == pytest.approx(-0.249)
    page.get_by_role("button", name="1 beat earlier").click()
    _saved(page)
    page.wait_for_function("document.querySelector('[aria-label=\"Offset in seconds\"]').value === '0.251'")
    assert desk.notes(chart)[0] == [48, 0, "1", None]
    press("1")  # the cursor has moved along
    for _ in range(3):  # the last of them waits until the server has told where beat 0 is
        page.keyboard.press("Control+z")
    page.wait_for_selector(".toast:has-text('Undone: offset')")
    _saved(page)
    assert desk.notes(chart) == NOTES
    assert desk.row(chart)["timing"]["offset"] == pytest.approx(-0.25)


def test_a_version_is_compared_and_restored(desk, ann):
    chart, page, press = ann
    press("2", "End", "Delete", "o")
    page.get_by_role("button", name="What changed since").last.click()
    page.wait_for_selector("text=1 removed")
    page.get_by_role("button", name="Restore").last.click()
    page.wait_for_selector("text=The draft is back")
    assert desk.notes(chart) == NOTES
    press("Control+z")
    assert len(desk.notes(chart)) == len(NOTES)
    assert desk.notes(chart) != NOTES


def test_every_key_is_listed_once(ann):
    _, page, press = ann
    press("?")
    chords = page.evaluate(
        "[...document.querySelectorAll('.help .chord')].map((chord) => chord.innerText.replace(/\\s+/g, '+'))"
    )
    assert len(chords) > 50
    assert sorted(chords) == sorted(set(chords))
