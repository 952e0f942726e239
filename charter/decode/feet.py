"""Two alternating feet, followed row by row: which panels the next foot would have to cross over for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from charter.notation import PANELS

LEFT, DOWN, UP, RIGHT = range(PANELS)
_FAR_PANEL = (RIGHT, LEFT)  # of the left foot and of the right foot


class AlternatingFeet:
    """Feet that take turns, as a dancer's do: a greedy reading, enough to keep symbols from twisting the body.

    A jump, or the first row, leaves open which foot is next. A foot on a hold stays; the other then takes every row.
    """

    def __init__(self) -> None:
        self.last: int | None = None  # 0 the left foot, 1 the right
        self.panel: int | None = None  # where it stepped
        self.holding: int | None = None

    def next_foot(self) -> int | None:
        """The foot whose turn it is, or None where either may step."""
        if self.holding is not None:
            return 1 - self.holding
        return None if self.last is None else 1 - self.last

    def crossing(self) -> NDArray[np.bool_]:
        """The panels that the next foot could reach only by crossing over, (panels,)."""
        crossed = np.zeros(PANELS, dtype=np.bool_)
        foot = self.next_foot()
        if foot is not None and _FAR_PANEL[foot] != self.panel:
            crossed[_FAR_PANEL[foot]] = True
        return crossed

    def step(self, panels: Sequence[int], *, hold: int | None, still_held: bool) -> None:
        """Follow a row. hold: a panel on which one starts; still_held: one from an earlier row goes on behind this."""
        if not still_held:
            self.holding = None
        if len(panels) > 1:
            if hold is not None and self.holding is None:
                self.holding = 0 if hold == min(panels) else 1  # the left foot takes the panel further left
            self.last, self.panel = None, None
            return
        panel = panels[0]
        foot = self.next_foot()
        if panel == self.panel and self.holding is None:
            foot = self.last  # a jack: the foot that stands there steps again
        if foot is None:
            foot = {LEFT: 0, RIGHT: 1}.get(panel)
        if hold is not None and self.holding is None:
            self.holding = foot
        self.last, self.panel = foot, panel
