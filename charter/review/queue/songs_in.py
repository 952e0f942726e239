"""Songs that come in: from an upload or a pack's folder into the tables, with what the player needs."""

from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from charter.review.queue.documents import READY, song_of
from charter.review.store.tables import Chart, Job, Note, Run


def ask_intake(session: Session, job: Job, data: Path) -> dict[str, Any]:
    """Request for `charter.review.work.intake`: the upload, by what name it came, and what its run asks of charts."""
    run = session.get(Run, job.run_id)
    return {
        "key": song_of(session, job).key,
        "upload": job.request["upload"],
        "name": job.request["name"],
        "wanted": run.request if run is not None else {},
    }


def ask_take_in(session: Session, job: Job, data: Path) -> dict[str, Any]:
    """Request for `charter.review.work.take_in`: the folder with the simfiles."""
    return {"key": song_of(session, job).key, **job.request}


def ask_hear(session: Session, job: Job, data: Path) -> dict[str, Any]:
    """Request for `charter.review.work.hearing`."""
    song = song_of(session, job)
    return {"key": song.key, "chip": bool(song.sound.get("chip"))}


def keep_song(session: Session, job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """Fill in a song and its charts, as `charter.review.work.reading` gives them. Raises NotFound."""
    song = song_of(session, job)
    song.fields = song.draft_fields = answer["fields"]
    song.audio_hash, song.weights = answer["audio_hash"], answer["weights"]
    song.sound, song.findings = answer["sound"], answer["findings"]
    for made in answer["charts"]:
        notes = made["notes"]
        chart = Chart(
            song_id=song.id,
            place=made["place"],
            slot=made["slot"],
            meter=made["meter"],
            description=made["description"],
            own_timing=made["own_timing"],
            draft={"notes": notes, "meter": made["meter"], "description": made["description"]},
            findings=made["findings"],
            footing=made["footing"],
            checked_version=0,
            checked_song_version=0,
        )
        session.add(chart)
        session.flush()
        rows = [
            {"chart_id": chart.id, "tick": tick, "panel": panel, "kind": kind, "end": end}
            for tick, panel, kind, end in notes
        ]
        if rows:
            session.execute(insert(Note), rows)
    song.state, song.error = READY, ""
    return {"charts": len(answer["charts"]), "told": answer["told"]}


def keep_sound(session: Session, job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """Fill in what the player needs. Raises NotFound."""
    song_of(session, job).sound = answer["sound"]
    return {}
