"""What routes answer, for the OpenAPI page; answers themselves are plain values that nobody reads through once more.

Those with a shape that another docstring tells, as `charter.review.document.measure.measured`, have none here.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from charter.review.document.song_states import SongState
from charter.review.document.verdicts import Verdict

NoteValue = list[int | str | None]  # [tick, panel, kind, end]


class Shape(BaseModel):
    """A JSON object with these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Shape):
    """Done; there is nothing to tell."""


class Numbered(Shape):
    """What was removed."""

    id: int


class Person(Shape):
    """Somebody who signed in, or was named."""

    id: int
    name: str


class Me(Person):
    """The asker. most_upload: bytes."""

    needs_token: bool
    most_upload: int


class Job(Shape):
    """Work for a worker process, as `charter.review.store.tables.Job` has it; moments are ISO 8601."""

    id: int
    kind: str
    run: int | None
    song: int | None
    chart: int | None
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: float
    stage: str
    error: str
    result: dict[str, Any]
    author: Person | None
    created: str
    started: str | None
    ended: str | None


class Said(Shape):
    """Who said or did something, and when."""

    author: Person | None
    at: str


class Dismissed(Said):
    """Why a finding is let stand."""

    reason: str


class Finding(Shape):
    """What a check found. beat, second and tick: null where it is of the whole."""

    id: str
    kind: str
    severity: str
    message: str
    beat: float | None
    second: float | None
    tick: int | None
    dismissed: Dismissed | None


class Decided(Said):
    """The decision that holds."""

    verdict: Verdict
    version: int


class Decision(Decided):
    """A decision, with what was said to it, and the version of the song's own fields that it was heard by."""

    text: str
    song_version: int


class Comment(Said):
    """Something said of a chart. tick: null for the whole of it."""

    id: int
    chart: int
    tick: int | None
    text: str
    version: int
    resolved: Said | None


class ChartHead(Shape):
    """A chart without its notes. findings, faults, comments: how many; seconds: of work."""

    id: int
    slot: str
    meter: int
    status: Verdict
    assignee: Person | None
    version: int
    rows: int
    findings: int
    faults: int
    comments: int
    seconds: float
    decided: Decided | None


class ChartRow(ChartHead):
    """A chart as lists have it."""

    song: int


class SongHead(Shape):
    """A song, without its charts. job: what waits or is done for it; duration: seconds."""

    id: int
    run: int
    state: SongState
    error: str
    source: str
    title: str
    artist: str
    version: int
    duration: float | None
    findings: list[Finding]
    job: Job | None


class SongRow(SongHead):
    """A song as lists have it."""

    charts: list[ChartRow]


class Song(SongRow):
    """A song as its editor has it. shift: ticks that beat 0 was moved by since the draft."""

    fields: dict[str, Any]
    draft_fields: dict[str, Any]
    shift: int
    sound: dict[str, Any] | None
    can_shift: bool
    least_shift: int


class Chart(ChartHead):
    """A chart as its editor has it."""

    song: SongHead
    notes: list[NoteValue]
    description: str
    timing: dict[str, Any] | None
    own_timing: bool
    footing: list[list[int | str | list[str]]]
    findings_list: list[Finding]
    checked: int
    draft_meter: int
    siblings: list[ChartRow]


class Assigned(Shape):
    """Charts, and who is to review them."""

    charts: list[int]
    assignee: Person | None


class RunHead(Shape):
    """A run. source: the pack that it was made from."""

    id: int
    name: str
    created: str
    source: str


class RunRow(RunHead):
    """A run as the list of them has it: how many songs and charts are in which state."""

    songs: int
    charts: int
    states: dict[str, int]
    statuses: dict[str, int]


class Run(RunHead):
    """A run with its songs, and the jobs that are not done."""

    request: dict[str, Any]
    songs: list[SongRow]
    jobs: list[Job]


class Edit(Said):
    """An edit of a chart or a song, with what stood there before."""

    version: int
    key: str
    kind: str
    summary: str
    changes: dict[str, Any]


class Reopened(Shape):
    """A decision that an edit took back."""

    verdict: Literal["accepted", "rejected"]
    decided_by: Person | None
    by: Person | None
    how: str


class Edited(Shape):
    """An edit that counts. others: the edits between the version that its author saw and it; shift: of beat 0 in them.

    reopened: there only where the chart had been decided on
    """

    version: int
    base: int
    shift: int
    others: list[Edit]
    reopened: Reopened | None = None


class SongEdited(Shape):
    """A song after an edit of it."""

    version: int
    fields: dict[str, Any]
    shift: int


class Version(Shape):
    """A version of a chart that is worth telling from others; at: null for the draft."""

    version: int
    kind: str
    author: Person | None
    at: str | None
    summary: str
    edits: int
    verdict: Verdict | None


class Notes(Shape):
    """A chart as it was in a version."""

    version: int
    notes: list[NoteValue]
    meter: int
    description: str
    shift: int


class Compared(Shape):
    """What became of the rows of one version in another: how many were kept, and ticks of the rest."""

    kept: int
    moved: list[list[int]]
    added: list[int]
    removed: list[int]
    rewritten: list[int]
    notes_from: list[NoteValue]
    notes_to: list[NoteValue]
