"""The whole story of a review in a browser: from a song that is dropped on the page to a pack that the game plays."""

import base64
import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from charter.notation import Difficulty, NoteKind
from examples.song import write as write_example_song
from export.stepmania.read import parse_song
from tests.review_server import Served, Visitor, ready, served

pytestmark = [pytest.mark.model, pytest.mark.browser]

_DROP = """([name, data]) => {
    const held = new DataTransfer();
    held.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name));
    window.dispatchEvent(new DragEvent("drop", {dataTransfer: held, cancelable: true}));
}"""
_CHARTING_MS = 240_000  # on a busy machine
_REDO_MS = 120_000


@pytest.fixture
def server(tmp_path) -> Iterator[Served]:
    with served(tmp_path / "data") as server:
        yield server


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Security Policy" in said.text else None)
    yield page
    context.close()
    assert errors == []


def all_saved(page: Any) -> None:
    page.wait_for_timeout(100)  # for the edit to be made, before its being saved is waited for
    page.wait_for_selector(".save.saved")


def test_a_song_becomes_an_accepted_chart(server, page, tmp_path):
    write_example_song(tmp_path / "song.ogg")
    page.goto(server.url)
    page.fill("input[name=name]", "Ada")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:text('Drop songs here')")
    page.evaluate(_DROP, ["dawn.ogg", base64.b64encode((tmp_path / "song.ogg").read_bytes()).decode()])
    page.wait_for_selector("dialog")
    page.keyboard.press("Enter")
    page.wait_for_selector("a.chart", timeout=_CHARTING_MS)
    with closing(Visitor(server.url, "Eve")) as visitor:
        song = visitor.wait_for("/api/runs/1", ready)["songs"][0]
        hard = next(chart for chart in song["charts"] if chart["slot"] == "hard")

        # Play.
        page.goto(f"{server.url}/chart/{hard['id']}")
        page.wait_for_selector(".save.saved")
        page.keyboard.press("Space")
        page.wait_for_selector("#transport .time:text-matches('^0:0[2-9]')")
        page.keyboard.press("Space")

        # Redo a passage, and take the second candidate.
        before = visitor.get(f"/api/charts/{hard['id']}")["notes"]
        page.keyboard.press("Home")
        for _ in range(4):
            page.keyboard.press("Shift+PageDown")
        page.keyboard.press("x")
        page.wait_for_selector(".candidates button:text('Take')", timeout=_REDO_MS)
        page.locator(".candidates button:text('Take')").nth(1).click()
        all_saved(page)
        edits = visitor.get(f"/api/charts/{hard['id']}/edits?after=0")
        assert [edit["kind"] for edit in edits] == ["redo passage"]
        after = visitor.get(f"/api/charts/{hard['id']}")["notes"]
        assert after != before
        assert [note for note in after if note[0] >= 4 * 192] == [note for note in before if note[0] >= 4 * 192]

        # Fix a note: behind the last one, where there is none.
        page.keyboard.press("End")
        page.keyboard.press("PageDown")
        page.keyboard.press("1")
        all_saved(page)
        fixed = visitor.get(f"/api/charts/{hard['id']}")["notes"]
        assert len(fixed) == len(after) + 1
        page.keyboard.press("Control+z")
        all_saved(page)
        assert visitor.get(f"/api/charts/{hard['id']}")["notes"] == after

        # Find a finding, and let it stand: a hand, of three panels at once.
        for key in "123":
            page.keyboard.press(key)
        all_saved(page)
        visitor.wait_for(f"/api/charts/{hard['id']}", lambda now: now["findings_list"])
        page.goto(f"{server.url}/chart/{hard['id']}")
        page.wait_for_selector(".save.saved")
        page.keyboard.press("n")
        page.locator("button:text('Dismiss')").first.click()
        page.keyboard.type("that is the song's own step")
        page.keyboard.press("Control+Enter")
        visitor.wait_for(
            f"/api/charts/{hard['id']}", lambda now: any(each["dismissed"] for each in now["findings_list"])
        )

        # Accept, and export.
        page.goto(f"{server.url}/chart/{hard['id']}")
        page.wait_for_selector(".save.saved")
        page.keyboard.press("Control+Enter")
        visitor.wait_for(f"/api/charts/{hard['id']}", lambda now: now["status"] == "accepted")
        page.goto(f"{server.url}/run/1")
        page.wait_for_selector("a.chart")
        with page.expect_download(timeout=60_000) as download:
            page.keyboard.press("e")
            page.keyboard.press("Enter")
        download.value.save_as(tmp_path / "pack.zip")
        wanted = visitor.get(f"/api/charts/{hard['id']}")
    check_pack(tmp_path / "pack.zip", wanted)


def check_pack(path: Path, wanted: dict[str, Any]) -> None:
    """The exported pack holds the accepted chart, to the note, beside its music."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as file:
        names = file.namelist()
        simfile = next(name for name in names if name.endswith(".ssc"))
        song = parse_song(file.read(simfile), Path(simfile))
        assert f"{simfile.rsplit('/', 1)[0]}/{song.music}" in names
    assert [chart.difficulty for chart in song.charts] == [Difficulty.HARD]
    heads = [
        [note.tick, note.panel, note.kind.value] for note in song.charts[0].notes if note.kind is not NoteKind.TAIL
    ]
    assert heads == [note[:3] for note in wanted["notes"]]
    assert song.timing.offset == wanted["timing"]["offset"]
