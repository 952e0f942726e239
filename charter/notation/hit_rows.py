"""The rows of a chart that have to be hit and can be, with what is held through them."""

from typing import NamedTuple

from charter.notation.chart import HEADS, PANELS, Chart, Note, NoteKind
from charter.notation.timing import Timing


class HitRow(NamedTuple):
    """A row that has to be hit.

    hits: its taps and its heads of holds and rolls, by panel
    held: panels on which an earlier hold lasts through this row
    mined: panels with a mine behind the row before, up to this one
    """

    tick: int
    second: float
    hits: tuple[Note, ...]
    held: frozenset[int]
    mined: frozenset[int] = frozenset()

    @property
    def panels(self) -> tuple[int, ...]:
        """The panels that are hit, left to right as in the file."""
        return tuple(note.panel for note in self.hits)

    @property
    def starts(self) -> frozenset[int]:
        """The panels on which a hold or roll starts."""
        return frozenset(note.panel for note in self.hits if note.kind in HEADS)

    @property
    def is_jump(self) -> bool:
        """Whether it takes more than one foot."""
        return len(self.hits) > 1


def hit_rows(chart: Chart, timing: Timing) -> list[HitRow]:
    """A chart's onsets with what is hit and held, in order.

    A hold lasts until a tail, or until its panel is hit again. One that begins in a warp is held after it all the same.
    Notes on panels that there are not are passed over.
    """
    ticks = chart.hit_ticks(timing)
    seconds = dict(zip(ticks, timing.seconds_at(ticks).tolist(), strict=True))
    held: set[int] = set()
    mined: set[int] = set()
    rows = []
    for row in chart.rows():
        notes = [note for note in row.notes if 0 <= note.panel < PANELS]
        hits = tuple(note for note in notes if note.kind.is_hit)
        held -= {note.panel for note in notes if note.kind is NoteKind.TAIL} | {note.panel for note in hits}
        mined |= {note.panel for note in notes if note.kind is NoteKind.MINE}
        if hits and row.tick in seconds:
            rows.append(HitRow(row.tick, seconds[row.tick], hits, frozenset(held), frozenset(mined)))
            mined.clear()
        held |= {note.panel for note in hits if note.kind in HEADS}
    return rows
