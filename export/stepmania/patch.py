"""Other notes for one passage of one chart of a simfile, every other byte of the file as it was.

A measure that the passage lies in is written anew as a whole, without the comments between its rows.
"""

import math
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from charter.errors import ChartError
from charter.notation import PANELS, TICKS_PER_MEASURE, Note, Passage
from export.stepmania.changes import Change
from export.stepmania.chart_places import chart_places
from export.stepmania.fields import Field, line_end, text_of
from export.stepmania.note_data import MOST_ROWS, STEPS_TYPE

_ROW = re.compile(rf"[0-9A-Za-z]{{{PANELS}}}")
_EMPTY = "0"


def steps_types(data: bytes) -> list[str]:
    """The steps type of every chart of a simfile, in file order."""
    return [place.steps_type for place in chart_places(text_of(data)[0])]


def patched(data: bytes, number: int, passage: Passage, kept: Collection[Note], new: Collection[Note]) -> bytes:
    """The file with other notes in a passage.

    number: of the chart among the dance-single charts, from 0; kept: notes within the passage that stay
    Raises ChartError for a chart whose measures cannot be rewritten.
    """
    text, encoding = text_of(data)
    charts = [place.notes for place in chart_places(text) if place.steps_type == STEPS_TYPE]
    if number >= len(charts):
        raise ChartError("its charts are laid out in a way that cannot be rewritten")
    notes = charts[number]
    changed = list(_measures(text, notes))
    line = line_end(text[notes.start : notes.end])
    last = max((note.tick for note in new), default=0) // TICKS_PER_MEASURE
    for index in range(min(passage.start // TICKS_PER_MEASURE, len(changed)), len(changed)):
        if index * TICKS_PER_MEASURE < passage.end:
            changed[index] = _rewritten(changed[index], index, passage, kept, new)
    for index in range(len(changed), last + 1):
        changed[-1] = changed[-1] if changed[-1].endswith("\n") else changed[-1] + line
        changed.append(_rewritten(line + (_EMPTY * PANELS + line) * 4, index, passage, kept, new))
    return (text[: notes.start] + ",".join(changed) + text[notes.end :]).encode(encoding)


def note_edits(text: str, field: Field, before: Sequence[Note], after: Sequence[Note]) -> Iterator[Change]:
    """Where the text of a simfile changes for one chart to have other notes.

    field: the chart's note data; before, after: its notes, in file order. A measure whose notes stay is not touched;
    one that changes keeps its grid where that has room. Raises ChartError for measures that cannot be rewritten.
    """
    old, new = _by_measure(before), _by_measure(after)
    line = line_end(text[field.start : field.end])
    at, count = field.start, 0
    measure = ""
    for index, measure in enumerate(_measures(text, field)):
        if old.get(index, []) != new.get(index, []):
            yield Change(at, at + len(measure), _replaced(measure, index, new.get(index, [])))
        at, count = at + len(measure) + 1, index + 1
    last = max(new, default=-1)
    if last >= count:
        end = "" if measure.endswith(("\r", "\n")) or not measure else line
        blank = line + (_EMPTY * PANELS + line) * 4
        more = [_replaced(blank, index, new.get(index, [])) for index in range(count, last + 1)]
        yield Change(field.end, field.end, end + "".join("," + each for each in more))


def _by_measure(notes: Sequence[Note]) -> dict[int, list[Note]]:
    return {index: list(each) for index, each in groupby(notes, lambda note: note.tick // TICKS_PER_MEASURE)}


def _replaced(measure: str, index: int, notes: Sequence[Note]) -> str:
    """A measure with these notes alone."""
    if any(note.panel >= PANELS for note in notes):
        raise ChartError(f"measure {index + 1} holds a note on no panel of {STEPS_TYPE}")
    first = index * TICKS_PER_MEASURE
    old = max(len(_row_places(_lines(measure))), 1)
    needed = [TICKS_PER_MEASURE // math.gcd(TICKS_PER_MEASURE, note.tick - first) for note in notes]
    fits = TICKS_PER_MEASURE % old == 0 and all(old % each == 0 for each in needed)
    grid = old if fits else math.lcm(4, *needed)
    rows = [[_EMPTY] * PANELS for _ in range(grid)]
    for note in notes:
        rows[(note.tick - first) * grid // TICKS_PER_MEASURE][note.panel] = note.kind.value
    return _laid_out(measure, index, ["".join(row) for row in rows])


def _row_places(lines: Sequence[str]) -> list[int]:
    """Which lines of a measure hold its rows."""
    return [place for place, line in enumerate(lines) if _split_comment(line)[0].strip()]


def _lines(text: str) -> list[str]:
    """The lines with their ends: a comment may hold characters that Python would split at."""
    return re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+", text)


def _measures(text: str, notes: Field) -> Iterator[str]:
    """The measures with all that stands around their rows, without the commas between them."""
    measure = ""
    for line in _lines(text[notes.start : notes.end]):
        rows, comment = _split_comment(line)
        *whole, rest = rows.split(",")
        for part in whole:
            yield measure + part
            measure = ""
        measure += rest + comment
    yield measure


def _split_comment(line: str) -> tuple[str, str]:
    place = line.find("//")
    return (line, "") if place < 0 else (line[:place], line[place:])


def _rewritten(measure: str, index: int, passage: Passage, kept: Collection[Note], new: Collection[Note]) -> str:
    """A measure with other notes where it lies in the passage; untouched if they are the same."""
    rows = _checked_rows(measure, index)
    first = index * TICKS_PER_MEASURE
    here = [note for note in new if first <= note.tick < first + TICKS_PER_MEASURE]
    changed = _rows(rows or [_EMPTY * PANELS], first, passage, {note[:2] for note in kept}, here)
    return measure if changed == rows else _laid_out(measure, index, changed)


def _checked_rows(measure: str, index: int) -> list[str]:
    lines = _lines(measure)
    rows = [_split_comment(lines[place])[0].strip() for place in _row_places(lines)]
    wrong = next((row for row in rows if not _ROW.fullmatch(row)), None)
    if wrong is not None:
        raise ChartError(f"measure {index + 1} holds {wrong[:20]!r}, which is no row of {PANELS} panels")
    return rows


def _laid_out(measure: str, index: int, changed: Sequence[str]) -> str:
    """A measure with other rows, and what stood before and behind its rows."""
    _checked_rows(measure, index)
    lines = _lines(measure)
    places = _row_places(lines)
    end = line_end(measure)
    head, tail = (lines[: places[0]], lines[places[-1] + 1 :]) if places else (lines, [])
    before = "".join(head)
    if before and not before.endswith("\n"):
        before += end
    return before + "".join(row + end for row in changed) + "".join(tail)


def _rows(
    rows: Sequence[str], first: int, passage: Passage, kept: Collection[tuple[int, int]], new: Sequence[Note]
) -> list[str]:
    """The rows of a measure on a grid that has room for the old ones outside the passage and the new ones in it."""
    grid = len(rows)
    for note in new:
        grid = math.lcm(grid, TICKS_PER_MEASURE // math.gcd(TICKS_PER_MEASURE, note.tick - first))
    if grid > max(len(rows), MOST_ROWS):
        raise ChartError(f"measure {first // TICKS_PER_MEASURE + 1} has {len(rows)} rows, and no room for another")
    changed = [[_EMPTY] * PANELS for _ in range(grid)]
    for place, row in enumerate(rows):
        tick = first + round(place * TICKS_PER_MEASURE / len(rows))
        for panel, character in enumerate(row):
            if not passage.holds(tick) or (tick, panel) in kept:
                changed[place * grid // len(rows)][panel] = character
    for note in new:
        changed[(note.tick - first) * grid // TICKS_PER_MEASURE][note.panel] = note.kind.value
    return ["".join(row) for row in changed]
