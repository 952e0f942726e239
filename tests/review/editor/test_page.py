"""The page of a chart, as an artist uses it: by keys and by mouse, alone and with others, through crashes."""

from typing import Any

import pytest

from tests.review.editor.conftest import NOTES

pytestmark = pytest.mark.browser


def _saved(page: Any) -> None:
    page.wait_for_timeout(100)
    page.wait_for_function("document.querySelector('.save').textContent.includes('All saved')")


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
    page.get_by_role("button", name="Accept all the same").click()
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
    page.wait_for_selector(".status.open")  # who accepted it has not seen this


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
    press("Control+z", "Control+z", "Control+z")
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
