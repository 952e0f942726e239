"""A pack's folder as a run."""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.errors import RequestError
from charter.review.store import jobs
from charter.review.store.database import Database
from charter.review.store.jobs import About
from charter.review.store.runs import add_run
from charter.review.store.songs import new_song
from charter.review.store.tables import Run, Song
from charter.song_draft import is_simfile


def open_pack(database: Database, pack: Path) -> int:
    """The number of the run of a pack's folder; its songs are taken in by jobs, those that were already are left alone.

    Raises RequestError for a folder that is none or holds no song folder, StoreError.
    """
    folders = song_folders(pack)
    source = str(pack.resolve())
    with database.write() as session:
        run_id = session.scalar(select(Run.id).where(Run.source == source).order_by(Run.id.desc()).limit(1))
        if run_id is None:
            run_id = int(add_run(session, pack.resolve().name, {}, author_id=None, source=source)["id"])
        known = set(session.scalars(select(Song.source).where(Song.run_id == run_id)))
        for folder in folders:
            name = folder.relative_to(pack).as_posix() if folder != pack else folder.resolve().name
            if name not in known:
                _add(session, run_id, folder, name)
    return run_id


def song_folders(pack: Path) -> list[Path]:
    """The folders with simfiles in or below a pack's, in order; what lies below one of them is its own.

    Raises RequestError where there is none, or no pack.
    """
    if not pack.is_dir():
        raise RequestError(f"{pack}: no such folder; name a pack, with a folder for each song")
    folders = sorted(_song_folders(pack))
    if not folders:
        raise RequestError(f"{pack}: holds no folder with a .ssc or .sm file; is it a pack?")
    return folders


def _song_folders(pack: Path) -> Iterator[Path]:
    for path, below, files in os.walk(pack):
        if any(is_simfile(name) and not name.startswith(".") for name in files):
            below.clear()
            yield Path(path)
        below[:] = [name for name in below if not name.startswith(".")]


def _add(session: Session, run_id: int, folder: Path, name: str) -> None:
    # A pack is its owner's own: as many songs as it has, whatever else waits.
    song = new_song(session, run_id, name)
    jobs.add(session, "take in", {"folder": str(folder.resolve())}, About(run_id, song.id))
