"""Every version of a chart: had again, listed, compared, restored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.errors import ChartError
from charter.review.document.changes import (
    Changes,
    Notes,
    between,
    moved,
    note_values,
    notes_by_cell,
    stored_changes,
)
from charter.review.document.codec import checked_note
from charter.review.document.compare import compared
from charter.review.errors import Conflict, Invalid, NotFound
from charter.review.store.edits import Asked, ChartHead, Kept, add_edit, edit_of_key, locked_chart
from charter.review.store.names import names, who
from charter.review.store.notes import all_notes
from charter.review.store.rows import check_row, no_row
from charter.review.store.tables import Chart, Decision, Edit

_PAUSE = timedelta(minutes=5)  # edits that are closer together are one entry of the list
_SMALL = 32  # notes; an edit of more is an entry of its own


@dataclass(frozen=True)
class Version:
    """A chart as it was. shift: ticks that its beat 0 was moved by since; its notes stand as they did then."""

    number: int
    notes: Notes
    meter: int
    description: str
    shift: int

    def notes_now(self) -> Notes:
        """Its notes on today's beats; some may be before beat 0."""
        return moved(self.notes, self.shift) if self.shift else self.notes

    def json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "version": self.number,
            "notes": note_values(self.notes),
            "meter": self.meter,
            "description": self.description,
            "shift": self.shift,
        }


def version_of(session: Session, chart_id: int, number: int) -> Version:
    """A version of a chart, 0 for the draft. Raises NotFound."""
    chart = session.execute(
        select(Chart.version, Chart.meter, Chart.description).where(Chart.id == chart_id)
    ).one_or_none()
    if chart is None:
        raise no_row(Chart, chart_id)
    if not 0 <= number <= chart.version:
        raise NotFound(f"chart {chart_id} has versions 0 to {chart.version}, and no version {number}")
    since = _changes(session, chart_id, number, chart.version)
    shift = sum(changes.shift for changes in since)
    if number < chart.version - number:  # the way from the draft is shorter
        draft = session.execute(select(Chart.draft).where(Chart.id == chart_id)).scalar_one()
        notes, fields = notes_by_cell(draft["notes"]), {name: draft[name] for name in ("meter", "description")}
        steps = _changes(session, chart_id, 0, number)
    else:
        notes, fields = all_notes(session, chart_id), {"meter": chart.meter, "description": chart.description}
        steps = [changes.inverse() for changes in reversed(since)]
    for changes in steps:
        notes = changes.apply(notes)
        fields |= {name: now for name, (_, now) in changes.fields.items()}
    return Version(number, notes, fields["meter"], fields["description"], shift)


def _changes(session: Session, chart_id: int, after: int, until: int) -> list[Changes]:
    asked = (
        select(Edit.changes)
        .where(Edit.chart_id == chart_id, Edit.version > after, Edit.version <= until)
        .order_by(Edit.version)
    )
    return [stored_changes(changes) for changes in session.scalars(asked)]


def compare(session: Session, chart_id: int, one: int, other: int) -> dict[str, Any]:
    """What became of a version's rows in another; ticks as they are numbered today. Raises NotFound."""
    before, after = (version_of(session, chart_id, number).notes_now() for number in (one, other))
    return {**compared(before, after).json(), "notes_from": note_values(before), "notes_to": note_values(after)}


def restore(session: Session, chart_id: int, number: int, *, key: str, base: int | None, author_id: int | None) -> Kept:
    """Make a chart what it was in a version, as an edit; songs' fields stay as they are.

    base: the version that the asker saw, None for whatever there is. Raises NotFound, Conflict, Invalid.
    """
    chart = locked_chart(session, chart_id)
    summary = f"back to {f'version {number}' if number else 'the draft'}"
    before = edit_of_key(session, chart.id, key)
    if before is not None:
        if (before["kind"], before["summary"]) != ("restore", summary):
            raise Invalid(f"the key {key} was used for another edit of this chart; each has a key of its own")
        answer = {"version": before["version"], "base": before["version"] - 1, "shift": 0, "others": []}
        return Kept(chart.run_id, answer, before, is_new=False)
    if base is not None and base != chart.version:
        raise Conflict("someone changed the chart meanwhile", {"version": chart.version})
    version = version_of(session, chart_id, number)
    changes = _way_back(session, chart, version)
    if not changes.notes and not changes.fields:
        raise Invalid(f"the chart is as it was in version {number}")
    asked = Asked(key, chart.version, "restore", changes, summary, may_overlap=True)
    return add_edit(session, chart_id, asked, author_id)


def _way_back(session: Session, chart: ChartHead, version: Version) -> Changes:
    wanted = version.notes_now()
    try:
        for note in note_values(wanted):
            checked_note(note)
    except ChartError as error:
        raise Invalid(
            f"beat 0 was moved since version {version.number}, which has notes where no chart reaches now"
        ) from error
    fields = {"meter": (chart.meter, version.meter), "description": (chart.description, version.description)}
    return Changes(
        between(all_notes(session, chart.id), wanted),
        {name: (was, now) for name, (was, now) in fields.items() if was != now},
    )


def versions(session: Session, chart_id: int) -> list[dict[str, Any]]:
    """The versions that are worth telling apart, newest first; the draft is the last. Raises NotFound."""
    check_row(session, Chart, chart_id)
    known = names(session)
    decided = select(Decision.version, Decision.verdict).where(Decision.chart_id == chart_id).order_by(Decision.id)
    verdicts = dict(session.execute(decided).all())
    entries = [_entry(group, verdicts, known) for group in _groups(session, chart_id, set(verdicts))]
    draft = {"version": 0, "kind": "draft", "author": None, "at": None, "summary": "", "edits": 0}
    return [*reversed(entries), {**draft, "verdict": verdicts.get(0)}]


def _groups(session: Session, chart_id: int, decided: set[int]) -> Iterator[list[Any]]:
    """Edits that make one entry each, oldest first."""
    group: list[Any] = []
    for edit in session.execute(
        select(Edit.version, Edit.kind, Edit.summary, Edit.author_id, Edit.at, Edit.changes)
        .where(Edit.chart_id == chart_id)
        .order_by(Edit.version)
    ):
        if group and (not _goes_on(group[-1], edit) or group[-1].version in decided):
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _goes_on(edit: Any, following: Any) -> bool:
    return (
        all(each.kind in ("edit", "undo") and len(each.changes["notes"]) <= _SMALL for each in (edit, following))
        and edit.author_id == following.author_id
        and following.at - edit.at < _PAUSE
    )


def _entry(group: list[Any], verdicts: dict[int, str], known: dict[int, str]) -> dict[str, Any]:
    last = group[-1]
    said = list(dict.fromkeys(edit.summary for edit in group if edit.summary))
    return {
        "version": last.version,
        "kind": "edit" if len(group) > 1 else last.kind,
        "author": who(known, last.author_id),
        "at": last.at.isoformat(),
        "summary": ", ".join(said[-3:]),
        "edits": len(group),
        "verdict": verdicts.get(last.version),
    }
