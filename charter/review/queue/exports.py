"""Packs of what was accepted: all is in the job's request; see `charter.review.out.pack`."""

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from charter.review.store.tables import Job


def ask_export(session: Session, job: Job, data: Path) -> dict[str, Any]:
    """Request for `charter.review.out.pack.export_pack`; the zip's address is that of the job."""
    return {**job.request, "url": f"/api/exports/{job.id}"}


def keep_export(session: Session, job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """What the pack holds, and where it is had."""
    return answer
