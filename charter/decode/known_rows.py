"""What is known of the rows of several charts before any symbol is written, as arrays."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from charter.decode.gaps import HAIR
from charter.decode.placed import Fixed, Listening, Placed
from charter.model.rows import NO_ROW, echoes
from charter.model.vocabulary import LENGTHS, START

SHORTEST_GAP_TICKS = 6  # between a tail and the next note on its panel


class KnownRows:
    """The rows of charts, longest chart first, so that those which have a row are the first ones.

    ticks, seconds, since: (charts, rows) when each row is, and how long after the one before
    following: (charts, rows) the tick of the next row; one far behind the end for the last
    echoes: (charts, rows, echoes) the rows that stand measures before, or NO_ROW
    crowded: (charts, rows) whether a row before or behind is too near for a jump
    fits: (charts, rows, 2, lengths) the lengths of holds that there is room for; and if they end before the next row
    Behind a chart's end there is nothing of meaning.
    """

    def __init__(self, charts: Sequence[Placed], listening: Listening) -> None:
        self.charts = charts
        self.counts = [len(chart.ticks) for chart in charts]
        shape = len(charts), self.counts[0]
        timing = listening.timing
        self.ticks = np.zeros(shape, dtype=np.int64)
        self.following = np.zeros(shape, dtype=np.int64)
        self.seconds, self.since = np.zeros(shape), np.ones(shape)
        self.crowded = np.zeros(shape, dtype=np.bool_)
        self.fits = np.zeros((*shape, 2, len(LENGTHS)), dtype=np.bool_)
        places = [echoes(chart.ticks) for chart in charts]
        self.echoes = np.full((*shape, places[0].shape[1]), NO_ROW)
        for place, chart in enumerate(charts):
            rows, ticks = slice(len(chart.ticks)), chart.ticks
            seconds = timing.seconds_at(ticks)
            self.ticks[place, rows], self.seconds[place, rows] = ticks, seconds
            self.following[place, rows] = np.append(ticks[1:], ticks[-1] + LENGTHS[-1] + 1)
            self.since[place, 1 : rows.stop] = np.maximum(np.diff(seconds), 1e-3)
            self.echoes[place, rows] = places[place]
            gaps = np.diff(seconds, prepend=-np.inf, append=np.inf)
            self.crowded[place, rows] = np.minimum(gaps[:-1], gaps[1:]) < chart.rules.fastest_jump - HAIR
            lasts = timing.seconds_at(ticks[:, None] + LENGTHS) - seconds[:, None]
            last = np.minimum(listening.last_tick, _barriers(chart) - SHORTEST_GAP_TICKS)
            by_next = np.minimum(last, self.following[place, rows] - 1)
            inside = ticks[:, None, None] + LENGTHS <= np.stack([last, by_next], axis=1)[:, :, None]
            self.fits[place, rows] = inside & (lasts >= chart.rules.shortest_hold)[:, None]

    @cached_property
    def fixed(self) -> dict[int, dict[int, Fixed]]:
        """What stands already, by row and then by chart."""
        found: dict[int, dict[int, Fixed]] = {}
        for place, chart in enumerate(self.charts):
            for row, fixed in chart.fixed.items():
                found.setdefault(row, {})[place] = fixed
        return found

    def running(self, row: int) -> int:
        """How many charts have a row."""
        return sum(count > row for count in self.counts)

    def read(self, symbols: NDArray[np.int64], row: int) -> NDArray[np.int64]:
        """The symbols on the echoes of a row, (charts, count, echoes); symbols: (charts, count, rows)."""
        places = self.echoes[: self.running(row), row]
        read = symbols[np.arange(len(places))[:, None, None], np.arange(symbols.shape[1])[:, None], places[:, None]]
        return np.where(places[:, None] == NO_ROW, START, read)


def _barriers(chart: Placed) -> NDArray[np.int64]:
    """Of each row, the tick of the next standing note behind it, which no new hold may reach; or the chart's bound."""
    bound = np.iinfo(np.int64).max if chart.until is None else chart.until
    standing = np.array([*sorted({note.tick for note in chart.standing}), bound], dtype=np.int64)
    behind = standing[np.minimum(np.searchsorted(standing, chart.ticks, side="right"), len(standing) - 1)]
    return np.minimum(behind, bound)
