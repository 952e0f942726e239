"""Whether a song is done already, by what lies in its folder."""

from pathlib import Path

from charter.batch.job import Job
from charter.batch.row import Status
from charter.song_draft import edited, is_finished, missing, read_record


def status_of(folder: Path, job: Job) -> Status | None:
    """What an earlier run, or hands since then, left of a job in its folder; None where there is work to do."""
    record = read_record(folder)
    if not is_finished(record):
        return None
    if "key" not in record or edited(folder, record):  # `charter generate` has no key: it was charted by hand
        return Status.EDITED
    return Status.KEPT if record["key"] == job.key and not missing(folder, record) else None
