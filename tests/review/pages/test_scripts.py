"""The pages' scripts that need no browser, run by node; and what every file of the pages keeps to."""

import os
import re
import subprocess
from pathlib import Path

import pytest

import charter.review
from tests.programs import program

PAGES = Path(charter.review.__file__).parent / "pages"
SCRIPTS = sorted((PAGES / "js").rglob("*.js"))


def test_modules_without_a_page_do_what_they_say() -> None:
    tests = Path(__file__).with_name("pages.test.mjs")
    done = subprocess.run(
        [program("node"), "--test", str(tests)],
        env={**os.environ, "CHARTER_PAGES": str(PAGES)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_write_no_markup_and_load_nothing_from_elsewhere(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    found = re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://(?!www\.w3\.org)", text
    )
    assert found is None, found and text[found.start() - 40 : found.end() + 40]


@pytest.mark.parametrize("shell", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_shells_hold_no_script_or_style_of_their_own(shell: Path) -> None:
    text = shell.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=\"/js/)|https?://", text)
    linked = re.findall(r"(?:src|href)=\"/([^\"]+)\"", text)
    assert linked
    for name in linked:
        assert (PAGES / name).is_file(), name
