"""Notes as the text of measures."""

from collections.abc import Sequence
from itertools import groupby

from charter.errors import ChartError
from charter.notation import PANELS, TICKS_PER_MEASURE, Note, sorted_notes, to_beat

STEPS_TYPE = "dance-single"

# What StepMania's editor writes; each divides the 192 ticks of a measure.
_ROWS_PER_MEASURE = (4, 8, 12, 16, 24, 32, 48, 64, 96, 192)
_EMPTY = "0"
# Of a measure that is rewritten: two measures, or an old row and a new one, may have no common grid that fits memory.
MOST_ROWS = 9216


def note_data(notes: Sequence[Note]) -> str:
    """The measures up to the last note, each on its coarsest grid, with commas between them.

    An empty measure is written in full: readers swallow one that is nothing but its comma, and all later notes with
    it come too early. Raises ChartError for a note that has no place in the text.
    """
    _check(notes)
    by_measure = groupby(sorted_notes(notes), lambda note: note.tick // TICKS_PER_MEASURE)
    measures = {index: list(group) for index, group in by_measure}
    return ",\n".join(_measure(measures.get(index, [])) for index in range(max(measures, default=0) + 1))


def _check(notes: Sequence[Note]) -> None:
    taken = set()
    for note in notes:
        place = f"the note on beat {float(to_beat(note.tick)):g}, panel {note.panel}"
        if note.tick < 0:
            raise ChartError(f"{place} stands before beat 0, where a simfile has no rows")
        if not 0 <= note.panel < PANELS:
            raise ChartError(f"{place} is on no panel of dance-single (0 to {PANELS - 1})")
        if note[:2] in taken:
            raise ChartError(f"{place} is there twice")
        taken.add(note[:2])


def _measure(notes: Sequence[Note]) -> str:
    places = [(note.tick % TICKS_PER_MEASURE, note) for note in notes]
    count = next(n for n in _ROWS_PER_MEASURE if all(place % (TICKS_PER_MEASURE // n) == 0 for place, _ in places))
    rows = [[_EMPTY] * PANELS for _ in range(count)]
    for place, note in places:
        rows[place // (TICKS_PER_MEASURE // count)][note.panel] = note.kind.value
    return "".join("".join(row) + "\n" for row in rows)
