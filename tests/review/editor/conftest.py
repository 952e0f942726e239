"""The page of a chart in a browser, before the real server; its queue does nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from charter.review.out.imports import read_import
from charter.review.store.database import Database
from charter.review.web.app import create_app
from charter.review.web.context import Review
from charter.review.web.guard import GuardSettings
from charter.review.web.live import Live
from tests.http_client import open_client
from tests.review.store.stores import Store, filled
from tests.review.web.conftest import MARK, served

NOTES = [[0, 0, "1", None], [192, 1, "1", None], [384, 2, "2", 480], [768, 3, "1", None]]
FINDING = {"id": "0123456789ab", "kind": "jack", "severity": "fault", "message": "a jack", "beat": 4.0, "second": 2.0}


class NoQueue:
    """Takes what is asked of it, and does nothing; files are read at once, and here."""

    read_file = staticmethod(read_import)

    def check(self, chart: int) -> None:
        """A chart is another now."""


@dataclass
class Desk:
    """A server with charts, and people's browsers."""

    address: str
    store: Store
    chromium: Any
    contexts: list[Any]

    def chart(self) -> int:
        """A new chart with a few notes and a finding."""
        return self.store.chart(NOTES, findings=[{**FINDING, "tick": 192}], checked_version=0, checked_song_version=0)

    def person(self, name: str) -> Any:
        """A browser that someone is signed in with."""
        context = self.chromium.new_context(viewport={"width": 1500, "height": 900})
        self.contexts.append(context)
        # Requests are caught from the first page on: a page that is open already may send what a key asks for before
        # it hears that a test catches it from now on (3 of 5,500 times on a busy machine).
        context.route("none:", lambda route: route.continue_())
        origin = {**MARK, "Origin": self.address}
        assert context.request.post(f"{self.address}/api/login", data={"name": name}, headers=origin).ok
        return context

    def open(self, chart: int, context: Any) -> Any:
        """A chart's page. Its mistakes fail the test."""
        page = context.new_page()
        page.set_default_timeout(15_000)  # a busy machine is slow, not wrong
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda said: page.errors.append(said.text) if "Security Policy" in said.text else None)
        page.goto(f"{self.address}/chart/{chart}")
        page.wait_for_selector(".save.saved")
        return page

    def notes(self, chart: int) -> list[list[Any]]:
        """A chart's notes as the server has them."""
        return self._get(f"/api/charts/{chart}")["notes"]

    def row(self, chart: int) -> dict[str, Any]:
        """A chart as the server has it."""
        return self._get(f"/api/charts/{chart}")

    def _get(self, path: str) -> Any:
        with open_client(self.address, headers=MARK) as client:
            client.post("/api/login", json={"name": "Ann"})
            return client.get(path).json()


@pytest.fixture(scope="module")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    data: Path = tmp_path_factory.mktemp("data")
    database = Database(f"sqlite:///{data}/review.sqlite3")
    store = filled(database)
    review = Review(database, data, Live(), NoQueue())  # type: ignore[arg-type]
    with served(create_app(review, GuardSettings())) as address:
        yield address, store
    database.close()


@pytest.fixture
def desk(_served: tuple[str, Store], chromium: Any) -> Iterator[Desk]:
    desk = Desk(*_served, chromium, [])
    yield desk
    errors = [error for context in desk.contexts for page in context.pages for error in page.errors]
    for context in desk.contexts:
        context.close()
    assert not errors


@pytest.fixture
def ann(desk: Desk) -> tuple[int, Any, Callable[..., None]]:
    """A chart, its page before Ann, and what presses keys there and waits until all is saved."""
    chart = desk.chart()
    page = desk.open(chart, desk.person("Ann"))

    def press(*names: str) -> None:
        for name in names:
            page.keyboard.press(name)
        page.wait_for_timeout(50)  # for the edit to be made, before its being saved is waited for
        page.wait_for_selector(".save.saved[aria-busy=false]")

    return chart, page, press
