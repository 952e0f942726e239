"""A Chromium that is installed, driven by playwright."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.programs import program

# Without these, a headless Chromium asks hosts of its maker for things, does not play before it was clicked, and plays
# to whatever sound server the machine has, with a clock of its own.
_SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required --disable-audio-output"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_SWITCHES.split())
        yield browser
        browser.close()
