"""Many versions of one chart, written side by side: those that two feet would curse are given up for better ones.

A particle filter (Gordon, Salmond and Smith 1993; as a decoder it is a stochastic beam): each version draws its next
symbol by the net's probabilities, less what footing and the difficulty's rules have against it, and is weighed by what
they have against the one drawn. Where few versions carry all the weight, these are written on in place of the others:
one that ran into a corner, and had to step out of it badly, disappears. What is rare in human charts stays as rare as
it is, which it would not in an ordinary beam's likeliest chart.
"""

import numpy as np
from numpy.typing import NDArray

from charter.decode.feet import Dancers, step_table
from charter.decode.gaps import HAIR
from charter.decode.placed import PANEL_BITS, Listening, Placed
from charter.decode.rates import RateKeeper
from charter.model.rows import ECHO_MEASURES, NO_ROW, echoes
from charter.model.symbols import RATED_KINDS
from charter.model.vocabulary import LENGTHS, MOST_HITS, ROWS, START, STATES
from charter.notation import PANELS, Note, NoteKind
from charter.notation.stances import COSTS

_ROLL = STATES.index(NoteKind.ROLL)
_HIT = ROWS > 0
_HITS = _HIT.sum(axis=1)
_HEADS = (ROWS > 1).sum(axis=1)
_HOLD = STATES.index(NoteKind.HOLD)
_HOLDS = (ROWS == _HOLD).any(axis=1)
_ROLLS = (ROWS == _ROLL).any(axis=1)
_WAY = _HIT @ PANEL_BITS - 1  # of hitting a row, as `feet` numbers them
_IS_ROLL = np.append(_ROLLS, False)  # START is none
_PHRASES = np.array([measures >= 4 for measures in ECHO_MEASURES])

_SHORTEST_GAP_TICKS = 6  # between a tail and the next note on its panel
# In nats, of the cost of footing: the net knows well what feet like. What costs more than _DEAR would rather be danced
# in a worse way, such as a double-step.
_FOOTING = 0.0015
_DEAR, _OF_DEAR = 500.0, 0.01
_TASTE = 30.0  # nats for each rule of the difficulty that a symbol breaks: it stands only where nothing else can
_PULL = 3.0  # towards the usual rates, see `rates`
_AGAIN = 0.7  # nats, for a symbol that goes on repeating a phrase
_BALANCE = 4.0  # nats, times how much more than a quarter of the hits are on a panel already
_EVEN = 40  # hits that each chart is taken to have had before its first, evenly spread
_FEW = 0.5  # of the versions: where fewer than this carry the weight, they are drawn anew


