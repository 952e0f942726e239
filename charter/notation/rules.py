"""What breaks the format of a chart, whatever one thinks of the chart."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from charter.notation.chart import HEADS, PANELS, Chart, Note, NoteKind, sorted_notes
from charter.notation.timing import Timing


class Violation(NamedTuple):
    """One broken rule: where (panel None: the whole row, or the whole chart at tick 0), and what is wrong."""

    tick: int
    panel: int | None
    message: str


def violations(chart: Chart, timing: Timing) -> list[Violation]:
    """Every broken rule of the format in a chart, by tick; ``timing`` is the one the chart is played with."""
    found = [*_meter(chart), *_places(chart.notes), *_order(chart.notes), *_holds(chart.notes, timing)]
    return sorted(found, key=lambda violation: violation.tick)


def _meter(chart: Chart) -> Iterator[Violation]:
    if chart.meter < 1:
        yield Violation(0, None, f"the meter is {chart.meter}; it must be at least 1")


def _places(notes: Sequence[Note]) -> Iterator[Violation]:
    for (tick, panel), count in Counter((note.tick, note.panel) for note in notes).items():
        if tick < 0:
            yield Violation(tick, panel, "a note stands before beat 0")
        if not 0 <= panel < PANELS:
            yield Violation(tick, panel, f"there is no panel {panel}; there are 0 to {PANELS - 1}")
        if count > 1:
            yield Violation(tick, panel, f"{count} notes stand on one panel at once")


def _order(notes: Sequence[Note]) -> Iterator[Violation]:
    for before, after in pairwise(notes):
        if after[:2] < before[:2]:
            yield Violation(after.tick, after.panel, "a note is out of order: notes go by tick, then by panel")


def _holds(notes: Sequence[Note], timing: Timing) -> Iterator[Violation]:
    open_heads: dict[int, Note] = {}
    for note in sorted_notes(notes):
        head = open_heads.get(note.panel)
        if note.kind is NoteKind.TAIL:
            if head is None:
                yield Violation(note.tick, note.panel, "a tail has no head")
            elif _lasts_no_time(head, note, timing):
                yield Violation(head.tick, head.panel, "a hold lasts 0 s")
            open_heads.pop(note.panel, None)
            continue
        if head is not None and note.tick > head.tick:
            yield Violation(note.tick, note.panel, "a note stands inside a hold on its own panel")
        if note.kind in HEADS:
            if head is not None:
                yield _tailless(head)
            open_heads[note.panel] = note
    yield from map(_tailless, open_heads.values())


def _tailless(head: Note) -> Violation:
    return Violation(head.tick, head.panel, "a hold or roll has no tail")


def _lasts_no_time(head: Note, tail: Note, timing: Timing) -> bool:
    """Whether a hold that has to be held is over as it begins; one inside a warp is only there to be seen."""
    if not timing.hittable(head.tick):
        return False
    start, end = timing.seconds_at([head.tick, tail.tick])
    return bool(end <= start)
