"""A database to try the store on: songs and charts are put in as the queue puts them in."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from charter.notation import Timing
from charter.review.document.changes import notes_by_cell
from charter.review.document.codec import timing_json
from charter.review.store.database import Database, now
from charter.review.store.notes import add_notes
from charter.review.store.tables import Chart, Person, Run, Song

TIMING = timing_json(Timing.constant(120.0, -0.25))


@dataclass
class Store:
    """A database, with numbers of what is in it."""

    database: Database
    run: int
    ann: int
    bob: int

    def song(self, **values: Any) -> int:
        """A new song that is ready."""
        with self.database.write() as session:
            return _song(session, self.run, values).id

    def chart(self, notes: list[list[Any]], song: int | None = None, **values: Any) -> int:
        """A new chart, of a new song where none is given."""
        with self.database.write() as session:
            made = {"place": 0, "slot": "hard", "meter": 7, "description": "", **values}
            draft = {"notes": notes, "meter": made["meter"], "description": made["description"]}
            song_id = song or _song(session, self.run, {}).id
            chart = Chart(song_id=song_id, draft=draft, **{"findings": [], "footing": [], **made})
            session.add(chart)
            session.flush()
            add_notes(session, chart.id, notes_by_cell(notes))
            return chart.id


def _song(session: Session, run: int, values: dict[str, Any]) -> Song:
    fields = {"title": "A song", "subtitle": "", "artist": "Someone", "genre": "", "credit": "", "preview": None}
    fields |= {"timing": TIMING, **values.pop("fields", {})}
    song = Song(
        key=uuid4().hex,
        fields=fields,
        draft_fields=fields,
        created=now(),
        **{"run_id": run, "source": "a.mp3", "state": "ready", "sound": {}, "weights": {}, "findings": [], **values},
    )
    session.add(song)
    session.flush()
    return song


def filled(database: Database) -> Store:
    """A run and two people."""
    with database.write() as session:
        people = [Person(name=name, created=now()) for name in ("Ann", "Bob")]
        run = Run(name="A run", request={}, created=now())
        session.add_all([*people, run])
        session.flush()
        return Store(database, run.id, people[0].id, people[1].id)