class Particles:
    """The versions of one chart, row by row."""

    def __init__(
        self,
        chart: Placed,
        listening: Listening,
        rates: NDArray[np.float64],
        rng: np.random.Generator,
        *,
        count: int,
    ) -> None:
        """rates: the usual ones, (kinds,); count: of versions."""
        self.chart, self.listening, self.count, self.rng = chart, listening, count, rng
        self.seconds = listening.timing.seconds_at(chart.ticks)
        rows = len(chart.ticks)
        self.symbols = np.full((count, rows), START, dtype=np.int64)
        self.tails = np.full((count, rows, PANELS), -1, dtype=np.int64)  # of the holds that start on each row
        self.last_tail = np.full((count, PANELS), -1, dtype=np.int64)  # tick
        self.last_hit = np.full((count, PANELS), -np.inf)  # seconds
        self.hits = np.full((count, PANELS), _EVEN / PANELS)
        self.weight = np.zeros(count)  # log
        self.dancers = Dancers(step_table(COSTS[chart.difficulty], chart.rules.banned), count)
        self._rates = RateKeeper(rates, count, _PULL)
        self._echoes = echoes(chart.ticks)
        self._barrier = _barriers(chart)
        lasts = listening.timing.seconds_at(chart.ticks[:, None] + LENGTHS) - self.seconds[:, None]
        self._long_enough = lasts >= chart.rules.shortest_hold  # (rows, lengths)

    def before(self, row: int) -> NDArray[np.int64]:
        """The symbols on the row before, (count,)."""
        return self.symbols[:, row - 1] if row else np.full(self.count, START)

    def echoes(self, row: int) -> NDArray[np.int64]:
        """The symbols on a row's echoes, (count, len(ECHO_MEASURES))."""
        places = self._echoes[row]
        return np.where(places == NO_ROW, START, self.symbols[:, places])

    def held(self, row: int) -> NDArray[np.bool_]:
        """The panels held through a row, (count, panels)."""
        return np.asarray(self.last_tail > self.chart.ticks[row])

    def draw(self, row: int, scores: NDArray[np.float32]) -> NDArray[np.int64]:
        """Symbols for a row, (count,), from log-probabilities (count, symbols); what is fixed there stays."""
        since = max(float(self.seconds[row] - self.seconds[row - 1]), 1e-3) if row else 1.0
        held = self.held(row) @ PANEL_BITS
        fixed = self.chart.fixed.get(row)
        wide = fixed is not None and fixed.symbol == START
        cost = self.dancers.asked(held, since, wide=wide)
        asked = _FOOTING * cost + _OF_DEAR * np.maximum(cost - _DEAR, 0)
        if fixed is not None:
            symbols = np.full(self.count, fixed.symbol)
            ways = np.full(self.count, fixed.way)
            self.weight -= asked[:, fixed.way]
            if fixed.symbol != START:
                self.weight += scores[:, fixed.symbol] - _TASTE * self._broken(row)[:, fixed.symbol]
        else:
            pains = asked[:, _WAY] + _TASTE * self._broken(row)
            weighed = scores + self._lifted(row) - self._uneven() - pains
            weighed = np.where(self._possible(row), weighed, -np.inf)
            noise = self.rng.gumbel(size=weighed.shape)
            symbols = (weighed + noise).argmax(axis=1)
            ways = _WAY[symbols]
            self.weight -= np.take_along_axis(pains, symbols[:, None], 1)[:, 0]
        self.dancers.step(ways)
        self.symbols[:, row] = symbols
        return symbols

    def _possible(self, row: int) -> NDArray[np.bool_]:
        """Symbols that the format, two feet and the switches allow, (count, symbols).

        There is always one, unless holds of an existing chart leave no panel.
        """
        rules, tick = self.chart.rules, self.chart.ticks[row]
        busy = (self.last_tail >= tick).sum(axis=1)  # the game counts a hold through its tail
        taken = (self.last_tail >= 0) & (self.last_tail + _SHORTEST_GAP_TICKS > tick)
        most = np.where(busy > 0, MOST_HITS if rules.jumps_in_holds else MOST_HITS - busy, MOST_HITS)
        most = most if rules.jumps else np.minimum(most, 1)
        possible = (most[:, None] >= _HITS) & ~(taken @ _HIT.T)
        busy_then = (self.last_tail >= self._following(row)).sum(axis=1)
        room, room_by_next = self._lengths(row).any(), self._lengths(row, by_next=True).any()
        for heads in (1, MOST_HITS):
            fits = np.where(heads + busy_then >= MOST_HITS, room_by_next, room)
            possible &= fits[:, None] | (heads != _HEADS)
        if not rules.holds:
            possible &= ~_HOLDS
        if not rules.rolls:
            possible &= ~_ROLLS
        # Two holds of an existing chart may be down: then one foot has to reach with its heel or toe.
        stuck = ~possible.any(axis=1)[:, None] & (_HITS == 1) & (_HEADS == 0) & ~(taken @ _HIT.T)
        return np.asarray(possible | stuck)

    def _broken(self, row: int) -> NDArray[np.float64]:
        """How many rules of the difficulty each symbol would break, (count, symbols)."""
        rules = self.chart.rules
        recent = self.seconds[row] - self.last_hit < rules.fastest_jack - HAIR
        broken = (recent @ _HIT.T).astype(np.float64)
        gaps = np.diff(self.seconds[max(row - 1, 0) : row + 2])
        if gaps.size and gaps.min() < rules.fastest_jump - HAIR:
            broken += _HITS > 1
        return np.asarray(broken)

    def _lifted(self, row: int) -> NDArray[np.float64]:
        """What is added to the log-probabilities, (count, symbols), so that kinds come as often as people write them.

        And for going on where a version repeats what stood measures before: music that comes back has its steps again.
        """
        kinds = self._rates.lift()
        jumps, holds, rolls, in_holds = (kinds[:, place, None] for place in range(RATED_KINDS))
        jumps = np.where(self.held(row).any(axis=1, keepdims=True), in_holds, jumps)
        lift = jumps * (_HITS > 1) + holds * ((_HEADS > 0) & ~_ROLLS) + rolls * _ROLLS
        if row:
            repeats = np.equal(self.echoes(row - 1), self.before(row)[:, None]) & _PHRASES
            version, echo = np.nonzero(repeats & (self.echoes(row) != START))
            np.maximum.at(bonus := np.zeros_like(lift), (version, self.echoes(row)[version, echo]), _AGAIN)
            lift = lift + bonus
        return np.asarray(lift)

    def _uneven(self) -> NDArray[np.float64]:
        """What is taken off for symbols on panels that a version has hit often, (count, symbols)."""
        share = self.hits / self.hits.sum(axis=1, keepdims=True)
        return np.asarray(_BALANCE * (share - 1 / PANELS) @ _HIT.T)

    def finish(self, row: int, lengths: NDArray[np.float32]) -> None:
        """Give the drawn symbols' holds their tails; lengths: log-probabilities (count, lengths)."""
        tick, fixed = int(self.chart.ticks[row]), self.chart.fixed.get(row)
        was_held = self.held(row)
        if fixed is not None:
            hit = np.broadcast_to((fixed.way + 1) & PANEL_BITS > 0, was_held.shape)
            for panel, tail in fixed.tails.items():
                self.tails[:, row, panel] = tail
        else:
            symbols = self.symbols[:, row]
            hit = _HIT[symbols]
            for version in np.flatnonzero(_HEADS[symbols] > 0).tolist():
                heads = ROWS[symbols[version]] > 1
                self.tails[version, row, heads] = self._tail(row, version, int(heads.sum()), lengths[version])
        tails = self.tails[:, row]
        starts = tails > tick
        self.last_tail = np.where(starts, tails, self.last_tail)
        ends = self.listening.timing.seconds_at(tails)
        self.last_hit = np.where(starts, ends, np.where(hit, self.seconds[row], self.last_hit))
        self.hits += hit
        in_hold = was_held.any(axis=1)
        is_jump = hit.sum(axis=1) > 1
        rolls = starts.any(axis=1) & _IS_ROLL[self.symbols[:, row]]
        self._rates.count(np.stack([is_jump & ~in_hold, starts.any(axis=1) & ~rolls, rolls, is_jump & in_hold], axis=1))

    def _tail(self, row: int, version: int, heads: int, lengths: NDArray[np.float32]) -> int:
        """A tail for a row's heads that leaves a foot free on the next row."""
        busy_then = int((self.last_tail[version] >= self._following(row)).sum())
        fits = self._lengths(row, by_next=heads + busy_then >= MOST_HITS)
        noise = self.rng.gumbel(size=len(LENGTHS))
        chosen = int(np.argmax(np.where(fits, lengths + noise, -np.inf)))
        return int(self.chart.ticks[row] + LENGTHS[chosen])

    def _following(self, row: int) -> int:
        """The tick of the next row; one far behind the end for the last."""
        ticks = self.chart.ticks
        return int(ticks[row + 1]) if row + 1 < len(ticks) else int(ticks[-1]) + int(LENGTHS[-1]) + 1

    def _lengths(self, row: int, *, by_next: bool = False) -> NDArray[np.bool_]:
        """The lengths of holds that there is room for, (lengths,); by_next: if they have to end before the next row."""
        tick = int(self.chart.ticks[row])
        last = min(self.listening.last_tick, int(self._barrier[row]) - _SHORTEST_GAP_TICKS)
        if by_next:
            last = min(last, self._following(row) - 1)
        return np.asarray((tick + LENGTHS <= last) & self._long_enough[row])

    def survivors(self) -> NDArray[np.int64] | None:
        """The versions to go on with, (count,), some more than once and others not at all; None for all of them."""
        share = np.exp(self.weight - np.logaddexp.reduce(self.weight))
        if 1 / (share**2).sum() >= _FEW * self.count:
            return None
        places = (np.arange(self.count) + self.rng.random()) / self.count
        kept = np.minimum(np.searchsorted(np.cumsum(share), places), self.count - 1)
        self.symbols, self.tails = self.symbols[kept], self.tails[kept]
        self.last_tail, self.last_hit = self.last_tail[kept], self.last_hit[kept]
        self.hits = self.hits[kept]
        self.weight = np.zeros(self.count)
        self.dancers.keep(kept)
        self._rates.keep(kept)
        return np.asarray(kept, dtype=np.int64)

    def held_rows(self, version: int) -> NDArray[np.bool_]:
        """The panels of a version that are held through each row, (rows, panels)."""
        latest = np.maximum.accumulate(self.tails[version], axis=0)
        before = np.concatenate([np.full((1, PANELS), -1), latest[:-1]])
        return np.asarray(before > self.chart.ticks[:, None])

    def drawn(self) -> list[int]:
        """The versions, in an order drawn by their weights."""
        drawn: list[int] = np.argsort(-(self.weight + self.rng.gumbel(size=self.count)), kind="stable").tolist()
        return drawn

    def notes(self, version: int) -> list[Note]:
        """Taps, heads and tails of a version, on the rows that were not fixed."""
        notes = []
        for row, (tick, symbol) in enumerate(zip(self.chart.ticks.tolist(), self.symbols[version], strict=True)):
            if row in self.chart.fixed or symbol == START:
                continue
            for panel in np.flatnonzero(ROWS[symbol]).tolist():
                kind = STATES[ROWS[symbol, panel]]
                assert kind is not None
                notes.append(Note(tick, panel, kind))
                if kind is not NoteKind.TAP:
                    notes.append(Note(int(self.tails[version, row, panel]), panel, NoteKind.TAIL))
        return notes


def _barriers(chart: Placed) -> NDArray[np.int64]:
    """Of each row, the tick of the next standing note behind it, which no new hold may reach; or the chart's bound."""
    bound = np.iinfo(np.int64).max if chart.until is None else chart.until
    standing = np.array([*sorted({note.tick for note in chart.standing}), bound], dtype=np.int64)
    behind = standing[np.minimum(np.searchsorted(standing, chart.ticks, side="right"), len(standing) - 1)]
    return np.minimum(behind, bound)
