"""The page of a chart while others work on it or beside it: what is shown is what is, and nothing of theirs is lost."""

import json
from typing import Any

import pytest

from tests.review.editor.conftest import NOTES

pytestmark = pytest.mark.browser

CANDIDATE = [[0, 3, "1", None], [96, 2, "1", None]]


def _saved(page: Any) -> None:
    page.wait_for_timeout(100)
    page.wait_for_selector(".save.saved[aria-busy=false]")


def _redo(page: Any, version: int = 0) -> None:
    """As if the queue wrote candidates for the first measure at once."""
    candidates = [{"seed": seed, "notes": CANDIDATE, "rows": 2} for seed in range(3)]
    result = {"version": version, "start": 0, "end": 192, "candidates": candidates}
    job = {"id": 1, "kind": "redo", "state": "done", "progress": 1, "stage": "", "error": "", "result": result}
    page.route("**/redo", lambda route: route.fulfill(body=json.dumps(job), content_type="application/json"))
    for key in ("s", "x"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Take").first.wait_for()


def test_a_candidate_takes_the_place_of_what_it_was_written_for(desk, ann):
    chart, page, press = ann
    _redo(page)
    press("a", "Enter")
    assert desk.notes(chart) == [*CANDIDATE, *NOTES[1:]]


def test_a_candidate_does_not_overwrite_unseen_what_others_did_since(desk):
    chart = desk.chart()
    ann, ben = (desk.open(chart, desk.person(name)) for name in ("Ann", "Ben"))
    _redo(ann)
    ann.keyboard.press("a")
    ben.keyboard.press("2")
    _saved(ben)
    ann.wait_for_selector("text=Ben: tap down at beat 0")
    with_ben = [NOTES[0], [0, 1, "1", None], *NOTES[1:]]
    ann.keyboard.press("Enter")
    ann.get_by_role("button", name="Look at it first").click()
    _saved(ann)
    assert desk.notes(chart) == with_ben
    ann.keyboard.press("a")
    ann.keyboard.press("Enter")
    ann.get_by_role("button", name="Take it all the same").click()
    _saved(ann)
    assert desk.notes(chart) == [*CANDIDATE, *NOTES[1:]]


def test_an_edit_elsewhere_does_not_hinder_a_candidate(desk):
    chart = desk.chart()
    ann, ben = (desk.open(chart, desk.person(name)) for name in ("Ann", "Ben"))
    _redo(ann)
    ben.keyboard.press("End")
    ben.keyboard.press("1")
    _saved(ben)
    ann.wait_for_selector("text=Ben: tap left at beat 16")
    ann.keyboard.press("a")
    ann.keyboard.press("Enter")
    _saved(ann)
    assert desk.notes(chart) == [*CANDIDATE, *NOTES[1:3], [768, 0, "1", None], NOTES[3]]


def test_candidates_go_when_beat_0_is_moved(desk):
    chart = desk.chart()
    ann, ben = (desk.open(chart, desk.person(name)) for name in ("Ann", "Ben"))
    _redo(ann)
    ben.keyboard.press("8")
    ben.get_by_role("button", name="1 beat earlier").click()
    ann.wait_for_selector("text=the candidates are gone")
    assert ann.get_by_role("button", name="Take").count() == 0
    assert desk.notes(chart)[0] == [48, 0, "1", None]


def test_charts_side_by_side_follow_the_edits_of_others(desk):
    song = desk.store.song()
    chart, other = desk.store.chart(NOTES, song), desk.store.chart(NOTES, song, slot="easy", place=1)
    ann = desk.open(chart, desk.person("Ann"))
    ann.keyboard.press("d")
    ben = desk.open(other, desk.person("Ben"))
    ann.wait_for_timeout(500)
    before = ann.locator(".notefield").screenshot()
    with ann.expect_response(lambda answer: answer.url.endswith(f"/api/charts/{other}")):
        ben.keyboard.press("3")
    ann.wait_for_timeout(300)
    assert ann.locator(".notefield").screenshot() != before


def test_a_comparison_follows_the_edits_made_since(ann):
    _, page, press = ann
    press("End", "Delete", "o")
    page.get_by_role("button", name="What changed since").last.click()
    page.wait_for_selector("text=1 removed")
    press("Home", "Delete", "PageDown")
    page.wait_for_selector("text=2 removed")
    assert "2:1" in page.locator(".beat").inner_text()  # the cursor stays
    page.get_by_role("button", name="Stop comparing").click()
    press("Delete")
    page.wait_for_timeout(600)
    assert page.locator(".legend").is_hidden()
