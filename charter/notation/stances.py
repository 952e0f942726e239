"""What two feet can do: stances, the steps between them, what these ask of a dancer and what they cost.

The costs are in one table; what they weigh has the field's names (`Tech`). `footing` finds the cheapest way through a
chart.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from charter.notation.difficulty import Difficulty
from charter.notation.pad import FAR_PANEL, FOOT_ON, IN_THE_AIR, LEFT, RIGHT, Foot, depth, travelled, turned_away

MOST_PANELS = 2  # that two feet hit or hold without a bracket


class Tech(Enum):
    """What a row asks of the feet; the value is the word for people."""

    JACK = "jack"  # the foot that hit a panel hits it again
    FOOTSWITCH = "footswitch"  # the other foot hits the panel that one stands on: down or up
    SIDESWITCH = "sideswitch"  # likewise left or right
    HALF_CROSSOVER = "half crossover"  # a foot on its far panel, across the other on down or up
    FULL_CROSSOVER = "full crossover"  # a foot on its far panel, the other on its own far panel
    BRACKET = "bracket"  # one foot hits two panels, or one while it holds another
    CANDLE = "candle"  # a foot goes from up to down, or back, past the other
    DOUBLE_STEP = "double-step"  # one foot steps twice in a row on different panels, the other free
    SPIN = "spin"  # from facing away on one side to facing away on the other
    TWIST = "twisted foot"  # a bracket while the feet are crossed
    HAND = "hand"  # more than two panels at once
    HOLD_SWITCH = "hold switch"  # the other foot takes over a hold
    UNREACHABLE = "unreachable row"  # a foot would have to be faster than feet are


CROSSOVERS = frozenset({Tech.HALF_CROSSOVER, Tech.FULL_CROSSOVER})
SWITCHES = frozenset({Tech.FOOTSWITCH, Tech.SIDESWITCH})


@dataclass(frozen=True)
class FootingCosts:
    """What the facts of a placement cost; the cheapest sum is taken.

    distance: per panel's width, over the seconds since the row before
    facing: for a whole turn away from the screen; a part of it costs its 1.8th power
    jack: times (1/seconds - 1/`FREE_JACK_SECONDS`), where that is positive
    switch: of a foot- or sideswitch that no mine marks; marked_jack: of a jack where a mine marks a switch
    unreachable: above `FASTEST_FOOT`
    """

    distance: float = 6.0
    facing: float = 200.0
    double_step: float = 850.0
    jack: float = 20.0
    switch: float = 325.0
    marked_jack: float = 500.0
    bracket: float = 400.0
    spin: float = 1000.0
    twist: float = 5000.0
    hold_switch: float = 600.0
    unreachable: float = 2000.0

    def of_width(self, seconds: float) -> float:
        """What each panel's width costs, so long after the row before."""
        return self.distance / seconds

    def of_jack(self, seconds: float) -> float:
        """What a jack costs, so long after the row before."""
        return self.jack * max(0.0, 1 / seconds - 1 / FREE_JACK_SECONDS)


FREE_JACK_SECONDS = 0.15  # a jack as slow as this costs nothing
FASTEST_FOOT = 17.0  # panels' widths per second, of a foot that has just stepped: an eighth's diagonal in 16ths at 180

# One table for every reader of charts. Those who dance easy charts repeat a foot rather than cross, switch or bracket.
_EASY = FootingCosts(facing=600.0, switch=1000.0, bracket=1000.0)
COSTS: Mapping[Difficulty | None, FootingCosts] = MappingProxyType(
    {
        Difficulty.BEGINNER: _EASY,
        Difficulty.EASY: _EASY,
        Difficulty.MEDIUM: replace(_EASY, facing=300.0, switch=600.0, bracket=600.0),
        Difficulty.HARD: FootingCosts(),
        Difficulty.CHALLENGE: FootingCosts(),
        None: FootingCosts(),
    }
)


