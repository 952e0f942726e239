"""A run goes for good: its work is stopped, its rows and its files are removed."""

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from charter.review.errors import NotFound
from charter.review.out.pack import EXPORTS, SONGS_ENDING
from charter.review.store.database import Database
from charter.review.store.removal import check_removal, open_job_ids, remove_run, remove_song
from charter.review.web.context import Review

_STOP_SECONDS = 5.0  # what runs is stopped within a second


def remove(review: Review, run_id: int, name: str) -> None:
    """Remove a run, song by song; what it was made from stays. What is interrupted can be asked for again.

    name: the run's, unless it has no songs. Raises NotFound, Conflict.
    """
    with review.database.read() as session:
        check_removal(session, run_id, name)
        jobs = open_job_ids(session, run_id)
    for job in jobs:
        with suppress(NotFound):
            review.runner.cancel(job)
    _wait_for_end(review.database, run_id)
    while True:
        with review.database.write() as session:
            removed = remove_song(session, run_id)
        if removed is None:
            break
        shutil.rmtree(review.songs / removed.key, ignore_errors=True)
        _unlink(review, removed.requests)
    with review.database.write() as session:
        exports = remove_run(session, run_id)
    _unlink(review, exports)
    review.live.publish(run_id, {"type": "run gone", "run": run_id})


def _wait_for_end(database: Database, run_id: int) -> None:
    until = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < until:
        with database.read() as session:
            if not open_job_ids(session, run_id):
                return
        time.sleep(0.1)


def _unlink(review: Review, requests: Iterable[dict[str, Any]]) -> None:
    """Remove the uploads and exports that jobs were about; their names are of our own making."""
    for request in requests:
        paths = []
        if upload := request.get("upload"):
            paths.append(review.data / "uploads" / upload)
        if file := request.get("file"):
            paths += [review.data / EXPORTS / f"{file}{ending}" for ending in (".zip", SONGS_ENDING)]
        for path in paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)
