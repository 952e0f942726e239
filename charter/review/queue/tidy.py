"""What was made to be fetched once, or to be tried again, and is removed when nobody will any more."""

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, or_, select

from charter.review.data_folder import export_files, upload_path
from charter.review.queue.kinds import MAKES_SONG
from charter.review.store import jobs
from charter.review.store.database import Database, now
from charter.review.store.tables import Job

TIDY_SECONDS = 86_400.0  # from one time to the next
_KEPT_SECONDS = 7 * 86_400.0
_KEPT = timedelta(days=14)


def tidy(database: Database, data: Path) -> None:
    """Remove old exports and lists of what to export, jobs that are long over, uploads that were never tried again.

    Exports go after a week, all else after two; nothing of jobs that wait or run, and no job that a song that failed
    could be tried again by. Raises StoreError.
    """
    _tidy_exports(database, data)
    with database.write() as session:
        old = Job.state.in_(jobs.OVER), Job.ended < now() - _KEPT
        session.execute(delete(Job).where(*old, or_(Job.kind.not_in(MAKES_SONG), Job.state == jobs.DONE)))
        given_up = list(session.scalars(select(Job.request).where(*old, Job.kind == "intake")))
    for request in given_up:
        with suppress(OSError, KeyError):
            upload_path(data, request["upload"]).unlink(missing_ok=True)


def _tidy_exports(database: Database, data: Path) -> None:
    with database.read() as session:
        asked = select(Job.request).where(Job.kind == "export", Job.state.not_in(jobs.OVER))
        needed = {str(request.get("file", "")) for request in session.scalars(asked)}
    oldest = time.time() - _KEPT_SECONDS
    for file, path in export_files(data):
        with suppress(OSError):  # what cannot be removed today may be tomorrow
            if file not in needed and path.stat().st_mtime < oldest:
                path.unlink()
