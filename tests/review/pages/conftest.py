"""A page of a browser, whose mistakes fail the test, and a stand-in for the server behind it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.review.pages.stand_in import StandIn


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def page(chromium: Any, stand_in: StandIn) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(15_000)  # a busy machine is slow, not wrong
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    stand_in.serve(page)
    yield page
    context.close()
    assert not errors
