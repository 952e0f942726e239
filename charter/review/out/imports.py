"""A simfile that someone edited elsewhere, as changes of the charts that are under review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from charter.errors import ChartError
from charter.notation import (
    EDIT,
    HEADS,
    TICKS_PER_BEAT,
    TICKS_PER_MEASURE,
    Chart,
    Difficulty,
    Song,
    Timing,
    parse_slot,
    slot_label,
)
from charter.processes.worker import Tell
from charter.review.document.changes import (
    HIGHEST_METER,
    LOWEST_METER,
    Changes,
    Notes,
    between,
    moved,
    note_values,
    notes_by_cell,
)
from charter.review.document.codec import TEXT_FIELDS, checked_note, fields_json, notes_json, timing_of
from charter.review.document.compare import Comparison, compared
from charter.review.document.holds import closed_holds
from charter.review.document.limits import MOST_NOTES
from charter.review.document.song_fields import check_timings
from charter.review.document.text import shown_name
from charter.review.document.verdicts import OPEN
from charter.review.errors import TooLarge
from charter.review.out.damage import check_whole
from export.stepmania.chart_places import is_ssc
from export.stepmania.fields import text_of
from export.stepmania.note_data import STEPS_TYPE
from export.stepmania.read import opened_simfile, parse_song

SUFFIXES = (".ssc", ".sm")
MOST_BYTES = 2_000_000  # the largest of 680 files of charters has 0.6 MB
_MOST_LINES = 100  # that a person is told
_SAME_SECONDS = 0.002  # editors write an offset to the millisecond, and a tempo to a thousandth


@dataclass(frozen=True)
class OurChart:
    """A chart under review, as it is now."""

    id: int
    slot: str
    version: int
    meter: int
    description: str
    notes: Notes
    status: str = OPEN
    own_timing: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ImportedChart:
    """What a file makes of a chart. changes: empty where it says the same; difference: of its rows."""

    chart: OurChart
    changes: Changes
    difference: Comparison

    @property
    def is_new(self) -> bool:
        """Whether it changes anything."""
        return bool(self.changes.notes or self.changes.fields)


@dataclass(frozen=True)
class Import:
    """What a file says.

    retimed: whether its notes are heard at other times than the review's timing says; then they are taken by their
    beats, and the file's timing is among what is offered
    shift: ticks, whole beats, that were added to its notes, for its beat 0 is another beat of the same music
    offered: fields of the song that the file has otherwise, ``{name: [ours, theirs]}``, as an edit of the song has them
    left_out: what was not taken, one line each; missing: charts under review that the file does not have
    """

    charts: tuple[ImportedChart, ...]
    retimed: bool
    shift: int
    offered: dict[str, list[Any]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    missing: tuple[OurChart, ...] = ()


def import_file(request: Mapping[str, Any], _data: Path, _tell: Tell) -> dict[str, Any]:
    """`read_import` for a worker: ``{data, name, fields, ours}`` -> ``{import}``."""
    return {"import": read_import(request["data"], request["name"], request["fields"], request["ours"])}


def read_import(data: bytes, name: str, fields: Mapping[str, Any], ours: Sequence[OurChart]) -> Import:
    """Set a simfile's dance-single charts beside those under review, by their difficulties.

    name: what the file is called, for its kind and to be blamed; fields: of the song, as `fields_json` has them
    Of several charts of one difficulty, such as Edits, those of one description belong together, or else they are
    taken in their order. Raises ChartError, TimingError or TooLarge that names the file.
    """
    path = Path(shown_name(name))
    if path.suffix.lower() not in SUFFIXES:
        raise ChartError(f"{path.name}: is no simfile; .ssc and .sm can be taken in")
    if len(data) > MOST_BYTES:
        raise TooLarge(
            f"{path.name}: has {len(data) / 1e6:.1f} MB; simfiles of up to {MOST_BYTES / 1e6:.0f} MB are taken"
        )
    song = _whole_song(data, path)
    if not song.charts:
        raise ChartError(f"{path.name}: holds no dance-single chart")
    timing = timing_of(fields["timing"])
    shift = _shift(timing, song)
    pairs, left_out = _paired(song.charts, ours)
    made = []
    for theirs, mine in pairs:
        chart, told = _ended(theirs)
        left_out += told
        try:
            made.append(_imported(chart, mine, shift or 0, is_sm=path.suffix.lower() == ".sm"))
        except ChartError as error:
            raise ChartError(f"{path.name}: {slot_label(chart.difficulty)}: {error}") from error
        own = None if mine.own_timing is None else timing_of(mine.own_timing)
        if (own or chart.timing) and not _same(own or timing, song.timing_of(chart), 0, _last(song)):
            left_out.append(
                f"{slot_label(chart.difficulty)}: its own timing, which differs; its notes are taken by beats"
            )
    offered = _offered(song, fields, shift)
    taken = {mine.id for _, mine in pairs}
    missing = tuple(mine for mine in ours if mine.id not in taken)
    return Import(tuple(made), shift is None, shift or 0, offered, tuple(_not_too_many(left_out)), missing)


def _not_too_many(lines: list[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[:_MOST_LINES], f"and {len(lines) - _MOST_LINES} more of the kind"]


def _whole_song(data: bytes, path: Path) -> Song:
    """The song of a file that is not damaged. Raises ChartError or TimingError that names the file."""
    text = text_of(data)[0]
    path = path.with_suffix(".ssc" if is_ssc(text) else path.suffix)
    charts = opened_simfile(data, path).charts
    ours = [chart for chart in charts if (chart.stepstype or "").strip() == STEPS_TYPE]
    try:
        check_whole(text, [" ".join((chart.difficulty or EDIT).split()).capitalize() for chart in ours])
    except ChartError as error:
        raise ChartError(f"{path.name}: {error}") from error
    song = parse_song(data, path)
    check_timings(song, path.name)
    return song


def _ended(chart: Chart) -> tuple[Chart, list[str]]:
    """The chart without holds that end nowhere; and what that costs, in lines."""
    notes = closed_holds(chart.notes)
    kept = set(notes)
    told = []
    for note in (note for note in chart.notes if note not in kept):
        what = "a hold that ends nowhere is a tap" if note.kind in HEADS else "the end of no hold is left out"
        told.append(f"{slot_label(chart.difficulty)}: measure {note.tick // TICKS_PER_MEASURE + 1}: {what}")
    return replace(chart, notes=notes), told


def without_fields(found: Import) -> Import:
    """The same without other meters and descriptions."""
    charts = tuple(replace(made, changes=replace(made.changes, fields={})) for made in found.charts)
    return replace(found, charts=charts)


def _imported(chart: Chart, mine: OurChart, shift: int, *, is_sm: bool) -> ImportedChart:
    """Raises ChartError for notes that no chart can have."""
    if len(chart.notes) > MOST_NOTES:
        raise ChartError(f"has {len(chart.notes)} notes; is it a chart for people?")
    notes = moved(notes_by_cell(notes_json(chart.notes)), shift)
    for note in note_values(notes):
        checked_note(note)
    fields: dict[str, tuple[Any, Any]] = {}
    meter = min(max(chart.meter, LOWEST_METER), HIGHEST_METER)
    if chart.meter != mine.meter != meter:
        fields["meter"] = (mine.meter, meter)
    # A .sm has one field for words, and editors put there what they like.
    if not is_sm and chart.description != mine.description:
        fields["description"] = (mine.description, chart.description)
    return ImportedChart(mine, Changes(between(mine.notes, notes), fields), compared(mine.notes, notes))


def _paired(theirs: Sequence[Chart], ours: Sequence[OurChart]) -> tuple[list[tuple[Chart, OurChart]], list[str]]:
    """Charts that belong together; and what has no partner, one line each."""
    pairs: list[tuple[Chart, OurChart]] = []
    left_out: list[str] = []
    free = list(ours)
    by_level: dict[Difficulty | None, list[Chart]] = {}
    for chart in theirs:
        by_level.setdefault(chart.difficulty, []).append(chart)
    for level, charts in by_level.items():
        rest = []
        for chart in charts:
            mine = next((each for each in free if _is_of(each, level) and each.description == chart.description), None)
            if mine is None or len(charts) == 1:
                rest.append(chart)
                continue
            free.remove(mine)
            pairs.append((chart, mine))
        for chart in rest:
            mine = next((each for each in free if _is_of(each, level)), None)
            if mine is None:
                left_out.append(f"{slot_label(level)} {chart.meter}: there is no such chart under review")
                continue
            free.remove(mine)
            pairs.append((chart, mine))
    return pairs, left_out


def _is_of(chart: OurChart, level: Difficulty | None) -> bool:
    return parse_slot(chart.slot) is level


def _shift(timing: Timing, song: Song) -> int | None:
    """Ticks from a note in the file to its place on our beats, where it is heard as in the file; None if nowhere."""
    # By whole beats: an offset that was nudged by a tick's worth of time is another timing, and no note shall leave its
    # place between the beats for it.
    beats = round(float(timing.ticks_at(-song.timing.offset)) / TICKS_PER_BEAT)
    for shift in dict.fromkeys((0, beats * TICKS_PER_BEAT)):
        if _same(timing, song.timing, shift, _last(song)):
            return shift
    return None


def _last(song: Song) -> int:
    return max((note.tick for chart in song.charts for note in chart.notes), default=0)


def _same(ours: Timing, theirs: Timing, shift: int, last: int) -> bool:
    """Whether what is on a tick of theirs is heard when what is on that tick + shift of ours is."""
    events = [event[0] for event in (*theirs.tempos, *theirs.stops, *theirs.delays, *theirs.warps)]
    ticks = np.unique([*range(0, last + TICKS_PER_MEASURE, TICKS_PER_MEASURE), *events])
    ticks = ticks[ticks + shift >= 0]
    both = ours.seconds_at(ticks + shift), theirs.seconds_at(ticks)
    same = np.array_equal(ours.hittable(ticks + shift), theirs.hittable(ticks))
    return bool(same and np.abs(both[0] - both[1]).max(initial=0.0) < _SAME_SECONDS)


def _offered(song: Song, fields: Mapping[str, Any], shift: int | None) -> dict[str, list[Any]]:
    theirs = fields_json(song)
    offered = {
        name: [fields[name], theirs[name]] for name in TEXT_FIELDS if theirs[name] and theirs[name] != fields[name]
    }
    if theirs["preview"] and not _near(theirs["preview"], fields["preview"]):
        offered["preview"] = [fields["preview"], theirs["preview"]]
    if shift is None:
        offered["timing"] = [fields["timing"], theirs["timing"]]
    return offered


def _near(one: Sequence[float], other: Sequence[float] | None) -> bool:
    return other is not None and all(abs(a - b) < _SAME_SECONDS for a, b in zip(one, other, strict=True))
