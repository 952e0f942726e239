"""Many versions of each chart, written side by side: those that two feet would curse are given up for better ones.

A particle filter (Gordon, Salmond and Smith 1993; as a decoder it is a stochastic beam): each version draws its next
symbol by the net's probabilities, less what footing and the difficulty's rules have against it, and is weighed by what
they have against the one drawn. Where few versions carry all the weight, these are written on in place of the others:
one that ran into a corner, and had to step out of it badly, disappears. What is rare in human charts stays as rare as
it is, which it would not in an ordinary beam's likeliest chart.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from charter.decode.chance import Chance, Draw
from charter.decode.feet import Dance, Dancers, step_table
from charter.decode.gaps import HAIR
from charter.decode.known_rows import SHORTEST_GAP_TICKS, KnownRows
from charter.decode.placed import PANEL_BITS, Listening, Placed
from charter.decode.rates import RateKeeper
from charter.model.rows import ECHO_MEASURES
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
_PANEL_HIT = _HIT.T.astype(np.float64)
# Of each set of panels, as a bit mask: the symbols that hit one of them.
_TOUCHING = ((_WAY + 1) & np.arange(1 << PANELS)[:, None]) > 0
_HEADS_OF, _IS_ROLL = np.append(_HEADS, 0), np.append(_ROLLS, False)  # START has none
_PHRASES = np.array([measures >= 4 for measures in ECHO_MEASURES])

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
    """The versions of several charts, a row at a time; the shapes' charts are those that have the row."""

    def __init__(
        self,
        charts: Sequence[Placed],
        listening: Listening,
        rates: NDArray[np.float64],
        chances: Sequence[Chance],
        *,
        count: int,
    ) -> None:
        """charts: longest first; rates: the usual ones, (charts, kinds); chances: of each; count: of versions."""
        self.charts, self.listening, self.count, self.chances = charts, listening, count, chances
        self.known = KnownRows(charts, listening)
        shape, rows = (len(charts), count), self.known.counts[0]
        self.symbols = np.full((*shape, rows), START, dtype=np.int64)
        self.tails = np.full((*shape, rows, PANELS), -1, dtype=np.int64)  # of the holds that start on each row
        self.last_tail = np.full((*shape, PANELS), -1, dtype=np.int64)  # tick
        self.last_hit = np.full((*shape, PANELS), -np.inf)  # seconds
        self.hits = np.full((*shape, PANELS), _EVEN / PANELS)
        self.weight = np.zeros(shape)  # log
        self.dancers = Dancers(
            step_table(), [Dance(COSTS[chart.difficulty], chart.rules.banned) for chart in charts], count
        )
        self._ways = np.zeros(shape, dtype=np.int64)
        self._rates = RateKeeper(rates, count, _PULL)
        rules = [chart.rules for chart in charts]
        self._fastest_jack = np.array([each.fastest_jack for each in rules])[:, None, None]
        self._most = np.array([MOST_HITS if each.jumps else 1 for each in rules])[:, None]
        self._jumps_in_holds = np.array([each.jumps_in_holds for each in rules])[:, None]
        self._allowed = np.array([~(_HOLDS & (not each.holds)) & ~(_ROLLS & (not each.rolls)) for each in rules])

    def _drawing(self, chart: int, row: int, draw: Draw) -> np.random.Generator:
        return self.chances[chart].at(int(self.known.ticks[chart, row]), draw)

    def before(self, row: int) -> NDArray[np.int64]:
        """The symbols on the row before, (charts, count)."""
        symbols = self.symbols[: self.known.running(row)]
        return symbols[:, :, row - 1] if row else np.full(symbols.shape[:2], START)

    def echoes(self, row: int) -> NDArray[np.int64]:
        """The symbols on a row's echoes, (charts, count, len(ECHO_MEASURES))."""
        return self.known.read(self.symbols, row)

    def held(self, row: int) -> NDArray[np.bool_]:
        """The panels held through a row, (charts, count, panels)."""
        charts = self.known.running(row)
        return np.asarray(self.last_tail[:charts] > self.known.ticks[:charts, row, None, None])

    def draw(self, row: int, scores: NDArray[np.float32]) -> NDArray[np.int64]:
        """Symbols for a row, (charts, count), from log-probabilities (charts, count, symbols); what is fixed stays."""
        charts = len(scores)
        fixed = self.known.fixed.get(row, {})
        since = self.known.since[:charts, row].tolist()
        wide = [chart in fixed and fixed[chart].symbol == START for chart in range(charts)]
        cost = self.dancers.asked(self.held(row) @ PANEL_BITS, since, wide)
        asked = _FOOTING * cost + _OF_DEAR * np.maximum(cost - _DEAR, 0)
        pains = asked[:, :, _WAY] + _TASTE * self._broken(row)
        weighed = scores + self._lifted(row) - self._uneven(charts) - pains
        weighed[~self._possible(row)] = -np.inf
        for chart in set(range(charts)) - set(fixed):
            weighed[chart] += self._drawing(chart, row, Draw.SYMBOL).gumbel(size=weighed.shape[1:])
        symbols = weighed.argmax(axis=2)
        ways = _WAY[symbols]
        lost = np.take_along_axis(pains, symbols[:, :, None], 2)[:, :, 0]
        for chart, stands in fixed.items():
            symbols[chart], ways[chart] = stands.symbol, stands.way
            lost[chart] = asked[chart, :, stands.way]
            if stands.symbol != START:
                lost[chart] = pains[chart, :, stands.symbol] - scores[chart, :, stands.symbol]
        self.weight[:charts] -= lost
        self.dancers.step(ways)
        self.symbols[:charts, :, row], self._ways[:charts] = symbols, ways
        return np.asarray(symbols)

    def _possible(self, row: int) -> NDArray[np.bool_]:
        """Symbols that the format, two feet and the switches allow, (charts, count, symbols).

        There is always one, unless holds of an existing chart leave no panel.
        """
        charts = self.known.running(row)
        tick, following = (each[:charts, row, None, None] for each in (self.known.ticks, self.known.following))
        last_tail = self.last_tail[:charts]
        busy = np.sum(last_tail >= tick, axis=2)  # the game counts a hold through its tail
        taken = _TOUCHING[((last_tail >= 0) & (last_tail + SHORTEST_GAP_TICKS > tick)) @ PANEL_BITS]
        most = np.where((busy > 0) & ~self._jumps_in_holds[:charts], MOST_HITS - busy, MOST_HITS)
        most = np.minimum(most, self._most[:charts])
        possible = (most[:, :, None] >= _HITS) & ~taken & self._allowed[:charts, None]
        busy_then = np.sum(last_tail >= following, axis=2)
        room, room_by_next = np.any(self.known.fits[:charts, row], axis=2).T[:, :, None]
        for heads in (1, MOST_HITS):
            fits = np.where(heads + busy_then >= MOST_HITS, room_by_next, room)
            possible &= fits[:, :, None] | (heads != _HEADS)
        # Two holds of an existing chart may be down: then one foot has to reach with its heel or toe.
        stuck = np.asarray(~possible.any(axis=2, keepdims=True))
        if stuck.any():
            possible |= stuck & (_HITS == 1) & (_HEADS == 0) & ~taken
        return np.asarray(possible)

    def _broken(self, row: int) -> NDArray[np.int64]:
        """How many rules of the difficulty each symbol would break, (charts, count, symbols)."""
        charts = self.known.running(row)
        elapsed = self.known.seconds[:charts, row, None, None] - self.last_hit[:charts]
        recent = (elapsed < self._fastest_jack[:charts] - HAIR) @ PANEL_BITS
        crowded = self.known.crowded[:charts, row, None, None]
        return np.asarray(_TOUCHING[recent].astype(np.int64) + (crowded & (_HITS > 1)))

    def _lifted(self, row: int) -> NDArray[np.float64]:
        """What is added to scores, (charts, count, symbols), so that kinds come as often as people write them.

        And for going on where a version repeats what stood measures before: music that comes back has its steps again.
        """
        held = np.asarray(self.held(row).any(axis=2, keepdims=True))
        kinds = self._rates.lift()[: len(held)]
        jumps, holds, rolls, in_holds = (kinds[:, :, place, None] for place in range(RATED_KINDS))
        jumps = np.where(held, in_holds, jumps)
        lift = jumps * (_HITS > 1) + holds * ((_HEADS > 0) & ~_ROLLS) + rolls * _ROLLS
        if row:
            echoes = self.echoes(row)
            repeats = np.equal(self.echoes(row - 1)[: len(held)], self.before(row)[:, :, None]) & _PHRASES
            chart, version, echo = np.nonzero(repeats & (echoes != START))
            bonus = np.zeros_like(lift)
            bonus[chart, version, echoes[chart, version, echo]] = _AGAIN
            lift += bonus
        return np.asarray(lift)

    def _uneven(self, charts: int) -> NDArray[np.float64]:
        """What is taken off for symbols on panels that a version has hit often, (charts, count, symbols)."""
        hits = self.hits[:charts]
        share = hits / hits.sum(axis=2, keepdims=True)
        return np.asarray(_BALANCE * (share - 1 / PANELS) @ _PANEL_HIT)

    def finish(self, row: int, lengths: NDArray[np.float32]) -> None:
        """Give the drawn symbols' holds their tails; lengths: log-probabilities (charts, count, lengths)."""
        charts = len(lengths)
        fixed = self.known.fixed.get(row, {})
        was_held = self.held(row)
        symbols, tails = self.symbols[:charts, :, row], self.tails[:charts, :, row]
        for chart, stands in fixed.items():
            for panel, tail in stands.tails.items():
                tails[chart, :, panel] = tail
        for chart in set(np.flatnonzero((_HEADS_OF[symbols] > 0).any(axis=1)).tolist()) - set(fixed):
            noise = self._drawing(chart, row, Draw.TAIL).gumbel(size=lengths.shape[1:])
            for version in np.flatnonzero(_HEADS_OF[symbols[chart]] > 0).tolist():
                heads, likely = ROWS[symbols[chart, version]] > 1, lengths[chart, version] + noise[version]
                tails[chart, version, heads] = self._tail(row, (chart, version), int(heads.sum()), likely)
        hit = (self._ways[:charts, :, None] + 1) & PANEL_BITS > 0
        starts = tails > self.known.ticks[:charts, row, None, None]
        self.last_tail[:charts] = np.where(starts, tails, self.last_tail[:charts])
        ends, now = self.listening.timing.seconds_at(tails), self.known.seconds[:charts, row, None, None]
        self.last_hit[:charts] = np.where(starts, ends, np.where(hit, now, self.last_hit[:charts]))
        self.hits[:charts] += hit
        in_hold = was_held.any(axis=2)
        is_jump = hit.sum(axis=2) > 1
        is_head = starts.any(axis=2)
        rolls = is_head & _IS_ROLL[symbols]
        self._rates.count(np.stack([is_jump & ~in_hold, is_head & ~rolls, rolls, is_jump & in_hold], axis=2))

    def _tail(self, row: int, place: tuple[int, int], heads: int, likely: NDArray[np.float64]) -> int:
        """A tail for a row's heads, the likeliest (lengths,) of those that leave a foot free on the next row.

        place: the chart and its version
        """
        chart = place[0]
        busy_then = int((self.last_tail[place] >= self.known.following[chart, row]).sum())
        fits = self.known.fits[chart, row, int(heads + busy_then >= MOST_HITS)]
        chosen = int(np.argmax(np.where(fits, likely, -np.inf)))
        return int(self.known.ticks[chart, row] + LENGTHS[chosen])

    def survivors(self, row: int) -> NDArray[np.int64] | None:
        """The versions of each chart to go on with, (charts, count), some more than once and others not at all.

        None for all of them.
        """
        weight = self.weight[: self.known.running(row)]
        share = np.exp(weight - np.logaddexp.reduce(weight, axis=1, keepdims=True))
        few = np.flatnonzero(1 / (share**2).sum(axis=1) < _FEW * self.count)
        if not len(few):
            return None
        survivors = np.tile(np.arange(self.count), (len(weight), 1))
        for chart in few.tolist():
            places = (np.arange(self.count) + self._drawing(chart, row, Draw.SURVIVOR).random()) / self.count
            kept = np.minimum(np.searchsorted(np.cumsum(share[chart]), places), self.count - 1)
            for each in (self.symbols, self.tails, self.last_tail, self.last_hit, self.hits):
                each[chart] = each[chart, kept]
            self.weight[chart] = 0.0
            self.dancers.keep(chart, kept)
            self._rates.keep(chart, kept)
            survivors[chart] = kept
        return survivors

    def held_rows(self, chart: int, version: int) -> NDArray[np.bool_]:
        """The panels of a version that are held through each row, (rows, panels)."""
        ticks = self.charts[chart].ticks
        latest = np.maximum.accumulate(self.tails[chart, version, : len(ticks)], axis=0)
        before = np.concatenate([np.full((1, PANELS), -1), latest[:-1]])
        return np.asarray(before > ticks[:, None])

    def drawn(self, chart: int) -> list[int]:
        """The versions of a chart, in an order drawn by their weights."""
        heights = self.weight[chart] + self._drawing(chart, 0, Draw.VERSION).gumbel(size=self.count)
        drawn: list[int] = np.argsort(-heights, kind="stable").tolist()
        return drawn

    def notes(self, chart: int, version: int) -> list[Note]:
        """Taps, heads and tails of a version, on the rows that were not fixed."""
        placed = self.charts[chart]
        notes = []
        for row, tick in enumerate(placed.ticks.tolist()):
            symbol = self.symbols[chart, version, row]
            if row in placed.fixed or symbol == START:
                continue
            for panel in np.flatnonzero(ROWS[symbol]).tolist():
                kind = STATES[ROWS[symbol, panel]]
                assert kind is not None
                notes.append(Note(tick, panel, kind))
                if kind is not NoteKind.TAP:
                    notes.append(Note(int(self.tails[chart, version, row, panel]), panel, NoteKind.TAIL))
        return notes
