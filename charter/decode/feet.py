"""Many dancers of a few charts at once: what each possible row would cost the feet of each, as arrays."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.model.vocabulary import MOST_HITS
from charter.notation import PANELS
from charter.notation.stances import AT_REST, Demand, FootingCosts, Stance, Tech, feet_of, is_quick

WAYS = (1 << PANELS) - 1  # of hitting a row: way w hits the panels of the bit mask w + 1
_MOST_STEPS = 4  # of one way: either foot, or for neighbours a bracket of either too
_STANCES = 4  # that a dancer keeps in mind, the cheapest ones
_BANNED = 5000.0  # for each banned tech: any other way is taken, where there is one
_ROOM = 256  # entries, and stances, to begin with
_UNKNOWN = -1


class Dance(NamedTuple):
    """What holds for all dancers of a chart."""

    costs: FootingCosts
    banned: frozenset[Tech]


class StepTable:
    """The steps from every stance that has come up in a dance, by way of hitting the row; worked out once each.

    fixed, width, again: (entries, ways, steps) as in `charter.notation.stances.Step`; after: ids of the stances behind
    """

    def __init__(self) -> None:
        self._dances: dict[Dance, int] = {}
        self._stances: list[Stance] = []
        self._ids: dict[Stance, int] = {}
        # By dance, stance, what is held, whether the row is quick and wide: its entry, or _UNKNOWN.
        self._entries = np.zeros((0, _ROOM, 1 << PANELS, 2, 2), dtype=np.int64)
        self._count = 0
        shape = (_ROOM, WAYS, _MOST_STEPS)
        self.fixed, self.width = np.full(shape, np.inf), np.zeros(shape)
        self.again, self.after = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.int64)
        self._id_of(AT_REST)  # is 0

    def number(self, dance: Dance) -> int:
        """By which `entries` knows a dance."""
        if dance not in self._dances:
            self._dances[dance] = len(self._dances)
            self._entries = np.concatenate([self._entries, np.full((1, *self._entries.shape[1:]), _UNKNOWN)])
        return self._dances[dance]

    def entries(
        self,
        dances: NDArray[np.int64],
        stances: NDArray[np.int64],
        held: NDArray[np.int64],
        quick: NDArray[np.bool_],
        wide: NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        """The numbers of the entries for stances (ids) in dances, and what is held and quick about the row.

        wide: with the ways that hit three panels or four, which few rows do. All shapes are broadcast to one.
        """
        keys = dances, stances, held, quick.astype(np.int64), wide.astype(np.int64)
        found = self._entries[keys]
        if (found == _UNKNOWN).any():
            for key in zip(*(part.ravel().tolist() for part in np.broadcast_arrays(*keys)), strict=True):
                if self._entries[key] == _UNKNOWN:
                    self._add(*key)
            found = self._entries[keys]
        return np.asarray(found)

    def _add(self, dance: int, stance: int, held: int, quick: int, wide: int) -> None:
        if self._count == len(self.fixed):
            self._grow()
        ways = [way for way in range(WAYS) if wide or (way + 1).bit_count() <= MOST_HITS]
        self._fill(
            self._count, ways, list(self._dances)[dance], self._stances[stance], Demand(0, held, 0, 0, bool(quick))
        )
        self._entries[dance, stance, held, quick, wide] = self._count
        self._count += 1

    def _id_of(self, stance: Stance) -> int:
        if stance not in self._ids:
            self._ids[stance] = len(self._stances)
            self._stances.append(stance)
            if len(self._stances) > self._entries.shape[1]:
                self._entries = np.concatenate([self._entries, np.full_like(self._entries, _UNKNOWN)], axis=1)
        return self._ids[stance]

    def _grow(self) -> None:
        self.fixed = np.concatenate([self.fixed, np.full_like(self.fixed, np.inf)])
        self.width = np.concatenate([self.width, np.zeros_like(self.width)])
        self.again = np.concatenate([self.again, np.zeros_like(self.again)])
        self.after = np.concatenate([self.after, np.zeros_like(self.after)])

    def _fill(self, entry: int, ways: Iterable[int], dance: Dance, stance: Stance, demand: Demand) -> None:
        for way in ways:
            steps = feet_of(dance.costs).steps(stance, demand._replace(hits=way + 1))
            costs = [step.fixed + _BANNED * len(step.techs & dance.banned) for step in steps]
            for place, chosen in enumerate(np.argsort(costs, kind="stable")[:_MOST_STEPS].tolist()):
                self.fixed[entry, way, place] = costs[chosen]
                self.width[entry, way, place] = steps[chosen].width
                self.again[entry, way, place] = steps[chosen].again
                self.after[entry, way, place] = self._id_of(steps[chosen].stance)


@cache
def step_table() -> StepTable:
    """The table of all charts: what is worked out for one serves the next."""
    return StepTable()


class Dancers:
    """The feet of several versions of each of several charts, each followed along its few cheapest stances.

    costs, stances: (charts, dancers, kept) the cheapest ways so far and where they end; infinite where there are fewer
    """

    def __init__(self, table: StepTable, dances: Sequence[Dance], count: int) -> None:
        """count: of each chart's dancers."""
        self.table, self.dances = table, dances
        self.stances = np.zeros((len(dances), count, _STANCES), dtype=np.int64)
        self.costs = np.full((len(dances), count, _STANCES), np.inf)
        self.costs[..., 0] = 0.0
        self._numbers = np.array([table.number(dance) for dance in dances])
        self._totals = np.zeros(0)
        self._entries = np.zeros(0, dtype=np.int64)

    def asked(self, held: NDArray[np.int64], seconds: Sequence[float], wide: Sequence[bool]) -> NDArray[np.float64]:
        """What each way to hit the next row would cost each dancer more, (charts, dancers, ways); of the first charts.

        A foot that holds until now counts as free: what is written shall not need it as an excuse.
        held: (charts, dancers) bit masks of panels; seconds: since the row before, of each chart
        wide: whether ways that hit three panels or four count too; else they cost infinitely much
        """
        charts = len(seconds)
        quick = np.array([is_quick(since) for since in seconds])
        numbers, quick, wide_ = (each[:, None, None] for each in (self._numbers[:charts], quick, np.array(wide)))
        self._entries = self.table.entries(numbers, self.stances[:charts], held[..., None], quick, wide_)
        paces = list(zip(self.dances, seconds, strict=False))
        jack, of_width = (
            np.array(each)[:, None, None, None, None]
            for each in (
                [dance.costs.of_jack(since) for dance, since in paces],
                [dance.costs.of_width(since) for dance, since in paces],
            )
        )
        steps = self.table.fixed[self._entries] + of_width * self.table.width[self._entries]
        if jack.any():
            steps += jack * self.table.again[self._entries]
        self._totals = self.costs[:charts, :, :, None, None] + steps  # (charts, dancers, kept, ways, steps)
        return np.asarray(self._totals.min(axis=(2, 4)) - self.costs[:charts, :, :1])

    def step(self, ways: NDArray[np.int64]) -> None:
        """Hit the row that was asked about; ways: (charts, dancers)."""
        shape = ways.shape
        dancers, ways = np.arange(ways.size), ways.ravel()
        totals = self._totals.reshape(-1, _STANCES, WAYS, _MOST_STEPS)[dancers, :, ways].reshape(len(ways), -1)
        after = self.table.after[self._entries.reshape(-1, _STANCES), ways[:, None]].reshape(len(ways), -1)
        order = np.argsort(totals, axis=1, kind="stable")
        totals, after = totals[dancers[:, None], order], after[dancers[:, None], order]
        # A stance reached in several ways is kept by the cheapest.
        again = np.tril(after[:, :, None] == after[:, None, :], -1).any(axis=2)
        totals = np.where(again, np.inf, totals)
        order = np.argsort(totals, axis=1, kind="stable")[:, :_STANCES]
        totals, after = totals[dancers[:, None], order], after[dancers[:, None], order]
        # A dancer's cheapest way counts as nothing: only differences matter from here on.
        self.costs[: shape[0]] = (totals - totals[:, :1]).reshape(*shape, _STANCES)
        self.stances[: shape[0]] = np.where(np.isfinite(totals), after, 0).reshape(*shape, _STANCES)

    def keep(self, chart: int, dancers: NDArray[np.int64]) -> None:
        """Go on with these dancers of a chart, some perhaps more than once."""
        self.stances[chart], self.costs[chart] = self.stances[chart, dancers], self.costs[chart, dancers]
