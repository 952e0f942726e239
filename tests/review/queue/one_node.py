"""What becomes of uploads that a review charts on a Ray cluster of one node, told as one JSON object.

    python tests/review/queue/one_node.py FOLDER SONG LONG_SONG

The song is charted; the long one is cancelled while it is under way, and the song is charted once more. A program of
its own: Ray warns, and leaves files open, of which pytest would make errors.
"""

import json
import shutil
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from charter.processes.cluster import quiet_ray
from charter.review.queue.room import QueueSettings
from charter.review.queue.runner import Runner
from charter.review.store import jobs
from charter.review.store.database import Database, now
from charter.review.store.songs import new_song
from charter.review.store.tables import Chart, Job, Run, Song
from charter.song_draft import DRAFTS

quiet_ray()  # before Ray is imported otherwise
from ray.cluster_utils import Cluster  # noqa: E402

MIB = 1 << 20
PATIENCE = 120.0  # seconds


class Silent:
    """Stands for the pages."""

    def publish(self, run_id: int, event: dict[str, Any]) -> None:
        """Tell nobody."""


class Review:
    """A database and a data folder with one run, and a queue over them."""

    def __init__(self, folder: Path, address: str) -> None:
        self.data = folder / "data"
        for name in ("songs", "uploads", "exports"):
            (self.data / name).mkdir(parents=True)
        self.database = Database(f"sqlite:///{folder}/review.sqlite3")
        with self.database.write() as session:
            run = Run(name="A run", request={"difficulties": ["hard"]}, created=now())
            session.add(run)
            session.flush()
            self.run = run.id
        self.runner = Runner(self.database, self.data, Silent(), QueueSettings(workers=1, ray=address))
        self.runner.start()

    def upload(self, path: Path) -> int:
        """Have a file charted; the job's number."""
        upload = uuid4().hex
        shutil.copyfile(path, self.data / "uploads" / upload)
        with self.database.write() as session:
            song = new_song(session, self.run, path.name)
            request = {"upload": upload, "name": path.name}
            job = self.runner.submit(session, "intake", request, run_id=self.run, song_id=song.id)
        self.runner.wake()
        return int(job["id"])

    def told(self, number: int) -> dict[str, Any]:
        """What became of an upload."""
        with self.database.read() as session:
            job = session.get_one(Job, number)
            song = session.get_one(Song, job.song_id)
            charts = session.query(Chart).filter(Chart.song_id == song.id).all()
            files = sorted(path.name for path in (self.data / "songs" / song.key).glob("*") if path.is_file())
            return {
                "state": job.state, "error": job.error, "song": song.state, "files": files,
                "charts": [[chart.slot, chart.rows] for chart in charts],
                "drafts": [path.name for path in (self.data / "songs").glob(f"{DRAFTS}*")],
                "upload": (self.data / "uploads" / job.request["upload"]).exists(),
            }  # fmt: skip

    def over(self, number: int) -> dict[str, Any]:
        """What became of an upload, once its job is over."""
        wait_for(lambda: self.told(number)["state"] in jobs.OVER)
        return self.told(number)


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError("waited in vain")
        time.sleep(0.05)


def charting() -> list[psutil.Process]:
    """The processes beside the Ray workers; the review's own have nothing to do here."""
    return [each for each in psutil.Process().children(recursive=True) if is_spawned(each)]


def is_spawned(process: psutil.Process) -> bool:
    try:
        return any("spawn_main" in word for word in process.cmdline())
    except psutil.Error:
        return False


def main() -> None:
    folder, song, long_song = map(Path, sys.argv[1:])
    warnings.simplefilter("error")
    node = {"num_cpus": 1, "object_store_memory": 80 * MIB, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    review = Review(folder, cluster.address)
    told: dict[str, Any] = {"charted": review.over(review.upload(song))}
    there = charting()
    number = review.upload(long_song)
    wait_for(lambda: list((review.data / "songs").glob(f"{DRAFTS}*")))  # it is decoded, and being charted
    asked = time.monotonic()
    review.runner.cancel(number)
    told["cancelled"] = review.over(number)
    told["seconds_to_cancel"] = time.monotonic() - asked
    wait_for(lambda: not any(each.is_running() for each in there))
    told["processes"] = len(there)
    told["again"] = review.over(review.upload(song))
    review.runner.close()
    review.database.close()
    cluster.shutdown()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
