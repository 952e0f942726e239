"""Many dancers of one chart at once: what each possible row would cost the feet of each, as arrays."""

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from charter.model.vocabulary import MOST_HITS
from charter.notation import PANELS
from charter.notation.stances import AT_REST, Demand, FootingCosts, Stance, Tech, feet_of, is_quick

WAYS = (1 << PANELS) - 1  # of hitting a row: way w hits the panels of the bit mask w + 1
_MOST_STEPS = 4  # of one way: either foot, or for neighbours a bracket of either too
_STANCES = 4  # that a dancer keeps in mind, the cheapest ones
_BANNED = 5000.0  # for each banned tech: any other way is taken, where there is one
_ROOM = 256  # entries to begin with


class StepTable:
    """The steps from every stance that has come up, by way of hitting the row; worked out once each.

    fixed, width, again: (entries, ways, steps) as in `charter.notation.stances.Step`; after: ids of the stances behind
    """

    def __init__(self, costs: FootingCosts, banned: frozenset[Tech]) -> None:
        self.costs, self.banned = costs, banned
        self._feet = feet_of(costs)
        self._stances: list[Stance] = []
        self._ids: dict[Stance, int] = {}
        self._entries: dict[tuple[int, int, bool, bool], int] = {}
        shape = (_ROOM, WAYS, _MOST_STEPS)
        self.fixed, self.width = np.full(shape, np.inf), np.zeros(shape)
        self.again, self.after = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.int64)
        self._id_of(AT_REST)  # is 0

    def entry(self, stance: int, held: int, *, quick: bool, wide: bool) -> int:
        """The number of the entry for a stance (its id) and what is held and quick about the row.

        wide: with the ways that hit three panels or four, which few rows do
        """
        key = (stance, held, quick, wide)
        found = self._entries.get(key)
        if found is None:
            found = self._entries[key] = len(self._entries)
            if found == len(self.fixed):
                self._grow()
            ways = [way for way in range(WAYS) if wide or (way + 1).bit_count() <= MOST_HITS]
            self._fill(found, ways, self._stances[stance], Demand(0, held, 0, 0, quick))
        return found

    def _id_of(self, stance: Stance) -> int:
        if stance not in self._ids:
            self._ids[stance] = len(self._stances)
            self._stances.append(stance)
        return self._ids[stance]

    def _grow(self) -> None:
        self.fixed = np.concatenate([self.fixed, np.full_like(self.fixed, np.inf)])
        self.width = np.concatenate([self.width, np.zeros_like(self.width)])
        self.again = np.concatenate([self.again, np.zeros_like(self.again)])
        self.after = np.concatenate([self.after, np.zeros_like(self.after)])

    def _fill(self, entry: int, ways: Iterable[int], stance: Stance, demand: Demand) -> None:
        for way in ways:
            steps = self._feet.steps(stance, demand._replace(hits=way + 1))
            costs = [step.fixed + _BANNED * len(step.techs & self.banned) for step in steps]
            for place, chosen in enumerate(np.argsort(costs, kind="stable")[:_MOST_STEPS].tolist()):
                self.fixed[entry, way, place] = costs[chosen]
                self.width[entry, way, place] = steps[chosen].width
                self.again[entry, way, place] = steps[chosen].again
                self.after[entry, way, place] = self._id_of(steps[chosen].stance)


@cache
def step_table(costs: FootingCosts, banned: frozenset[Tech]) -> StepTable:
    """The table of all charts that have these costs and bans: what is worked out for one serves the next."""
    return StepTable(costs, banned)


class Dancers:
    """The feet of several versions of one chart, each followed along its few cheapest stances.

    costs, stances: (dancers, kept) the cheapest ways so far and where they end; infinite where there are fewer
    """

    def __init__(self, table: StepTable, count: int) -> None:
        self.table = table
        self.stances = np.zeros((count, _STANCES), dtype=np.int64)
        self.costs = np.full((count, _STANCES), np.inf)
        self.costs[:, 0] = 0.0
        self._totals = np.zeros(0)
        self._entries = np.zeros(0, dtype=np.int64)

    def asked(self, held: NDArray[np.int64], seconds: float, *, wide: bool = False) -> NDArray[np.float64]:
        """What each way to hit the next row would cost each dancer more, (dancers, ways).

        A foot that holds until now counts as free: what is written shall not need it as an excuse.
        held: (dancers,) bit masks of panels; seconds: since the row before
        wide: ways that hit three panels or four count too; else they cost infinitely much
        """
        quick = is_quick(seconds)
        entries = [
            [self.table.entry(stance, held_, quick=quick, wide=wide) for stance in stances]
            for stances, held_ in zip(self.stances.tolist(), held.tolist(), strict=True)
        ]
        self._entries = np.array(entries)
        jack = self.table.costs.of_jack(seconds)
        of_width = self.table.costs.of_width(seconds)
        steps = self.table.fixed[self._entries] + of_width * self.table.width[self._entries]
        if jack:
            steps = steps + jack * self.table.again[self._entries]
        self._totals = self.costs[:, :, None, None] + steps  # (dancers, kept, ways, steps)
        return np.asarray(self._totals.min(axis=(1, 3)) - self.costs[:, :1])

    def step(self, ways: NDArray[np.int64]) -> None:
        """Hit the row that was asked about; ways: (dancers,)."""
        dancers = np.arange(len(ways))
        totals = self._totals[dancers, :, ways].reshape(len(ways), -1)
        after = self.table.after[self._entries, ways[:, None]].reshape(len(ways), -1)
        order = np.argsort(totals, axis=1, kind="stable")
        totals, after = np.take_along_axis(totals, order, 1), np.take_along_axis(after, order, 1)
        # A stance reached in several ways is kept by the cheapest.
        again = np.tril(after[:, :, None] == after[:, None, :], -1).any(axis=2)
        totals = np.where(again, np.inf, totals)
        order = np.argsort(totals, axis=1, kind="stable")[:, :_STANCES]
        totals = np.take_along_axis(totals, order, 1)
        # A dancer's cheapest way counts as nothing: only differences matter from here on.
        self.costs = totals - totals[:, :1]
        self.stances = np.where(np.isfinite(totals), np.take_along_axis(after, order, 1), 0)

    def keep(self, dancers: NDArray[np.int64]) -> None:
        """Go on with these dancers, some perhaps more than once."""
        self.stances, self.costs = self.stances[dancers], self.costs[dancers]
