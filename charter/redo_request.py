"""What is asked of a passage that is written anew, and whether the chart can give it."""

from collections.abc import Sequence
from dataclasses import dataclass

from charter.decode.rules import StepRules
from charter.errors import RequestError
from charter.notation import (
    TICKS_PER_BEAT,
    Chart,
    Difficulty,
    Note,
    NoteKind,
    Passage,
    Timing,
    paired_holds,
    sorted_notes,
    to_beat,
)
from charter.notation.rules import violations


@dataclass(frozen=True)
class RedoRequest:
    """What to write anew.

    difficulty: None for the first Edit; locks: the rows on these ticks stay
    keep_rows: the rows fall where they fell, only their steps are new
    rules: None for those of the difficulty
    """

    difficulty: Difficulty | None
    passage: Passage
    locks: tuple[Passage, ...] = ()
    keep_rows: bool = False
    seed: int = 0
    rules: StepRules | None = None

    def __post_init__(self) -> None:
        """Raises RequestError for a passage or locks that make no sense."""
        start, end = self.passage
        if start < 0:
            raise RequestError(f"the passage starts on beat {_beat(start)}; the first beat is 0")
        if start >= end:
            raise RequestError(f"the passage ends on beat {_beat(end)}, no later than it starts ({_beat(start)})")
        outside = next((lock for lock in self.locks if lock.start < start or lock.end > end), None)
        if outside is not None:
            raise RequestError(
                f"beat {_beat(outside.start if outside.start < start else outside.end - 1)} is locked, but the passage "
                f"goes from {_beat(start)} to {_beat(end)}; all outside of it stays anyway"
            )
        if self.seed < 0:
            raise RequestError(f"the seed is {self.seed}; it must be 0 or more")


def check_within(chart: Chart, timing: Timing, passage: Passage, seconds: float) -> None:
    """seconds: of music. Raises RequestError for a passage that ends behind the notes and the music."""
    end = max(max((note.tick for note in chart.notes), default=0), int(timing.ticks_at(seconds)))
    if passage.end > end + TICKS_PER_BEAT:
        raise RequestError(
            f"the passage ends on beat {_beat(passage.end)}, and the song on beat {end / TICKS_PER_BEAT:.0f}"
        )


def kept_notes(chart: Chart, request: RedoRequest, timing: Timing) -> tuple[Note, ...]:
    """Notes within the passage that stay: locked rows with their tails, and the ends of holds that cross a seam."""
    rows = {note.tick for note in chart.notes if note.kind is not NoteKind.TAIL}
    locks: set[int] = set()
    for lock in request.locks:
        locked = {tick for tick in rows if lock.holds(tick)}
        if not locked:
            near = min(rows, key=lambda tick: abs(tick - lock.start), default=None)
            hint = f"; the nearest is on beat {_beat(near)}" if near is not None else ""
            raise RequestError(f"no row stands on beat {_beat(lock.start)} to be locked{hint}")
        locks |= locked
    kept = [note for note in chart.notes if note.tick in locks and note.kind is not NoteKind.TAIL]
    for head, tail in paired_holds(chart.notes):
        crosses = request.passage.holds(head.tick) != request.passage.holds(tail.tick)
        if crosses or head.tick in locks:
            kept += [head, tail]
    within = sorted_notes({note for note in kept if request.passage.holds(note.tick)})
    _check_locks(within, chart, request, timing)
    return within


def _check_locks(kept: Sequence[Note], chart: Chart, request: RedoRequest, timing: Timing) -> None:
    """Raises RequestError for locks that cannot stand together."""
    around = [note for note in chart.notes if not request.passage.holds(note.tick)]
    broken = violations(Chart(None, 1, sorted_notes([*around, *kept])), timing)
    inside = next((each for each in broken if request.passage.holds(each.tick)), None)
    if inside is not None and request.locks:
        raise RequestError(f"the locked rows contradict each other on beat {_beat(inside.tick)}: {inside.message}")


def _beat(tick: int) -> str:
    return f"{float(to_beat(tick)):g}"
