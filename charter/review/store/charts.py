"""Charts: one with all that its editor needs, and whose it is to review."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charter.review.document.changes import note_values
from charter.review.errors import Invalid, NotFound
from charter.review.store.chart_rows import chart_row
from charter.review.store.dismissals import with_dismissals
from charter.review.store.names import names, who
from charter.review.store.notes import all_notes
from charter.review.store.rows import no_row, row_of
from charter.review.store.songs import song_row
from charter.review.store.tables import Chart, Person, Song

_AT_ONCE = 500  # rows that one statement names


def chart_detail(session: Session, chart_id: int) -> dict[str, Any]:
    """A chart as its editor has it: one consistent look at its notes, timing, findings and footing. Raises NotFound."""
    chart = row_of(session, Chart, chart_id)
    song = song_row(session, chart.song_id)
    fields = session.execute(select(Song.fields).where(Song.id == chart.song_id)).scalar_one()
    return {
        **next(row for row in song["charts"] if row["id"] == chart_id),
        # "song" says the number in a row, and here what is behind it
        "song": {key: value for key, value in song.items() if key != "charts"},
        "notes": note_values(all_notes(session, chart_id)),
        "description": chart.description,
        "timing": chart.own_timing or fields.get("timing"),
        "own_timing": chart.own_timing is not None,
        "footing": chart.footing,
        "findings_list": with_dismissals(session, chart_id, chart.findings),
        "checked": chart.checked_version,
        "draft_meter": chart.draft["meter"],
        "siblings": [row for row in song["charts"] if row["id"] != chart_id],
    }


def assign(session: Session, chart_id: int, person_id: int | None) -> dict[str, Any]:
    """Say who is to review a chart, None for nobody; its row. Raises NotFound, Invalid."""
    _check_person(session, person_id)
    session.execute(update(Chart).where(Chart.id == chart_id).values(assignee_id=person_id))
    return chart_row(session, chart_id)


def assign_many(session: Session, run_id: int, charts: Sequence[int], person_id: int | None) -> dict[str, Any] | None:
    """Say who is to review many charts of a run; who that is. Raises NotFound where one is of no song of it, Invalid.

    All of them or none.
    """
    _check_person(session, person_id)
    of_run = select(Chart.id).join(Song, Song.id == Chart.song_id).where(Song.run_id == run_id)
    if strange := set(charts) - set(session.scalars(of_run)):
        raise NotFound(f"there is no chart {min(strange)} in run {run_id}")
    for start in range(0, len(charts), _AT_ONCE):
        chosen = charts[start : start + _AT_ONCE]
        session.execute(update(Chart).where(Chart.id.in_(chosen)).values(assignee_id=person_id))
    return who(names(session), person_id)


def _check_person(session: Session, person_id: int | None) -> None:
    if person_id is not None and session.get(Person, person_id) is None:
        raise Invalid(f"there is no person {person_id} to assign the chart to")


def run_of_chart(session: Session, chart_id: int) -> int:
    """The run that a chart is of. Raises NotFound."""
    run = session.scalar(select(Song.run_id).join(Chart, Chart.song_id == Song.id).where(Chart.id == chart_id))
    if run is None:
        raise no_row(Chart, chart_id)
    return run
