"""Songs that come in: from an upload or a pack's folder into the tables, with what the player needs."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.document import song_states
from charter.review.document.changes import notes_by_cell
from charter.review.errors import Conflict
from charter.review.queue.documents import song_of
from charter.review.store.notes import add_notes
from charter.review.store.tables import Chart, Job, Run


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
    """Request for `charter.review.work.hear_again`: the song."""
    return {"key": song_of(session, job).key}


def keep_song(session: Session, job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """Fill in a song and its charts, as `charter.review.work.reading` gives them. Raises NotFound, Conflict."""
    song = song_of(session, job)
    if session.scalar(select(Chart.id).where(Chart.song_id == song.id).limit(1)) is not None:
        raise Conflict("the song has its charts already")
    song.fields = song.draft_fields = answer["fields"]
    song.audio_hash, song.weights = answer["audio_hash"], answer["weights"]
    song.sound, song.findings = sound_json(song.id, answer["sound"]), answer["findings"]
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
        add_notes(session, chart.id, notes_by_cell(notes))
    song.state, song.error = song_states.READY, ""
    return {"charts": len(answer["charts"]), "told": answer["told"]}


def keep_sound(session: Session, job: Job, answer: dict[str, Any]) -> dict[str, Any]:
    """Fill in what the player needs. Raises NotFound."""
    song = song_of(session, job)
    song.sound = sound_json(song.id, answer["sound"])
    return {}


def sound_json(song_id: int, heard: dict[str, Any]) -> dict[str, Any]:
    """What `charter.review.work.hearing.hear` tells, with the addresses of the files; nothing of nothing."""
    if not heard:
        return {}
    sounds = f"/api/songs/{song_id}/sound"
    drawn = {name: {"url": f"{sounds}/{name}.bin", **heard[name]} for name in ("peaks", "bands", "onsets")}
    chip = f"{sounds}/chip.ogg" if heard["chip"] else None
    whole = {"duration": heard["duration"], "music": heard["music"]}
    return {"listen": f"{sounds}/listen.ogg", **whole, **drawn, "chip": chip}
