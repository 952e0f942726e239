"""A review server under many artists, killed under them, on SQLite and on PostgreSQL."""

import random
import time
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.postgres import postgres
from tests.review_server import Served, Visitor, ready, served
from tests.simulated_artist import Artist, faults

pytestmark = pytest.mark.model

ROWS = "1000 0100 0010 0001 " * 8 + "2000 0000 3000 0110"


@pytest.fixture
def pack(tmp_path, write_loop, write_song) -> Path:
    folder = tmp_path / "A pack"
    for name in ("one", "two"):
        write_loop(folder / name / "song.wav", bpm=120 if name == "one" else 132, seconds=20)
        write_song(folder / name / "song.sm", {"Easy": ROWS, "Hard": ROWS}, MUSIC="song.wav", TITLE=name, BPMS="0=120")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, tmp_path, pack) -> Iterator[Served]:
    with (
        postgres() if request.param == "postgresql" else nullcontext("") as url,
        served(tmp_path / "data", *(["--database", url] if url else []), pack=pack) as server,
    ):
        yield server


def charts_of(server: Served) -> list[int]:
    with closing(Visitor(server.url, "lead")) as lead:
        run = lead.wait_for(f"/api/runs/{lead.get('/api/runs')[-1]['id']}", ready)
    return [chart["id"] for song in run["songs"] for chart in song["charts"]]


def check_history(server: Served, charts: list[int], artists: list[Artist]) -> None:
    with closing(Visitor(server.url, "lead")) as lead:
        for chart in charts:
            assert faults(lead, chart, [artist for artist in artists if artist.chart == chart]) == []
    for artist in artists:
        artist.visitor.close()


def test_no_edit_of_many_artists_is_lost(server):
    charts = charts_of(server)
    assert len(charts) == 4
    crew = [Artist(server.url, f"artist {n}", charts[n % 3], seed=n) for n in range(8)]
    until = time.monotonic() + 5

    def work(artist: Artist) -> None:
        while time.monotonic() < until:
            artist.work()

    threads = [Thread(target=work, args=(artist,)) for artist in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(artist.acknowledged) > 5 for artist in crew)
    assert any(artist.refused for artist in crew)  # they did meet
    check_history(server, charts, crew)


def test_every_acknowledged_edit_outlives_kills(server):
    charts = charts_of(server)[:2]
    moments = random.Random(5)
    artists: list[Artist] = []

    def work(artist: Artist) -> None:
        while True:
            try:
                artist.work()
            except httpx.TransportError:
                return

    for kill in range(3):
        crew = [Artist(server.url, f"artist {n}", charts[n % 2], seed=10 * kill + n) for n in range(4)]
        threads = [Thread(target=work, args=(artist,)) for artist in crew]
        for thread in threads:
            thread.start()
        time.sleep(moments.uniform(0.3, 1.5))
        server.kill()
        for thread in threads:
            thread.join()
        artists += crew
        server.start()
    assert sum(len(artist.acknowledged) for artist in artists) > 30
    check_history(server, charts, artists)


def test_a_term_signal_ends_it_cleanly(server):
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()
