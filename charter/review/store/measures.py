"""The charts of a run as its measure wants them; see `charter.review.document.measure` for what is counted."""

from collections.abc import Callable, Collection
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from charter.review.document.measure import PARTS, MeasuredChart, RowCounts, row_counts, weights_key, weights_label
from charter.review.document.verdicts import ACCEPTED
from charter.review.store.notes import stored_notes
from charter.review.store.rows import check_row
from charter.review.store.tables import Chart, Decision, Measure, Run, Song, Visit

ByHand = Callable[[str], Collection[str]]


def measured_charts(session: Session, run_id: int, by_hand: ByHand) -> tuple[list[MeasuredChart], dict[str, str]]:
    """All charts of a run, by song and place; and the names of the networks that wrote them, by their keys.

    by_hand: the slots of a song's charts that no network wrote, by the song's key. Raises NotFound.
    """
    check_row(session, Run, run_id)
    of_run = select(Chart.id).join(Song, Song.id == Chart.song_id).where(Song.run_id == run_id)
    spent = select(Visit.chart_id, func.sum(Visit.seconds)).where(Visit.chart_id.in_(of_run)).group_by(Visit.chart_id)
    seconds: dict[int, float] = dict(session.execute(spent).all())
    decided = (
        select(Decision.chart_id, func.max(Decision.at))
        .where(Decision.chart_id.in_(of_run), Decision.verdict == ACCEPTED)
        .group_by(Decision.chart_id)
    )
    accepted = dict(session.execute(decided).all())
    kept = select(Measure).where(Measure.chart_id.in_(of_run))
    known = {
        (each.chart_id, each.version): RowCounts(**{part: getattr(each, part) for part in PARTS})
        for each in session.scalars(kept)
    }
    asked = (
        select(Chart.id, Chart.slot, Chart.meter, Chart.status, Chart.version, Song)
        .join(Song, Song.id == Chart.song_id)
        .where(Song.run_id == run_id)
        .order_by(Song.id, Chart.place, Chart.id)
    )
    charts, labels = [], {}
    hands: dict[int, Collection[str]] = {}
    for chart_id, slot, meter, status, version, song in session.execute(asked):
        if song.id not in hands:
            hands[song.id] = by_hand(song.key) if song.weights else ()
        key = weights_key(song.weights, slot, hands[song.id])
        if key:
            labels[key] = weights_label(song.weights)
        is_accepted = status == ACCEPTED
        charts.append(
            MeasuredChart(
                chart=chart_id,
                song=song.id,
                title=song.fields.get("title", ""),
                artist=song.fields.get("artist", ""),
                slot=slot,
                meter=meter,
                status=status,
                weights=key,
                since=song.created.isoformat(),
                version=version,
                seconds=round(seconds.get(chart_id, 0.0), 1),
                accepted=accepted[chart_id].isoformat() if is_accepted and chart_id in accepted else None,
                rows=(known.get((chart_id, version)) or _counted(session, chart_id)) if is_accepted else None,
            )
        )
    return charts, labels


def keep_rows(session: Session, chart_id: int, version: int) -> None:
    """Count what became of the rows of a chart's draft, once for all who look at the measure of thousands."""
    session.merge(Measure(chart_id=chart_id, version=version, **asdict(_counted(session, chart_id))))
    session.flush()


def _counted(session: Session, chart_id: int) -> RowCounts:
    draft, shift = session.execute(
        select(Chart.draft, Song.shift).join(Song, Song.id == Chart.song_id).where(Chart.id == chart_id)
    ).one()
    return row_counts(draft["notes"], shift, stored_notes(session, chart_id))
