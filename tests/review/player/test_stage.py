"""The stage in a browser: it plays, it is in time, it follows hand and keyboard."""

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page

from charter.notation import Song
from tests.review.player.stage_server import open_stage, served, sound_of, stumbled, write_model

pytestmark = [pytest.mark.alone, pytest.mark.browser]


@pytest.fixture(scope="module")
def address(click_song: Path, song: Song, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("stage")
    write_model(data, song, song.charts[0], sound_of(data, click_song))
    with served(data) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    page = open_stage(chromium, address)
    yield page
    assert page.problems == []  # type: ignore[attr-defined]
    assert page.evaluate("harness.errors") == []
    page.close()


def until(condition: Callable[[], Any], seconds: float = 10) -> Any:
    """Waits for something to be true (the page's policy forbids playwright's own way, which is eval)."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)
    return value


def undisturbed(chromium: Browser, address: str, how: dict[str, float]) -> dict[str, Any]:
    """A measurement while the machine kept its sound going: what stumbles is no measure of the page."""
    for _ in range(10):
        page = open_stage(chromium, address)  # a new one: its clock knows of no earlier stumble
        found: dict[str, Any] = page.evaluate("how => harness.measure(how)", how)
        assert page.problems == []  # type: ignore[attr-defined]
        page.close()
        if not stumbled(found):
            return found
    raise AssertionError("this machine's sound stumbled every time")


@pytest.mark.parametrize("rate", [0.5, 1, 1.5])
def test_picture_and_sound_are_together(chromium: Browser, address: str, rate: float) -> None:
    found = undisturbed(chromium, address, {"rate": rate, "seconds": 3, "from": 1})
    drawn, stamps, played = (np.array(found[name]) for name in ("drawn", "stamps", "played"))
    frames = (stamps[:, 0] + (drawn[:, 0] - stamps[:, 1]) / 1000) * found["sampleRate"]
    known = (frames >= played[0, 0]) & (frames <= played[-1, 0])
    row = np.searchsorted(played[:, 0], frames[known], side="right") - 1
    heard = played[row, 1] + (frames[known] - played[row, 0]) * played[row, 2]
    errors = np.abs(drawn[known, 1] - heard / found["sampleRate"])
    assert len(errors) > 20
    assert np.percentile(errors, 95) < 0.010
    # What is in the output itself: clicks on the beats, to a few milliseconds at any speed.
    clicks = np.array([frame for frame in found["clicks"] if played[0, 0] < frame < played[-1, 0]])
    place = np.interp(clicks, played[:, 0], played[:, 1]) / found["sampleRate"]
    beats = (place - 0.5) * 2
    assert len(beats) >= 2
    assert np.abs(beats - beats.round()).max() / 2 < 0.004


def test_the_cursor_goes_with_the_song_and_rests_on_a_row(page: Page) -> None:
    page.keyboard.press("0")
    page.evaluate("harness.model.view.set({cursor: 96})")
    page.evaluate("harness.stage.player.play()")
    until(lambda: page.evaluate("harness.model.view.cursor") > 150)
    page.evaluate("harness.stage.player.pause()")
    until(lambda: page.evaluate("harness.stage.player.isStill && !harness.stage._isSettling"))
    cursor, position = page.evaluate("[harness.model.view.cursor, harness.stage.player.position]")
    assert cursor % 12 == 0
    assert position == pytest.approx(0.5 + cursor / 96, abs=1e-4)


def test_moving_the_cursor_while_it_plays_moves_the_song(page: Page) -> None:
    # Asked in the same breath: a busy machine may take a second to ask again.
    position = page.evaluate(
        "async () => { const p = harness.stage.player; await p.play(); harness.model.view.set({cursor: 960});"
        " return p.position }"
    )
    assert position == pytest.approx(10.5, abs=0.3)
    until(lambda: page.evaluate("harness.stage.player.position") > 10.8)
    page.evaluate("harness.stage.player.pause()")


def test_it_stops_at_the_end_and_starts_again_from_the_beginning(page: Page) -> None:
    page.evaluate(
        "async () => { const p = harness.stage.player; await p.load(); p.seek(p.duration - .3); await p.play() }"
    )
    until(lambda: not page.evaluate("harness.stage.player.playing"))
    until(lambda: page.evaluate("harness.stage.player.isStill"))
    page.evaluate("async () => { await harness.stage.player.play() }")
    until(lambda: 0 < page.evaluate("harness.stage.player.position") < 3)
    page.evaluate("harness.stage.player.pause()")


def test_a_loop_goes_round(page: Page) -> None:
    page.evaluate("() => harness.stage.player.setLoop({start: 2, end: 2.6})")
    page.evaluate("async () => { const p = harness.stage.player; await p.load(); p.seek(2); await p.play() }")
    seen = []
    for _ in range(60):
        seen.append(page.evaluate("harness.stage.player.position"))
        time.sleep(0.025)
    assert all(2 - 1e-6 <= at <= 2.6 + 0.001 for at in seen)
    assert sum(b < a for a, b in pairwise(seen)) >= 2
    page.evaluate("harness.stage.player.pause()")


def test_the_pointer_tells_row_and_panel(page: Page) -> None:
    page.evaluate("harness.model.view.set({cursor: 96})")
    time.sleep(0.1)
    y = page.evaluate("harness.stage.notefield._scroll.y(192)")
    x = page.evaluate("harness.stage.notefield._place.x")
    page.mouse.move(x + 34, y)
    page.mouse.down()
    page.mouse.up()
    down = next(event for event in page.evaluate("harness.pointers") if event["type"] == "down")
    assert down["panel"] == 2
    assert down["tick"] == pytest.approx(192, abs=1)
    assert page.evaluate("harness.pointers").pop()["type"] == "up"


def test_a_click_on_the_strip_goes_there(page: Page) -> None:
    box = page.locator(".stage-overview").bounding_box()
    assert box
    page.mouse.click(box["x"] + 74 + (box["width"] - 82) / 2, box["y"] + 20)
    assert page.evaluate("harness.stage.player.position") == pytest.approx(10, abs=0.1)


def test_what_is_drawn_changes_with_the_model(page: Page) -> None:
    def picture() -> bytes:
        time.sleep(0.15)
        return page.locator(".stage-field").screenshot()

    time.sleep(0.3)
    seen = [picture()]
    for change in (
        "harness.model.view.set({background: 'none'})",
        "harness.model.view.set({background: 'spectrogram'})",
        "harness.model.view.set({selection: {start: 0, end: 96}})",
        "harness.model.view.set({ghosts: {start: 0, end: 96, notes: [[48, 3, '1', null]]}})",
        "harness.model.view.set({diff: {added: new Set([96]), removed: [[120, 2, '1', null]], moved: new Set()}})",
        "harness.model.view.set({locks: [[48, 96]], scroll: 'time', feet: true})",
        "(() => { const d = harness.model.document; d.notes = [[24, 1, 'M', null]]; d.emit('change') })()",
        "(() => { const m = harness.model.marks; m.comments = [{tick: 96, text: '<b>', id: 1}]; m.emit('change') })()",
        "harness.model.view.set({sideBySide: true})",
    ):
        page.evaluate(change)
        time.sleep(0.2)
        seen.append(picture())
        assert seen[-1] != seen[-2], change


def test_3000_notes_are_drawn_in_a_fraction_of_a_frame(page: Page) -> None:
    count = page.evaluate(
        """() => { const d = harness.model.document;
        d.notes = Array.from({length: 3000}, (_, i) => [12 * (i >> 1), (i * 7 + (i & 1)) % 4, "1", null]);
        d.emit("change");
        return d.notes.length }"""
    )
    found = page.evaluate("how => harness.measure(how)", {"rate": 1, "seconds": 2, "from": 1})
    assert count == 3000
    assert len(found["costs"]) > 20
    assert np.median(found["costs"]) < 8


def test_without_an_audio_thread_it_plays_on_the_pages_own(chromium: Browser, address: str) -> None:
    before = "Object.defineProperty(BaseAudioContext.prototype, 'audioWorklet', {value: undefined})"  # as on plain http
    page = open_stage(chromium, address, before)
    page.evaluate("() => { const p = harness.stage.player; p.setRate(0.75); p.seek(3); return p.play() }")
    start = time.monotonic()
    until(lambda: page.evaluate("harness.stage.player.position") > 3.1)
    assert time.monotonic() - start < 5
    # By the page's own clock, in one breath with the position; and a busy machine's sound may stumble once.
    place = "() => { const p = harness.stage.player; return [p.position, performance.now() / 1000] }"
    rates = []
    for _ in range(3):
        first, first_at = page.evaluate(place)
        time.sleep(1)
        second, second_at = page.evaluate(place)
        rates.append((second - first) / (second_at - first_at))
    assert median(rates) == pytest.approx(0.75, abs=0.1)
    assert page.evaluate("harness.errors") == []
    page.close()


def test_the_chips_song_takes_over_at_the_same_place(page: Page) -> None:
    page.evaluate("async () => { const p = harness.stage.player; await p.load(); p.seek(4); await p.play() }")
    until(lambda: page.evaluate("harness.stage.player.position") > 4.1)
    page.evaluate("harness.stage.player.setChip('/data/hearing/listen.ogg')")
    assert page.evaluate("harness.stage.player.chip")
    assert 4.1 < page.evaluate("harness.stage.player.position") < 7
    page.evaluate("harness.stage.player.setChip(null)")
    assert not page.evaluate("harness.stage.player.chip")
    assert page.evaluate("harness.stage.player.playing")
    page.evaluate("harness.stage.player.pause()")


def test_a_song_without_sound_says_so(chromium: Browser, song: Song, tmp_path: Path) -> None:
    write_model(tmp_path, song, song.charts[0], None)
    with served(tmp_path) as address:
        page = open_stage(chromium, address)
        page.evaluate("harness.stage.player.play()")
        errors = until(lambda: page.evaluate("harness.errors"))
        assert "no sound" in errors[0]
        assert not page.evaluate("harness.stage.player.playing")
        page.close()


def test_a_long_song_comes_in_pieces_that_are_the_whole(chromium: Browser, song: Song, tmp_path: Path) -> None:
    rate, seconds = 8000, 640
    rng = np.random.default_rng(8)
    with soundfile.SoundFile(tmp_path / "long.ogg", "w", rate, 1, format="OGG", subtype="VORBIS") as file:
        for _ in range(seconds):
            file.write((0.2 * rng.standard_normal(rate)).astype(np.float32))
    write_model(tmp_path, song, song.charts[0], {"listen": "/data/long.ogg", "duration": seconds})
    with served(tmp_path) as address:
        page = open_stage(chromium, address)
        found = page.evaluate("() => harness.inPieces('/data/long.ogg')")
        assert found["pieces"] > 20
        assert found["length"] == found["whole"] == rate * seconds
        assert found["farthest"] < 1e-6
        page.evaluate("async () => { const p = harness.stage.player; await p.load(); p.seek(500); await p.play() }")
        until(lambda: page.evaluate("harness.stage.player.position") > 500.3)
        assert page.evaluate("harness.errors") == []
        page.close()


TRANSPORT = """async () => {
    const { makeTransport } = await import("/js/editor/transport.js");
    const { stage, model } = harness;
    const parts = { stage, view: model.view, timing: () => model.timing, chip: async () => null };
    harness.transport = makeTransport(document.body.appendChild(document.createElement("div")), parts);
    await stage.player.load();
}"""


def still(page: Page) -> bool:
    return bool(page.evaluate("harness.stage.player.isStill && !harness.stage._isSettling"))


def test_a_stop_goes_back_to_where_it_was_begun_off_the_grid_too(page: Page) -> None:
    page.evaluate(TRANSPORT)
    page.evaluate("() => { harness.model.view.set({cursor: 200}); harness.transport.toggle(true) }")
    until(lambda: page.evaluate("harness.model.view.cursor") > 240)
    page.evaluate("() => harness.transport.toggle()")
    until(lambda: still(page))
    time.sleep(0.2)
    assert page.evaluate("harness.model.view.cursor") == 200
    assert page.evaluate("harness.stage.player.position") == pytest.approx(0.5 + 200 / 96, abs=0.005)


def test_at_its_end_the_song_goes_back_to_where_it_was_begun_and_forgets_it(page: Page) -> None:
    page.evaluate(TRANSPORT)
    page.evaluate("() => { harness.model.view.set({cursor: 1850}); harness.transport.toggle(true) }")
    until(lambda: not page.evaluate("harness.stage.player.playing"))
    until(lambda: still(page))
    assert page.evaluate("harness.model.view.cursor") == 1850
    page.evaluate("() => { harness.model.view.set({cursor: 96}); harness.transport.toggle() }")
    until(lambda: page.evaluate("harness.model.view.cursor") > 120)
    page.evaluate("() => harness.transport.toggle()")
    until(lambda: still(page))
    assert page.evaluate("harness.model.view.cursor") >= 120


def test_a_loop_is_of_rows_whatever_their_time(page: Page) -> None:
    page.evaluate(TRANSPORT)
    page.evaluate("() => harness.transport.setLoop({start: 96, end: 192})")
    assert page.evaluate("harness.stage.player.loop") == {"start": 1.5, "end": 2.5}
    page.evaluate("""async () => {
        const { Timing } = await import("/js/player/timing.js");
        harness.model.timing = new Timing({ tempos: [[0, 60]], offset: 0 });
        harness.transport.retime();
    }""")
    assert page.evaluate("harness.stage.player.loop") == {"start": 2, "end": 4}
    page.evaluate("() => harness.transport.retime(48)")
    assert page.evaluate("harness.stage.player.loop") == {"start": 3, "end": 5}
    page.evaluate("() => { harness.transport.setLoop(null); harness.transport.retime() }")
    assert page.evaluate("harness.stage.player.loop") is None


def test_a_calibration_may_be_left_half_way(chromium: Browser, address: str) -> None:
    quicker = "const wait = setTimeout; window.setTimeout = (f, ms, ...more) => wait(f, ms > 5000 ? 800 : ms, ...more)"
    page = open_stage(chromium, address, quicker)
    page.keyboard.press("k")
    page.get_by_role("button", name="Start").click()
    page.wait_for_timeout(400)
    page.keyboard.press("Escape")
    page.wait_for_timeout(1200)
    assert page.locator("dialog").count() == 0
    assert page.problems == []  # type: ignore[attr-defined]
    page.close()


def test_what_keeps_the_song_from_playing_is_told_once(chromium: Browser, address: str) -> None:
    page = open_stage(chromium, address)
    page.evaluate("() => harness.stage.player.setChip('/data/none.ogg')")
    assert not page.evaluate("harness.stage.player.chip")
    page.evaluate("""async () => {
        const { player } = harness.stage;
        await player._context.suspend();
        player._context.resume = () => Promise.reject(new Error("no device"));
        await player.play();
    }""")
    assert not page.evaluate("harness.stage.player.playing")
    errors = page.evaluate("harness.errors")
    assert [("chiptune" in error, "no device" in error) for error in errors] == [(True, False), (False, True)]
    page.close()


def test_a_narrow_field_shows_all_lanes_and_leaves_the_pad_out(chromium: Browser, address: str) -> None:
    page = open_stage(chromium, address)
    page.wait_for_selector(".stage-pad", state="visible")
    page.set_viewport_size({"width": 450, "height": 800})
    page.wait_for_selector(".stage-pad", state="hidden")
    page.wait_for_timeout(100)  # for it to be drawn
    ends = page.evaluate("[2, 447].map((x) => harness.stage.notefield.at(x, 100).panel)")
    panels = page.evaluate(
        "Array.from({length: 450}, (_, x) => harness.stage.notefield.at(x, 100).panel).filter((panel) => panel === 3)"
    )
    assert ends == [None, None]
    assert len(panels) == 68  # the last lane, whole
    page.close()
