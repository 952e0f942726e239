"""The pictures of the review application that the README shows, taken anew.

    python -m tests.review_pictures FOLDER [OUT]

FOLDER is a pack to review, such as `demo/Songs` after `make demo`; OUT, by default `examples`, takes `review.png` and
`review-run.png`. Needs an installed Chromium.
"""

import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser import chromium
from tests.review_server import Visitor, ready, served

_SIZE = {"width": 1440, "height": 900}
_HEARD_MS = 9000  # of the song, until its chart is worth a picture


def main(pack: Path, out: Path) -> None:
    """Open a run and a chart of it, and take their pictures."""
    with TemporaryDirectory() as folder, served(Path(folder) / "data", pack=pack) as server, chromium() as browser:
        with closing(Visitor(server.url, "Ada")) as visitor:
            run = visitor.wait_for("/api/runs/1", ready)
        charts = run["songs"][0]["charts"]
        chart = max(charts, key=lambda chart: chart["findings"])
        page = browser.new_page(viewport=_SIZE)
        page.goto(server.url)
        page.fill("input[name=name]", "Ada")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1")
        page.goto(f"{server.url}/run/1")
        page.wait_for_selector("a.chart")
        page.wait_for_timeout(500)
        page.screenshot(path=out / "review-run.png")
        page.goto(f"{server.url}/chart/{chart['id']}")
        page.wait_for_selector(".save.saved")
        page.wait_for_timeout(1000)
        page.keyboard.press("Space")
        page.wait_for_timeout(_HEARD_MS)
        page.screenshot(path=out / "review.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "examples"))
