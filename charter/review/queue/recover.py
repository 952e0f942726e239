"""What a server takes up that was there before it: jobs in the midst of which another ended, and what that left."""

import shutil
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from charter.errors import OutputError
from charter.files import clear_drafts, make_folder
from charter.review.data_folder import draft_folders, exports_folder, folders, song_drafts, uploads_folder
from charter.review.document import song_states
from charter.review.queue.kinds import MAKES_SONG
from charter.review.store import jobs
from charter.review.store.database import Database
from charter.review.store.tables import Chart, Job, Song

MOST_TRIES = 100  # of a job that a server ended in the midst of: it may be what ends them


def recover(database: Database, data: Path) -> list[int]:
    """Have interrupted jobs wait again, and remove what they left behind; the charts that are to be checked.

    Raises StoreError, and OutputError for a folder that cannot be used.
    """
    for folder in folders(data):
        make_folder(folder)
    with database.write() as session:
        for job in jobs.interrupted(session):
            _put_back(session, job)
        uploads = _uploads(session)
        asked = (
            select(Chart.id)
            .join(Song, Song.id == Chart.song_id)
            .where(
                Song.state == song_states.READY,
                or_(Chart.checked_version != Chart.version, Chart.checked_song_version != Song.version),
            )
        )
        stale = list(session.scalars(asked))
    _clear(data, uploads)
    return stale


def _put_back(session: Session, job: Job) -> None:
    song = session.get(Song, job.song_id) if job.kind in MAKES_SONG else None
    if job.tries < MOST_TRIES:
        jobs.wait_again(job)
        state, error = song_states.WAITING, ""
    else:
        state, error = song_states.FAILED, f"the server ended {job.tries} times while it was at it"
        jobs.end(job, jobs.FAILED, error=error)
    if song is not None:
        song.state, song.error = state, error


def _uploads(session: Session) -> set[str]:
    """The uploads that a job is still about."""
    asked = select(Job.request).where(Job.kind == "intake", Job.state != jobs.DONE)
    return {request.get("upload", "") for request in session.scalars(asked)}


def _clear(data: Path, uploads: set[str]) -> None:
    """Remove folders and files that were not finished, and uploads that nothing is about. Raises OutputError."""
    try:
        for folder in (*song_drafts(data), *draft_folders(data)):
            shutil.rmtree(folder, ignore_errors=True)
        for path in uploads_folder(data).iterdir():
            if path.is_file() and path.name not in uploads:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{data}: cannot be written to ({error.strerror or error})") from error
    clear_drafts(exports_folder(data))
