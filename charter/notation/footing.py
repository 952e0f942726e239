"""Which foot takes which panel: the cheapest way two feet can dance a chart, row by row.

The method is step parity (Michael Votaw's, as in ITGmania): every row is hit by one of few steps of the feet, each has
a cost that depends on the stance before, and dynamic programming keeps the cheapest way to every stance.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from charter.notation.difficulty import Difficulty
from charter.notation.hit_rows import HitRow
from charter.notation.pad import Foot, facing
from charter.notation.stances import AT_REST, COSTS, Demand, Stance, Step, Tech, feet_of, is_quick

_TIE = 1e-6


class RowFooting(NamedTuple):
    """How one row is danced.

    left, right: the panels under the feet behind the row; moved: bits of the feet that hit it (1 left, 2 right)
    techs: what it asks; facing: degrees that the body is turned to the right of the screen, -180 to 180
    is_ambiguous: another foot would do as well
    """

    tick: int
    second: float
    left: Foot
    right: Foot
    moved: int
    techs: frozenset[Tech]
    facing: float
    is_ambiguous: bool


class Annotated(NamedTuple):
    """A chart's cheapest footing: its cost, and every row."""

    cost: float
    rows: tuple[RowFooting, ...]


class _Edge(NamedTuple):
    """A step from a stance. cost: its own; total: with the cheapest way to the stance."""

    before: Stance
    step: Step
    cost: float
    total: float


def annotate(rows: Sequence[HitRow], difficulty: Difficulty | None) -> Annotated:
    """The cheapest footing of a chart's rows, by the costs of its difficulty; linear in the rows."""
    costs = COSTS[difficulty]
    feet = feet_of(costs)
    best: dict[Stance, float] = {AT_REST: 0.0}
    layers: list[list[_Edge]] = []
    for place in range(len(rows)):
        demand, seconds = row_demand(rows, place), elapsed(rows, place)
        of_width, of_jack = costs.of_width(seconds), costs.of_jack(seconds)
        edges = []
        reached: dict[Stance, float] = {}
        for stance, before in best.items():
            for step in feet.steps(stance, demand):
                cost = step.cost(of_width, of_jack)
                total = before + cost
                edges.append(_Edge(stance, step, cost, total))
                if total < reached.get(step.stance, math.inf):
                    reached[step.stance] = total
        layers.append(edges)
        best = reached
    return _traced(rows, layers, best)


def row_demand(rows: Sequence[HitRow], place: int) -> Demand:
    """What one of a chart's rows asks."""
    row = rows[place]
    before = rows[place - 1] if place else None
    held = _mask(row.held)
    was_held = _mask(before.held | before.starts) if before else 0
    return Demand(_mask(row.panels), held, was_held & ~held, _mask(row.mined), is_quick(elapsed(rows, place)))


def elapsed(rows: Sequence[HitRow], place: int) -> float:
    """Seconds since the row before, at least a millisecond; a second for the first row."""
    return max(rows[place].second - rows[place - 1].second, 1e-3) if place else 1.0


def _traced(rows: Sequence[HitRow], layers: Sequence[Sequence[_Edge]], ends: Mapping[Stance, float]) -> Annotated:
    """The cheapest path, found from its end; what the rest of the chart costs from each stance shows what ties."""
    cost = min(ends.values())
    stance = min(ends, key=lambda end: ends[end])
    rest = dict.fromkeys(ends, 0.0)
    danced: list[RowFooting] = []
    for row, edges in zip(reversed(rows), reversed(layers), strict=True):
        taken = min((edge for edge in edges if edge.step.stance == stance), key=lambda edge: edge.total)
        before: dict[Stance, float] = {}
        ties = False
        for edge in edges:
            behind = rest[edge.step.stance]
            ties = ties or (
                edge.total + behind <= cost + _TIE
                and (edge.step.moved, edge.step.stance) != (taken.step.moved, taken.step.stance)
                and _hit_otherwise(edge.step, taken.step)
            )
            whole = edge.cost + behind
            if whole < before.get(edge.before, math.inf):
                before[edge.before] = whole
        step = taken.step
        danced.append(
            RowFooting(
                row.tick,
                row.second,
                step.stance.left,
                step.stance.right,
                step.moved,
                step.techs,
                facing(step.stance.left, step.stance.right),
                ties,
            )
        )
        stance, rest = taken.before, before
    return Annotated(cost, tuple(reversed(danced)))


def _hit_otherwise(one: Step, other: Step) -> bool:
    """Whether two steps hit a row with other feet: where the resting foot stands does not matter."""
    if one.moved != other.moved:
        return True
    return bool(one.moved & 1 and one.stance.left != other.stance.left) or bool(
        one.moved & 2 and one.stance.right != other.stance.right
    )


def _mask(panels: Iterable[int]) -> int:
    return sum(1 << panel for panel in panels)
