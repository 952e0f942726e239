"""What a simfile of a song should say: what the review says of it, over what the file says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from charter.errors import ChartError
from charter.notation import Chart, Song, parse_slot, slot_word
from charter.review.document.codec import TEXT_FIELDS, notes_json, notes_of, preview_of, timing_of
from charter.review.document.holds import closed_holds
from export.texts import one_line


def reviewed_song(file: Song, fields: Mapping[str, Any], charts: Sequence[Mapping[str, Any]]) -> Song:
    """The song as it was reviewed, with its charts of these values; what a review does not know of, from its file.

    file: what the simfile in the song's folder says, which the drafts were read from
    charts: ``{"place", "slot", "meter", "description", "own_timing", "notes"}``, by rising place
    Raises ChartError where the file has no such charts, or the values are none; TimingError.
    """
    texts = {name: _text(getattr(file, name), fields[name]) for name in TEXT_FIELDS}
    preview, timing = preview_of(fields["preview"]), timing_of(fields["timing"])
    return replace(
        file, **texts, preview=preview, timing=timing, charts=tuple(_reviewed_chart(file, chart) for chart in charts)
    )


def _reviewed_chart(file: Song, values: Mapping[str, Any]) -> Chart:
    place = values["place"]
    if place >= len(file.charts) or slot_word(file.charts[place].difficulty) != values["slot"]:
        raise ChartError(f"holds no chart {values['slot']} in place {place + 1}; was the file changed by hand?")
    chart: Chart = file.charts[place]
    # What the review made of holds that end nowhere is no change.
    same = notes_json(closed_holds(chart.notes)) == [list(note) for note in values["notes"]]
    return replace(
        chart,
        difficulty=parse_slot(values["slot"]),
        meter=values["meter"],
        description=_text(chart.description, values["description"]),
        notes=chart.notes if same else notes_of(values["notes"]),
        timing=None if values["own_timing"] is None else timing_of(values["own_timing"]),
    )


def _text(before: str, after: str) -> str:
    """A text as a file can hold it; as the file has it where nobody changed it."""
    return before if after == before else one_line(after).strip()


def carried_over(before: Song, after: Song, places: Sequence[int], other: Song) -> Song:
    """The same changes for another simfile of the same song: what did not change stays as that file has it.

    before, after: the song of the file that was read, and as it was reviewed; places: of the charts in ``before``
    other: the song of the other file. Raises ChartError where its charts are not those of ``before``.
    """
    if [chart.difficulty for chart in before.charts] != [chart.difficulty for chart in other.charts]:
        raise ChartError("its charts are not those of the simfile that the game reads")
    texts = {
        name: getattr(after, name) if getattr(after, name) != getattr(before, name) else getattr(other, name)
        for name in TEXT_FIELDS
    }
    charts = []
    for place, chart in zip(places, after.charts, strict=True):
        old, theirs = before.charts[place], other.charts[place]
        retimed = before.timing_of(old) != after.timing_of(chart)
        charts.append(
            replace(
                theirs,
                meter=theirs.meter if chart.meter == old.meter else chart.meter,
                description=theirs.description if chart.description == old.description else chart.description,
                notes=theirs.notes if chart.notes == old.notes else chart.notes,
                timing=chart.timing if retimed else theirs.timing,
            )
        )
    return replace(
        other,
        **texts,
        timing=other.timing if after.timing == before.timing else after.timing,
        preview=other.preview if after.preview == before.preview else after.preview,
        charts=tuple(charts),
    )
