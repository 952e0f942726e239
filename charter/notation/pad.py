"""The pad and the feet on it: where panels lie, what a foot may cover, and how the body is turned."""

import math
from functools import cache

from charter.notation.chart import PANELS

LEFT, RIGHT = 0, 1  # the feet, as places in a pair of them
PANEL_AT = ((0, 1), (1, 0), (1, 2), (2, 1))  # x to the right and y away from the player, in panels

Foot = tuple[int, ...]
"""The panels under a foot: none (it hovers), one, or two neighbours with heel and toe (a bracket), heel first."""

IN_THE_AIR: Foot = ()
FAR_PANEL = (3, 0)  # of the left foot, of the right one
_BRACKETS: tuple[Foot, ...] = ((1, 0), (0, 2), (1, 3), (3, 2))  # the heel is the nearer to the player
_FEET: tuple[Foot, ...] = (IN_THE_AIR, *((panel,) for panel in range(PANELS)), *_BRACKETS)
FOOT_ON = {sum(1 << panel for panel in foot): foot for foot in _FEET}
"""The foot that covers a set of panels, by its bit mask; other sets no foot covers."""

_HOVERING = 0.5  # panels' widths


@cache
def travelled(before: Foot, after: Foot) -> float:
    """How far a foot goes, in panels' widths; one that hovers is near wherever it is wanted."""
    return math.dist(_middle(before), _middle(after)) if before else _HOVERING


@cache
def turned_away(feet: tuple[Foot, Foot]) -> float:
    """0 to 1: how far the left foot is to the right of the right one, over their distance."""
    if not feet[LEFT] or not feet[RIGHT]:
        return 0.0
    (left_x, left_y), (right_x, right_y) = _middle(feet[LEFT]), _middle(feet[RIGHT])
    apart = math.hypot(left_x - right_x, left_y - right_y)
    return max(0.0, left_x - right_x) / apart if apart else 0.0


@cache
def depth(feet: tuple[Foot, Foot]) -> float:
    """How far the left foot is behind the right one, away from the player, in panels' widths; neither hovers."""
    return _middle(feet[LEFT])[1] - _middle(feet[RIGHT])[1]


def facing(left: Foot, right: Foot) -> float:
    """Degrees that the body is turned to the right of the screen, -180 to 180; 0 where a foot hovers."""
    if not left or not right:
        return 0.0
    (left_x, left_y), (right_x, right_y) = _middle(left), _middle(right)
    return math.degrees(math.atan2(left_y - right_y, right_x - left_x))


@cache
def _middle(foot: Foot) -> tuple[float, float]:
    return (
        sum(PANEL_AT[panel][0] for panel in foot) / len(foot),
        sum(PANEL_AT[panel][1] for panel in foot) / len(foot),
    )
