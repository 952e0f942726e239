"""The pages' scripts that need no browser, run by node; and what every file of the pages keeps to."""

import re
from pathlib import Path

import pytest

import charter.review
from tests.node import check_in_node

PAGES = Path(charter.review.__file__).parent / "pages"
SCRIPTS = sorted((PAGES / "js").rglob("*.js"))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.name for path in Path(__file__).parent.glob("*.test.mjs")))
def test_modules_without_a_page_do_what_they_say(name: str) -> None:
    check_in_node(Path(__file__).with_name(name), CHARTER_PAGES=str(PAGES))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_write_no_markup_and_load_nothing_from_elsewhere(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    found = re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://(?!www\.w3\.org)", text
    )
    assert found is None, found and text[found.start() - 40 : found.end() + 40]


def test_what_plays_and_draws_knows_nothing_of_edits() -> None:
    scripts = [path for path in SCRIPTS if path.parent.name == "player"]
    assert scripts
    wrong = {path.name: found for path in scripts if (found := re.findall(r'".*/editor/.*"', path.read_text("utf-8")))}
    assert wrong == {}


@pytest.mark.parametrize("shell", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_shells_hold_no_script_or_style_of_their_own(shell: Path) -> None:
    text = shell.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=\"/js/)|https?://", text)
    linked = re.findall(r"(?:src|href)=\"/([^\"]+)\"", text)
    assert linked
    for name in linked:
        assert (PAGES / name).is_file(), name
