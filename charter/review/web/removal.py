"""A run goes for good, or a song that never came to be: work is stopped, rows and files are removed."""

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from charter.review.data_folder import list_path, pack_path, song_folder, upload_path
from charter.review.errors import NotFound
from charter.review.store import removal
from charter.review.store.database import Database
from charter.review.web.context import Review

_STOP_SECONDS = 5.0  # what runs is stopped within a second


def remove_run(review: Review, run_id: int, name: str) -> None:
    """Remove a run, song by song; what it was made from stays. What is interrupted can be asked for again.

    name: the run's, unless it has no songs. Raises NotFound, Conflict.
    """
    with review.database.read() as session:
        removal.check_removal(session, run_id, name)
        jobs = removal.open_job_ids(session, run_id)
    for job in jobs:
        with suppress(NotFound):
            review.runner.cancel(job)
    _wait_for_end(review.database, run_id)
    while True:
        with review.database.write() as session:
            removed = removal.remove_first_song(session, run_id)
        if removed is None:
            break
        _clear(review, removed)
    with review.database.write() as session:
        exports = removal.remove_run(session, run_id)
    _unlink(review, exports)
    review.live.publish(run_id, {"type": "run gone", "run": run_id})


def remove_song(review: Review, song_id: int) -> None:
    """Remove a song that never came to be, with its upload and whatever lies in its place.

    Raises NotFound, Conflict.
    """
    with review.database.write() as session:
        removed = removal.remove_unmade_song(session, song_id)
    _clear(review, removed)
    review.live.publish(removed.run_id, {"type": "song gone", "song": song_id})


def _wait_for_end(database: Database, run_id: int) -> None:
    until = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < until:
        with database.read() as session:
            if not removal.open_job_ids(session, run_id):
                return
        time.sleep(0.1)


def _clear(review: Review, removed: removal.Removed) -> None:
    shutil.rmtree(song_folder(review.data, removed.key), ignore_errors=True)
    _unlink(review, removed.requests)


def _unlink(review: Review, requests: Iterable[dict[str, Any]]) -> None:
    """Remove the uploads and exports that jobs were about; their names are of our own making."""
    for request in requests:
        paths = []
        if upload := request.get("upload"):
            paths.append(upload_path(review.data, upload))
        if file := request.get("file"):
            paths += [pack_path(review.data, file), list_path(review.data, file)]
        for path in paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)