class Stance(NamedTuple):
    """Where the feet are, and which of them hit the last row (bits: 1 left, 2 right; 0 before the first row)."""

    left: Foot
    right: Foot
    stepped: int


AT_REST = Stance((0,), (3,), 0)


class Step(NamedTuple):
    """One way to hit a row.

    stance: behind it; moved: bits of the feet that hit it; techs: what it is
    fixed: what it costs whatever the time; width: how far the feet go, in panels' widths; again: a jack
    """

    stance: Stance
    moved: int
    techs: frozenset[Tech]
    fixed: float
    width: float
    again: bool

    def cost(self, of_width: float, of_jack: float) -> float:
        """The whole cost, where `FootingCosts.of_width` and `FootingCosts.of_jack` are these."""
        whole = self.fixed + of_width * self.width
        return whole + of_jack if self.again else whole


class Demand(NamedTuple):
    """What a row asks, as bit masks of panels.

    hits: to be hit; held: holds that last through it; freed: holds of the row before that do not
    mined: panels with a mine since the row before; is_quick: too soon behind the row before for a foot's diagonal
    """

    hits: int
    held: int = 0
    freed: int = 0
    mined: int = 0
    is_quick: bool = False


class Feet:
    """The steps that there are from a stance, priced by one set of costs."""

    def __init__(self, costs: FootingCosts) -> None:
        self.costs = costs
        self._known: dict[tuple[Stance, Demand], tuple[Step, ...]] = {}

    def steps(self, stance: Stance, demand: Demand) -> tuple[Step, ...]:
        """Every way to hit a row; there is always one, with two brackets if need be."""
        key = (stance, demand)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(map(self._priced, _unpriced_steps(stance, demand)))
        return found

    def _priced(self, step: "_Unpriced") -> Step:
        fixed = sum(times * float(getattr(self.costs, name)) for name, times in step.charges)
        return Step(step.stance, step.moved, step.techs, fixed, step.width, step.again)


@cache
def feet_of(costs: FootingCosts) -> Feet:
    """The feet with these costs: what is worked out for one chart serves the next."""
    return Feet(costs)


class _Unpriced(NamedTuple):
    """A step before it is priced. charges: which costs of `FootingCosts` it has, and how many times."""

    stance: Stance
    moved: int
    techs: frozenset[Tech]
    charges: tuple[tuple[str, float], ...]
    width: float
    again: bool


class _Facts:
    """What is found out about one way to hit a row."""

    def __init__(self) -> None:
        self.techs: set[Tech] = set()
        self.charges: list[tuple[str, float]] = []

    def note(self, tech: Tech | None, charge: str | None = None, times: float = 1.0) -> None:
        """It is so, and costs this."""
        if tech is not None:
            self.techs.add(tech)
        if charge is not None:
            self.charges.append((charge, times))


@lru_cache(maxsize=200_000)
def _unpriced_steps(stance: Stance, demand: Demand) -> tuple[_Unpriced, ...]:
    """Every way to hit a row: which foot, or both, takes which of the panels that are hit or held."""
    active = demand.hits | demand.held
    found = []
    for mask, left in FOOT_ON.items():
        right = FOOT_ON.get(active & ~mask)
        if mask & ~active or right is None:
            continue
        moved = (1 if mask & demand.hits else 0) | (2 if (active & ~mask) & demand.hits else 0)
        found.append(_unpriced_step(stance, demand, (left, right), moved))
    return tuple(found)


