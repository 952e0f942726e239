"""The stage alone in a browser: a song's files as the server would give them, and a page that shows them."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from playwright.sync_api import Browser, Page

from charter.audio.song_audio import SongAudio
from charter.notation import Chart, Song, slot_word
from charter.review.document.codec import notes_json, timing_json
from charter.review.work.findings import footing_json
from charter.review.work.hearing import hear

PAGES = Path(__file__).parents[3] / "charter/review/pages"
HARNESS = Path(__file__).parent / "harness"
CSP = "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'"


def sound_of(folder: Path, music: Path) -> dict[str, Any]:
    """Hears a song into ``folder/hearing``; its Sound as the API has it, below /data."""
    copy = Path(shutil.copy(music, folder))
    heard = hear(folder, copy, SongAudio(copy))
    files = {name: {"url": f"/data/hearing/{name}.bin", **heard[name]} for name in ("peaks", "bands", "onsets")}
    return {**heard, **files, "listen": "/data/hearing/listen.ogg", "chip": None}


def write_model(folder: Path, song: Song, chart: Chart, sound: dict[str, Any] | None) -> dict[str, Any]:
    """Writes what the page shows as ``folder/model.json``; the value."""
    timing = chart.timing or song.timing
    others = [{"slot": slot_word(c.difficulty), "meter": c.meter, "notes": notes_json(c.notes)} for c in song.charts]
    model = {
        "sound": sound,
        "timing": timing_json(timing),
        "notes": notes_json(chart.notes),
        "others": [other for other, c in zip(others, song.charts, strict=True) if c is not chart],
        "footing": footing_json(chart, timing),
        "marks": {"findings": [], "comments": [], "people": []},
    }
    (folder / "model.json").write_text(json.dumps(model), encoding="utf-8")
    return model


class _Handler(SimpleHTTPRequestHandler):
    extensions_map: ClassVar[dict[str, str]] = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def __init__(self, data: Path, *args: Any) -> None:
        self._data = data
        super().__init__(*args)

    def translate_path(self, path: str) -> str:
        top, _, rest = path.split("?", maxsplit=1)[0].lstrip("/").partition("/")
        base = {"harness": HARNESS, "data": self._data}.get(top)
        return str(base / rest if base else PAGES / top / rest)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing: tests have their own words."""


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The address of a server of the pages, the harness and ``data``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, data))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def open_stage(browser: Browser, address: str, before: str = "") -> Page:
    """The harness page, ready, after a script of the test's own; its errors are gathered in ``problems``."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.add_init_script(before)
    page.problems = []  # type: ignore[attr-defined]
    page.on("response", lambda r: page.problems.append(f"{r.status} {r.url}") if r.status >= 400 else None)  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    page.goto(f"{address}/harness/stage.html")
    page.wait_for_selector("body[data-ready]")  # waiting for a function is eval, which the policy forbids
    return page


def stumbled(found: dict[str, Any]) -> bool:
    """Whether the machine's sound came late during a measurement of the harness, so that the output ran later after."""
    quarters = np.array_split(found["ahead"], max(1, len(found["ahead"]) // 12))  # of a second
    return bool(np.ptp([np.median(quarter) for quarter in quarters]) > 3)  # a buffer is 10 ms
