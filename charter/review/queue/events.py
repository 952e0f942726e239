"""What pages hear of jobs and checks, and what a check leaves in the tables.

An event is a pair: the run whose pages hear of it, and what they hear.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.check.finding import Severity
from charter.review.document import song_states
from charter.review.document.findings import finding_id
from charter.review.queue.documents import chart_document, song_document
from charter.review.store.chart_rows import chart_row
from charter.review.store.dismissals import with_dismissals
from charter.review.store.jobs import job_json
from charter.review.store.songs import song_row
from charter.review.store.tables import Chart, Job, Song

Event = tuple[int, dict[str, Any]]
_UNCHECKED = "check"  # the kind of a finding that says that there was no check


def of_job(session: Session, job: Job) -> list[Event]:
    """The events of a job's new state: itself, and its song where the job is about the whole of it."""
    if job.run_id is None:
        return []
    session.flush()
    told: list[Event] = [(job.run_id, {"type": "job", "job": job_json(session, job)})]
    if job.song_id is not None and job.chart_id is None and session.get(Song, job.song_id) is not None:
        told.append((job.run_id, {"type": "song", "song": song_row(session, job.song_id)}))
    return told


def of_progress(session: Session, job: Job) -> list[Event]:
    """The event of how far a job is."""
    return [] if job.run_id is None else [(job.run_id, {"type": "job", "job": job_json(session, job)})]


def check_request(session: Session, chart_id: int) -> dict[str, Any] | None:
    """Request for `charter.review.work.checking`; None where there is no chart to be checked, or no need."""
    chart = session.get(Chart, chart_id)
    song = session.get(Song, chart.song_id) if chart is not None else None
    if chart is None or song is None or song.state != song_states.READY:
        return None
    if (chart.checked_version, chart.checked_song_version) == (chart.version, song.version):
        return None
    others = session.scalars(select(Chart).where(Chart.song_id == song.id, Chart.id != chart.id).order_by(Chart.place))
    return {
        "song": song_document(song),
        "song_version": song.version,
        "chart": chart_document(session, chart),
        "others": [
            {"slot": each.slot, "meter": each.meter, "own_timing": each.own_timing, "rows": each.rows}
            for each in others
        ],
    }


def unchecked(reason: str) -> dict[str, Any]:
    """The answer of a check that there was none of: a finding that says so."""
    said = f"the chart could not be checked: {reason}"
    finding = {"kind": _UNCHECKED, "severity": Severity.ADVICE.value, "message": said, "beat": None, "second": None}
    number = finding_id(_UNCHECKED, None, said)
    return {"findings": [{"id": number, **finding, "tick": None}], "footing": [], "song_findings": None}


def keep_check(session: Session, request: dict[str, Any], answer: dict[str, Any]) -> list[Event]:
    """Put what a check found into the tables, unless a later one did; what pages hear of it."""
    asked, song_version = request["chart"], request["song_version"]
    # Locked, for beat 0 may be moved at this moment, which numbers findings anew.
    chart = session.scalar(select(Chart).where(Chart.id == asked["id"]).with_for_update())
    song = session.get(Song, chart.song_id) if chart is not None else None
    if chart is None or song is None or song.version != song_version:
        return []
    if asked["version"] < chart.checked_version and song_version <= chart.checked_song_version:
        return []
    chart.findings, chart.footing = answer["findings"], answer["footing"]
    chart.checked_version, chart.checked_song_version = asked["version"], song_version
    of_song = answer["song_findings"]
    has_news = of_song is not None and of_song != song.findings
    if has_news:
        song.findings = of_song
    session.flush()
    checked = {
        "type": "checked",
        "chart": chart.id,
        "version": asked["version"],
        "findings": with_dismissals(session, chart.id, answer["findings"]),
        "footing": answer["footing"],
    }
    told: list[Event] = [
        (song.run_id, checked),
        (song.run_id, {"type": "chart", "chart": chart_row(session, chart.id)}),
    ]
    if has_news:
        told.append((song.run_id, {"type": "song", "song": song_row(session, song.id)}))
    return told
