"""A simple model of two feet, fixed so that figures stay comparable; it judges charts and does not write them.

Conventions
    Feet begin on left and right and like to alternate. The path of least cost over the whole chart is taken: the same
    foot on another panel costs 10, a foot on the far side 6, changing feet on one panel 8, lifting off a hold 30.

Metrics
    double-steps   one foot steps twice in a row on different panels, while the other is free
    crossovers     rows that put the left foot on the right panel, or the right foot on the left one
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from charter.metrics.onsets import HitRow

_LEFT_FOOT, _RIGHT_FOOT = 0, 1
_LEFT_PANEL, _RIGHT_PANEL = 0, 3
_DOUBLE_STEP, _CROSSED, _SWAPPED, _LIFTED = 10, 6, 8, 30


class FootCounts(NamedTuple):
    """What the feet do on their cheapest path."""

    double_steps: int
    crossovers: int


class _Stance(NamedTuple):
    left: int  # panel
    right: int  # panel
    stepped: int | None  # the foot of the last row; None before the first one and after a jump

    def at(self, foot: int) -> int:
        return self.right if foot == _RIGHT_FOOT else self.left


class _Path(NamedTuple):
    """Ordered by cost; of equal paths the one that looks better is kept."""

    cost: int
    double_steps: int
    crossovers: int


def count_feet(rows: Sequence[HitRow]) -> FootCounts:
    """Double-steps and crossovers of the rows, on the cheapest path through all of them."""
    paths = {_Stance(_LEFT_PANEL, _RIGHT_PANEL, None): _Path(0, 0, 0)}
    for row in rows:
        reached: dict[_Stance, _Path] = {}
        for stance, path in paths.items():
            for after in _stances(row, stance):
                longer = _extended(path, row, stance, after)
                if after not in reached or longer < reached[after]:
                    reached[after] = longer
        paths = reached
    best = min(paths.values())
    return FootCounts(best.double_steps, best.crossovers)


def _stances(row: HitRow, before: _Stance) -> Iterator[_Stance]:
    first, last = row.panels[0], row.panels[-1]
    if row.is_jump:
        yield _Stance(first, last, None)
        yield _Stance(last, first, None)
    else:
        yield _Stance(first, before.right, _LEFT_FOOT)
        yield _Stance(before.left, first, _RIGHT_FOOT)


def _extended(path: _Path, row: HitRow, before: _Stance, after: _Stance) -> _Path:
    foot = after.stepped
    moved = (_LEFT_FOOT, _RIGHT_FOOT) if foot is None else (foot,)
    crossed = (_LEFT_FOOT in moved and after.left == _RIGHT_PANEL) + (
        _RIGHT_FOOT in moved and after.right == _LEFT_PANEL
    )
    double = swapped = False
    if foot is not None:
        panel = row.panels[0]
        other = before.at(1 - foot)
        double = before.stepped == foot and before.at(foot) != panel and other not in row.held
        swapped = before.stepped != foot and other == panel
    lifted = sum(before.at(foot) in row.held for foot in moved)
    cost = _DOUBLE_STEP * double + _CROSSED * crossed + _SWAPPED * swapped + _LIFTED * lifted
    return _Path(path.cost + cost, path.double_steps + double, path.crossovers + (crossed > 0))
