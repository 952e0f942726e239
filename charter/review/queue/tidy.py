"""Files that were made to be fetched once, and are removed when nobody will any more."""

import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from charter.review.store import jobs
from charter.review.store.database import Database
from charter.review.store.tables import Job

TIDY_SECONDS = 86_400.0  # from one time to the next
_KEPT_SECONDS = 7 * 86_400.0
_ENDINGS = (".zip", ".songs.jsonl")


def tidy(database: Database, data: Path) -> None:
    """Remove exports of more than a week ago, and lists of what to export; not of jobs that wait or run.

    Raises StoreError.
    """
    with database.read() as session:
        asked = select(Job.request).where(Job.kind == "export", Job.state.not_in(jobs.OVER))
        needed = {str(request.get("file", "")) for request in session.scalars(asked)}
    oldest = time.time() - _KEPT_SECONDS
    for path in (data / "exports").glob("*"):
        if not path.name.endswith(_ENDINGS) or path.name.partition(".")[0] in needed:
            continue
        with suppress(OSError):  # what cannot be removed today may be tomorrow
            if path.stat().st_mtime < oldest:
                path.unlink()
