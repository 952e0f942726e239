"""Charts that are set beside a file, and what of it is kept."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.errors import Invalid
from charter.review.out.imports import ImportedChart, OurChart
from charter.review.store.edits import Asked, Kept, add_edit
from charter.review.store.notes import all_notes
from charter.review.store.rows import row_of
from charter.review.store.tables import Chart, Song


def charts_under_review(session: Session, song_id: int) -> tuple[dict[str, Any], list[OurChart]]:
    """A song's fields, and its charts as they are now. Raises NotFound, Invalid for a song that has none yet."""
    song = row_of(session, Song, song_id)
    if not song.fields.get("timing"):
        raise Invalid("the song is not ready to be edited")
    charts = session.scalars(select(Chart).where(Chart.song_id == song_id).order_by(Chart.place, Chart.id)).all()
    return song.fields, [
        OurChart(
            chart.id,
            chart.slot,
            chart.version,
            chart.meter,
            chart.description,
            all_notes(session, chart.id),
            chart.status,
            chart.own_timing,
        )
        for chart in charts
    ]


def keep_import(
    session: Session, charts: Sequence[ImportedChart], name: str, author_id: int | None
) -> list[tuple[ImportedChart, Kept]]:
    """Make new versions of what a file changes, all of them or none. name: of the file.

    Raises Conflict where someone changed the same place since the charts were read, Invalid.
    """
    key = f"import:{uuid4().hex}"
    kept = []
    for made in charts:
        if not made.is_new:
            continue
        asked = Asked(key, made.chart.version, "import", made.changes, f"import of {name}")
        try:
            kept.append((made, add_edit(session, made.chart.id, asked, author_id)))
        except Invalid as error:
            raise Invalid(f"{name}: {made.chart.slot}: {error}", error.details) from error
    return kept
