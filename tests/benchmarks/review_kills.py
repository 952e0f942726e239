"""Whether a review server that is killed again and again keeps every edit that it acknowledged.

    python -m tests.benchmarks.review_kills PACK WORK [--kills 20] [--database URL] [--seed 0]

PACK is a pack of songs, WORK an empty folder for the server's data. Six artists edit as fast as they can; the server
gets SIGKILL at random moments and is started again. In the end every acknowledged edit has to be there once, and the
notes have to be those that the edits make. Exits with 1 if not.
"""

import random
import time
from collections import Counter
from pathlib import Path
from threading import Thread
from typing import Annotated

import httpx
import typer

from tests.review_server import Visitor, ready, served
from tests.simulated_artist import Artist, faults

_ARTISTS = 6
_LONGEST = 3.0  # seconds from a start to the next kill


def main(
    pack: Path,
    work: Path,
    kills: Annotated[int, typer.Option()] = 20,
    database: Annotated[str, typer.Option()] = "",
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Kill the server under its artists, and look at what is left."""
    moments = random.Random(seed)
    options = ["--database", database] if database else []
    with served(work / "data", *options, pack=pack) as server:
        lead = Visitor(server.url, "lead")
        run = lead.wait_for(f"/api/runs/{lead.get('/api/runs')[-1]['id']}", ready, 600)
        charts = [chart["id"] for song in run["songs"] for chart in song["charts"]][:2]
        artists: list[Artist] = []
        for kill in range(kills):
            crew = [
                Artist(server.url, f"artist {n}", charts[n % len(charts)], seed=1000 * kill + n)
                for n in range(_ARTISTS)
            ]
            threads = [Thread(target=_work, args=(artist,)) for artist in crew]
            for thread in threads:
                thread.start()
            time.sleep(moments.uniform(0, _LONGEST))
            server.kill()
            for thread in threads:
                thread.join()
            artists += crew
            server.start()
        lead = Visitor(server.url, "lead")
        wrong = [
            fault
            for chart in charts
            for fault in faults(lead, chart, [artist for artist in artists if artist.chart == chart])
        ]
    counts = sum((artist.counts for artist in artists), Counter())
    unsure = sum(len(artist.unsure) for artist in artists)
    print(f"{kills} kills; {dict(counts)}, and {unsure} edits under way when the server died")
    print("acknowledged and lost, or twice: " + ("none" if not wrong else "; ".join(wrong[:10])))
    raise typer.Exit(1 if wrong else 0)


def _work(artist: Artist) -> None:
    while True:
        try:
            artist.work()
        except httpx.TransportError:
            return


if __name__ == "__main__":
    typer.run(main)
