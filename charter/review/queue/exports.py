"""Packs of what was accepted, listed for the worker when it begins; see `charter.review.out.pack`."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from charter.files import make_folder, whole_file
from charter.review.data_folder import exports_folder, list_path
from charter.review.store.exported import exported_songs
from charter.review.store.tables import Job


def ask_export(session: Session, job: Job, data: Path) -> dict[str, Any]:
    """Request for `charter.review.out.pack.export_pack`; the zip's address is that of the job.

    The songs are listed in a file, as they are now: a job that is tried again exports what is accepted then. Raises
    OutputError.
    """
    make_folder(exports_folder(data))
    listed = list_path(data, job.request["file"])
    if job.run_id is not None:
        with whole_file(listed) as draft, draft.open("w", encoding="utf-8") as lines:
            for song in exported_songs(session, job.run_id):
                lines.write(json.dumps(song) + "\n")
    return {**job.request, "url": f"/api/exports/{job.id}"}


def keep_export(session: Session, job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """What the pack holds, and where it is had."""
    return answer