def _unpriced_step(stance: Stance, demand: Demand, taken: tuple[Foot, Foot], moved: int) -> _Unpriced:
    before = (stance.left, stance.right)
    after = _settled(before, taken)
    facts = _Facts()
    width, again = 0.0, False
    for foot in (LEFT, RIGHT):
        if demand.held and any(demand.held & (1 << panel) and panel in before[1 - foot] for panel in taken[foot]):
            facts.note(Tech.HOLD_SWITCH, "hold_switch")
        if moved & (1 << foot):
            far = travelled(before[foot], after[foot])
            width += far
            again = _of_foot(facts, stance, demand, foot, after[foot]) or again
            if _doubles(stance, moved, foot, far, demand):
                facts.note(Tech.DOUBLE_STEP, "double_step")
    if (demand.hits | demand.held).bit_count() > MOST_PANELS:
        facts.note(Tech.HAND)
    _of_body(facts, before, after, moved)
    return _Unpriced(Stance(*after, moved), moved, frozenset(facts.techs), tuple(facts.charges), width, again)


def _of_foot(facts: _Facts, stance: Stance, demand: Demand, foot: int, after: Foot) -> bool:
    """Note what a foot does that hits a row; whether it is a jack."""
    before, other = (stance.left, stance.right)[foot], (stance.left, stance.right)[1 - foot]
    repeats = bool(stance.stepped & (1 << foot))
    hit = [panel for panel in after if demand.hits & (1 << panel)]
    again = repeats and any(panel in before for panel in hit)
    if again:
        marked = any(demand.mined & (1 << panel) for panel in hit)
        facts.note(Tech.JACK, "marked_jack" if marked else None)
    for panel in hit:
        if panel in other and not demand.freed & (1 << panel):
            # Nobody has danced yet before the first row: to begin crossed is odd, not a switch.
            switch = Tech.SIDESWITCH if panel in (0, 3) else Tech.FOOTSWITCH
            facts.note(switch if stance.stepped else None, None if demand.mined & (1 << panel) else "switch")
    if len(after) > 1:
        facts.note(Tech.BRACKET, "bracket")
    if demand.is_quick and repeats and travelled(before, after) > 1:
        facts.note(Tech.UNREACHABLE, "unreachable")
    if {before, after} == {(1,), (2,)} and not repeats:
        facts.note(Tech.CANDLE)
    return again


def _of_body(facts: _Facts, before: tuple[Foot, Foot], after: tuple[Foot, Foot], moved: int) -> None:
    """Note how the body is turned behind a row, if away from the screen."""
    away = turned_away(after)
    if not away:
        return
    facts.note(None, "facing", math.pow(away, 1.8))
    on_far = [foot for foot in (LEFT, RIGHT) if after[foot] == (FAR_PANEL[foot],)]
    if any(moved & (1 << foot) for foot in on_far) or not turned_away(before):
        facts.note(Tech.FULL_CROSSOVER if len(on_far) > 1 else Tech.HALF_CROSSOVER)
    if len(after[LEFT]) > 1 or len(after[RIGHT]) > 1:
        facts.note(Tech.TWIST, "twist")
    if turned_away(before) and depth(before) * depth(after) < 0:
        facts.note(Tech.SPIN, "spin")


def is_quick(seconds: float) -> bool:
    """Whether a foot that has just stepped cannot reach the next panel but one so soon."""
    return math.sqrt(2) / seconds > FASTEST_FOOT


def _settled(before: tuple[Foot, Foot], taken: tuple[Foot, Foot]) -> tuple[Foot, Foot]:
    """Where both feet are behind a row: one with nothing to do stays, unless the other has taken its place."""
    left, right = taken
    if not left:
        left = before[LEFT] if not set(before[LEFT]) & set(right) else IN_THE_AIR
    if not right:
        right = before[RIGHT] if not set(before[RIGHT]) & set(left) else IN_THE_AIR
    return left, right


def _doubles(stance: Stance, moved: int, foot: int, far: float, demand: Demand) -> bool:
    """Whether a foot steps twice running on different panels though the other is free.

    Not after a jump, nor where the other foot holds, or has held until now.
    """
    other = (stance.left, stance.right)[1 - foot]
    busy = any((demand.held | demand.freed) & (1 << panel) for panel in other)
    return stance.stepped == moved == 1 << foot and far > 0 and not busy
