"""How quickly a review server answers edits while many artists work on it, and whether it loses any.

    python -m tests.benchmarks.review_load PACK WORK [--artists 20] [--seconds 120] [--database URL]

PACK is a pack of songs, WORK an empty folder for the server's data. Artists work on the charts of the pack, two on one
chart in turn, so that some edits meet; each waits a third of a second to a second and a half between two things. Prints
the percentiles of the time from an edit's sending to its answer, beside those of one artist who is alone, then checks
that every acknowledged edit is in its chart's history, that none overwrote what its author had not seen, and that the
notes are what the edits make. Exits with 1 if not.
"""

import random
import time
from collections import Counter
from pathlib import Path
from threading import Thread
from typing import Annotated

import numpy as np
import typer

from tests.review_server import Visitor, ready, served
from tests.simulated_artist import Artist, faults

_PAUSE = (0.3, 1.5)  # seconds
_ALONE_SECONDS = 20.0


def main(
    pack: Path,
    work: Path,
    artists: Annotated[int, typer.Option()] = 20,
    seconds: Annotated[float, typer.Option()] = 120.0,
    database: Annotated[str, typer.Option()] = "",
) -> None:
    """Let artists work, and look at what became of it."""
    options = ["--database", database] if database else []
    with served(work / "data", *options, pack=pack) as server:
        lead = Visitor(server.url, "lead")
        run = lead.wait_for(f"/api/runs/{lead.get('/api/runs')[-1]['id']}", ready, 600)
        charts = [chart["id"] for song in run["songs"] for chart in song["charts"]]
        shared = max(1, min(len(charts), artists // 2))
        alone = [Artist(server.url, "somebody alone", charts[-1], seed=artists)]
        _all_work(alone, _ALONE_SECONDS)
        crew = [Artist(server.url, f"artist {n}", charts[n % shared], seed=n) for n in range(artists)]
        _all_work(crew, seconds)
        wrong = [
            fault
            for chart in {artist.chart for artist in crew + alone}
            for fault in faults(lead, chart, [artist for artist in crew + alone if artist.chart == chart])
        ]
    counts = sum((artist.counts for artist in crew), Counter())
    print(f"{artists} artists on {shared} charts, {seconds:g} s: {dict(counts)}")
    one, many = _told("one alone", alone), _told(f"{artists} artists", crew)
    print(f"95 % of edits: {many / one:.1f} times as long as alone")
    print("lost or overwritten: " + ("none" if not wrong else "; ".join(wrong[:10])))
    raise typer.Exit(1 if wrong else 0)


def _all_work(artists: list[Artist], seconds: float) -> None:
    until = time.monotonic() + seconds
    threads = [Thread(target=_work, args=(artist, until)) for artist in artists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _told(who: str, artists: list[Artist]) -> float:
    """Print how soon edits were answered; the 95th percentile in ms."""
    latencies = 1000 * np.array([latency for artist in artists for latency in artist.latencies])
    shares = ", ".join(f"{share} % {np.percentile(latencies, share):.0f} ms" for share in (50, 95, 99))
    print(f"{who}: an edit is answered within: {shares}, all {latencies.max():.0f} ms")
    return float(np.percentile(latencies, 95))


def _work(artist: Artist, until: float) -> None:
    pauses = random.Random(artist.visitor.name)
    while time.monotonic() < until:
        time.sleep(pauses.uniform(*_PAUSE))
        artist.work()


if __name__ == "__main__":
    typer.run(main)
