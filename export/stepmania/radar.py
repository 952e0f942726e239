"""The groove radar: what StepMania shows of a chart at a glance.

Counted as the game does (its ``CalculateRadarValues``), which counts anew on loading; sm-ssc, its first version with
`.ssc`, believes the values that are written there, and so do other readers of the file.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.notation import HEADS, HITS, TICKS_PER_BEAT, Chart, Note, NoteKind, Row, Timing, paired_holds

_NOTES = HITS | {NoteKind.LIFT}
_WINDOW_BEATS = 8
_HAND = 3  # panels at once


class RadarValues(NamedTuple):
    """The 14 categories in file order: five rates without unit, then counts."""

    stream: float
    voltage: float
    air: float
    freeze: float
    chaos: float
    notes: int
    taps_and_holds: int
    jumps: int
    holds: int
    mines: int
    hands: int
    rolls: int
    lifts: int
    fakes: int


def radar_values(chart: Chart, timing: Timing, duration: float) -> RadarValues:
    """The radar of a chart whose music lasts ``duration`` seconds (0 where unknown: the rates are then 0)."""
    rows = _rows_without_tails(chart)
    hittable = timing.hittable([row.tick for row in rows])
    judged = [row for row, can in zip(rows, hittable, strict=True) if can]
    kinds = Counter(note.kind for row in judged for note in row.notes)
    sizes = [sum(note.kind in _NOTES for note in row.notes) for row in judged]
    notes, jumps, holds = sum(sizes), sum(size > 1 for size in sizes), kinds[NoteKind.HOLD]
    # The game asks of chaos only how fine a row's place is, hittable or not.
    fine_rows = sum(row.tick % (TICKS_PER_BEAT // 2) != 0 for row in rows)
    seconds = duration if duration > 0 else np.inf
    beats = chart.notes[-1].tick / TICKS_PER_BEAT if chart.notes else 0.0
    peak = _busiest_window(np.repeat([row.tick for row in judged], sizes))
    return RadarValues(
        stream=notes / seconds / 7,
        voltage=peak / _WINDOW_BEATS * (beats / seconds) / 10,
        air=jumps / seconds,
        freeze=holds / seconds,
        chaos=fine_rows / seconds * 0.5,
        notes=notes,
        taps_and_holds=sum(size > 0 for size in sizes),
        jumps=jumps,
        holds=holds,
        mines=kinds[NoteKind.MINE],
        hands=_hands(judged, _hold_ends(chart.notes)),
        rolls=kinds[NoteKind.ROLL],
        lifts=kinds[NoteKind.LIFT],
        fakes=kinds[NoteKind.FAKE] + sum(len(row.notes) for row, can in zip(rows, hittable, strict=True) if not can),
    )


def _rows_without_tails(chart: Chart) -> list[Row]:
    """The rows as the game sees them: there a hold's end belongs to its head."""
    rows = (Row(row.tick, tuple(n for n in row.notes if n.kind is not NoteKind.TAIL)) for row in chart.rows())
    return [row for row in rows if row.notes]


def _busiest_window(ticks: NDArray[np.int_]) -> int:
    """Most notes within eight beats up to a note, given the ticks of the notes in order."""
    if not len(ticks):
        return 0
    first = np.searchsorted(ticks, ticks - _WINDOW_BEATS * TICKS_PER_BEAT, side="left")
    return int((np.searchsorted(ticks, ticks, side="right") - first).max())


def _hold_ends(notes: Sequence[Note]) -> dict[Note, int]:
    """The tick on which each hold or roll ends, by its head; without a tail, its own."""
    own = {note: note.tick for note in notes if note.kind in HEADS}
    return own | {head: tail.tick for head, tail in paired_holds(notes)}


def _hands(rows: Sequence[Row], ends: dict[Note, int]) -> int:
    """Rows on which three or more panels are hit or still held."""
    held_until: dict[int, int] = {}
    hands = 0
    for row in rows:
        held = sum(end >= row.tick for end in held_until.values())
        hands += held + sum(note.kind in _NOTES for note in row.notes) >= _HAND
        held_until |= {note.panel: ends[note] for note in row.notes if note in ends}
    return hands
