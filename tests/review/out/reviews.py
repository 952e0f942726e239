"""Reviews in the tables as if songs had been taken in, for tests of what leaves them."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from charter.notation import slot_word
from charter.review.document.changes import Changes, between, notes_by_cell
from charter.review.document.codec import fields_json, notes_json, timing_json
from charter.review.store.database import Database, now
from charter.review.store.decisions import decide
from charter.review.store.edits import Asked, add_edit
from charter.review.store.notes import all_notes
from charter.review.store.tables import Chart, Note, Person, Run, Song, Visit
from charter.song_draft import read_record
from export.stepmania.read import read_song

RATE = "placement 0123456789abcdef"


@dataclass
class AReview:
    """A database and a data folder with one run."""

    data: Path
    database: Database
    run: int = 0
    person: int = 0
    songs: dict[str, int] = field(default_factory=dict)

    @classmethod
    def make(cls, data: Path, source: str = "") -> "AReview":
        data.mkdir(parents=True, exist_ok=True)
        review = cls(data, Database(f"sqlite:///{data}/review.sqlite3"))
        with review.database.write() as session:
            person = Person(name="Ada", created=now())
            session.add(person)
            session.flush()
            run = Run(name="A pack / of ours", source=source, request={}, author_id=None, created=now())
            session.add(run)
            session.flush()
            review.run, review.person = run.id, person.id
        return review

    def folder(self, song: int) -> Path:
        with self.database.read() as session:
            return self.data / "songs" / session.get_one(Song, song).key

    def take_in(self, source: Path, *, weights: dict[str, str] | None = None, duration: float = 60.0) -> int:
        """A song folder as `charter.review.work.take_in` would take it in."""
        key = uuid4().hex
        folder = self.data / "songs" / key
        folder.mkdir(parents=True)
        for path in source.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        simfiles = [path for path in folder.iterdir() if path.suffix in (".ssc", ".sm")]
        song = read_song(min(simfiles, key=lambda path: (path.suffix != ".ssc", path.name)))
        with self.database.write() as session:
            row = Song(
                run_id=self.run, key=key, source=source.name, state="ready", audio_hash="ab" * 8, findings=[],
                fields=fields_json(song), draft_fields=fields_json(song), sound={"duration": duration}, created=now(),
                weights=(read_record(folder).get("weights") or {}) if weights is None else weights,
            )  # fmt: skip
            session.add(row)
            session.flush()
            for place, chart in enumerate(song.charts):
                notes = notes_json(chart.notes)
                made = Chart(
                    song_id=row.id, place=place, slot=slot_word(chart.difficulty), meter=chart.meter,
                    description=chart.description, findings=[], footing=[],
                    own_timing=timing_json(chart.timing) if chart.timing else None,
                    draft={"notes": notes, "meter": chart.meter, "description": chart.description},
                )  # fmt: skip
                session.add(made)
                session.flush()
                for tick, panel, kind, end in notes:
                    session.add(Note(chart_id=made.id, tick=tick, panel=panel, kind=kind, end=end))
            self.songs[source.name] = row.id
            return row.id

    def charts(self, song: int) -> list[int]:
        with self.database.read() as session:
            return [chart.id for chart in session.query(Chart).filter(Chart.song_id == song).order_by(Chart.place)]

    def write(self, chart: int, notes: list[list[object]], **fields: tuple[object, object]) -> None:
        """Make these the notes of a chart, as an edit."""
        with self.database.write() as session:
            base = session.get_one(Chart, chart).version
            changes = Changes(between(all_notes(session, chart), notes_by_cell(notes)), fields)
            add_edit(session, chart, Asked(uuid4().hex, base, "edit", changes), self.person)

    def decide(self, chart: int, verdict: str = "accepted", seconds: float = 0.0) -> None:
        with self.database.write() as session:
            version = session.get_one(Chart, chart).version
            decide(session, chart, verdict, "", version=version, author_id=self.person)
            if seconds:
                session.add(Visit(chart_id=chart, person_id=self.person, day="2026-11-21", seconds=seconds))
