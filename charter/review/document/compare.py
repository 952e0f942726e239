"""What became of a chart's rows: which a person kept, moved, wrote anew, took away and put in.

A row is every note on one tick, mines too. One that stands on its tick as it was is kept; one on its tick with other
notes is rewritten. Of the rest, a row that is gone and a new one with the same notes (and lengths of holds), no more
than a beat away, are one that moved, the closest pairing off first. What is left was removed or added.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

from charter.notation import TICKS_PER_BEAT
from charter.review.document.changes import Notes

FARTHEST_MOVE = TICKS_PER_BEAT

_Row = tuple[tuple[int, str, int | None], ...]


@dataclass(frozen=True)
class Comparison:
    """Rows of one version that are found again in another, and those that are not; ticks, rising.

    moved: from where to where; removed, moved from: ticks of the one; the others: of the other
    """

    kept: tuple[int, ...]
    moved: tuple[tuple[int, int], ...]
    added: tuple[int, ...]
    removed: tuple[int, ...]
    rewritten: tuple[int, ...]

    def json(self) -> dict[str, Any]:
        """As plain values; of the kept rows their number."""
        return {
            "kept": len(self.kept),
            "moved": [list(pair) for pair in self.moved],
            "added": list(self.added),
            "removed": list(self.removed),
            "rewritten": list(self.rewritten),
        }


def compared(before: Notes, after: Notes) -> Comparison:
    """What became of ``before`` in ``after``; both on the same beat 0."""
    ours, theirs = _rows(before), _rows(after)
    both = ours.keys() & theirs.keys()
    kept = {tick for tick in both if ours[tick] == theirs[tick]}
    gone = {tick: ours[tick] for tick in sorted(ours.keys() - both)}
    new = {tick: theirs[tick] for tick in sorted(theirs.keys() - both)}
    moved = _moved(gone, new)
    return Comparison(
        kept=tuple(sorted(kept)),
        moved=tuple(sorted(moved.items())),
        added=tuple(sorted(new.keys() - set(moved.values()))),
        removed=tuple(sorted(gone.keys() - moved.keys())),
        rewritten=tuple(sorted(both - kept)),
    )


def _rows(notes: Notes) -> dict[int, _Row]:
    rows: dict[int, list[tuple[int, str, int | None]]] = {}
    for cell, symbol in sorted(notes.items()):
        length = None if symbol.end is None else symbol.end - cell.tick
        rows.setdefault(cell.tick, []).append((cell.panel, symbol.kind, length))
    return {tick: tuple(row) for tick, row in rows.items()}


def _moved(gone: dict[int, _Row], new: dict[int, _Row]) -> dict[int, int]:
    """From where to where rows moved; both by rising ticks."""
    places: dict[_Row, list[int]] = {}
    for tick, row in new.items():
        places.setdefault(row, []).append(tick)
    pairs = []
    for tick, row in gone.items():
        near = places.get(row, [])
        first, last = bisect_left(near, tick - FARTHEST_MOVE), bisect_right(near, tick + FARTHEST_MOVE)
        pairs += [(abs(there - tick), tick, there) for there in near[first:last]]
    moved: dict[int, int] = {}
    taken: set[int] = set()
    for _, tick, there in sorted(pairs):
        if tick not in moved and there not in taken:
            moved[tick] = there
            taken.add(there)
    return moved
