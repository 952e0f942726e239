"""The page of a chart under hands that are quick, change their mind, or write another script."""

from typing import Any

import pytest

from tests.review.editor.conftest import NOTES

pytestmark = pytest.mark.browser


def test_a_drag_is_left_by_escape(desk, ann):
    chart, page, press = ann
    box = page.locator(".notefield").bounding_box()
    lane, receptors = box["x"] + box["width"] / 2 - 34 - 68 * 1.5, box["y"] + 0.16 * box["height"]
    for start in (96, 0):  # a new hold, and a note that is moved
        page.mouse.move(lane, receptors + 2 * start)
        page.mouse.down()
        page.mouse.move(lane, receptors + 2 * start + 100, steps=3)
        page.keyboard.press("Escape")
        page.mouse.up()
    press("Home")
    assert desk.notes(chart) == NOTES


def test_a_touch_that_the_browser_takes_away_makes_no_edit(desk, ann):
    chart, page, press = ann
    page.evaluate(
        """() => {
        const field = document.querySelector("canvas.notefield");
        const { left, top, width, height } = field.getBoundingClientRect();
        field.setPointerCapture = () => {};
        const at = (y) => ({ pointerId: 7, button: 0, clientX: left + width / 2 - 136, clientY: top + height / 6 + y });
        for (const [type, y] of [["pointerdown", 200], ["pointermove", 300], ["pointercancel", 300]]) {
            field.dispatchEvent(new PointerEvent(type, at(y)));
        }
        }"""
    )
    press("Home")
    assert desk.notes(chart) == NOTES


def test_letters_count_by_their_place_where_another_script_is_written(desk, ann):
    chart, page, press = ann
    press("2")
    assert desk.notes(chart) != NOTES
    page.evaluate(
        """document.body.dispatchEvent(new KeyboardEvent(
        "keydown", { key: "я", code: "KeyZ", ctrlKey: true, bubbles: true, cancelable: true }))"""
    )
    press("Home")
    assert desk.notes(chart) == NOTES


def test_a_comment_is_sent_once(desk, ann):
    _, page, press = ann
    said: list[str] = []

    def slowly(route: Any) -> None:
        said.append(route.request.post_data)
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/comments", slowly)
    press("c")
    page.keyboard.type("once")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.locator(".entry.comment").wait_for()
    page.wait_for_timeout(100)
    assert len(said) == 1
    press("c")
    page.keyboard.type("and once more")
    page.keyboard.press("Control+Enter")
    page.locator(".entry.comment").nth(1).wait_for()


def test_no_notes_are_pasted_while_a_list_has_the_keyboard(desk, ann):
    chart, page, press = ann
    press("s", "Control+c", "PageDown")
    page.get_by_label("Who reviews this chart").focus()
    page.keyboard.press("Control+v")
    page.keyboard.press("Control+x")
    page.wait_for_timeout(200)
    assert desk.notes(chart) == NOTES
    page.evaluate("document.activeElement.blur()")
    press("Control+v")
    assert desk.notes(chart) != NOTES


def test_a_decision_is_near_by_key_and_by_tab(desk, ann):
    chart, page, _ = ann
    page.locator("#transport input").last.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#decision').contains(document.activeElement)")
    boxes = [page.locator(part).bounding_box()["y"] for part in ("#tabs", "#decision")]
    assert boxes[0] < boxes[1]  # it is seen where it was
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+Backspace")
    dialog = page.get_by_role("dialog")
    assert "Ctrl" in dialog.get_by_role("button", name="Send back").inner_text()
    page.get_by_label("What is to change").fill("less of it")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".status.sent-back")
    page.keyboard.press("Control+Backspace")  # it is
    assert dialog.count() == 0
    page.keyboard.press("Control+Delete")
    page.get_by_label("Why").fill("no")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".status.rejected")
    assert desk.notes(chart) == NOTES  # no row was deleted


def test_plain_http_is_told(desk):
    context, chart = desk.person("Ann"), desk.chart()
    assert desk.open(chart, context).locator("#tools .plain").count() == 0
    context.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    assert "https" in desk.open(chart, context).locator("#tools .plain").inner_text()


def test_a_song_whose_sound_does_not_come_is_told_and_can_be_edited(desk):
    song = desk.store.song(sound={"listen": "/api/songs/1/sound/listen.ogg", "duration": 20.0})
    page = desk.open(desk.store.chart(NOTES, song), desk.person("Ann"))
    page.wait_for_selector("text=The player: the song's sound did not come: 404")
    page.keyboard.press("Space")
    page.wait_for_timeout(300)  # what is not caught fails the test
    page.wait_for_selector("#transport .play:has-text('Play')")


def test_a_loop_stays_on_its_rows_when_the_timing_changes(desk, ann):
    _, page, press = ann
    press("8", "g", "g", "s", "p")  # nothing behind the notes; there is no sound to play
    page.wait_for_selector("text=no sound")
    press("Home")
    field = page.locator(".notefield")

    def picture() -> bytes:
        page.wait_for_timeout(200)
        return field.screenshot()

    before = picture()
    page.get_by_label("Offset in seconds").fill("-0.75")
    page.get_by_label("Offset in seconds").press("Enter")
    page.evaluate("document.activeElement.blur()")
    press("Home")
    assert picture() == before
    press("p")
    assert picture() != before
