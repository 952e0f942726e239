"""A simfile of another editor on the chart's page: asked about, taken, taken back."""

from typing import Any

import pytest

from tests.review.editor.conftest import NOTES

pytestmark = pytest.mark.browser

HEAD = "#TITLE:Another;#ARTIST:Someone;#OFFSET:-0.21;#BPMS:0=120;#NOTES:dance-single::Hard:9:0,0,0,0,0:"


def _choose(page: Any, notes: str) -> None:
    buffer = f"{HEAD}\n{notes}".encode()
    page.locator("input[type=file]").set_input_files({"name": "a.sm", "mimeType": "text/plain", "buffer": buffer})
    page.wait_for_selector("dialog")


def test_a_damaged_file_is_refused_with_its_measure_and_changes_nothing(desk, ann):
    chart, page, press = ann
    press("o")
    _choose(page, "1000\n00x\n0000\n0000\n;")
    assert "a.sm: Hard: measure 1: '00x' is no row of 4 panels" in page.locator("dialog").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    assert (desk.notes(chart), desk.row(chart)["version"]) == (NOTES, 0)


def test_what_was_taken_from_a_file_is_taken_back_at_once(desk, ann):
    chart, page, press = ann
    press("o")
    _choose(page, "1000\n0000\n0000\n0000\n;")
    said = page.locator("dialog").inner_text()
    assert "Hard: rows 1 kept, 3 removed, meter 7 → 9" in said
    assert "Its beats are heard at other times" in said
    page.get_by_label("its timing").check()
    page.get_by_label("its title").check()
    page.get_by_label("its levels").uncheck()
    page.get_by_role("button", name="Bring it in").click()
    page.wait_for_selector(".toast.good:has-text('a.sm is brought in')")
    page.wait_for_selector(".save.saved[aria-busy=false]")
    row = desk.row(chart)
    assert (desk.notes(chart), row["meter"]) == (NOTES[:1], 7)
    assert (row["timing"]["offset"], row["song"]["title"]) == (-0.21, "Another")
    page.click(".toast button:text('Undo')")
    page.wait_for_selector(".toast.good:has-text('a.sm is taken back')")
    page.wait_for_selector(".save.saved[aria-busy=false]")
    row = desk.row(chart)
    assert (desk.notes(chart), row["timing"]["offset"], row["song"]["title"]) == (NOTES, -0.25, "A song")
