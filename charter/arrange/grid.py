"""The moments at which a note of the arrangement may start: the song's own grid, fine enough for any tempo."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE, Timing

_SHORTEST_SLOT_SECONDS = 0.025
_PER_BEAT = 12  # sixteenths and triplets both
_SHORTEST_HARMONY_SECONDS = 0.6  # half a bar at 200 BPM

# What a start costs by the coarsest division of the beat that its slot stands on: eighths are everywhere, twelfths that
# are on neither the sixteenths nor the triplets are nowhere.
_DIVISION_COSTS = ((24, 0.0), (12, 0.1), (16, 0.35), (8, 0.6))
_OFF_COST = 1.5
_REACH_SECONDS = 0.03  # from an attack to the slot that is meant


@dataclass(frozen=True, eq=False)
class SlotGrid:
    """Slots one after the other, from the first to the last moment of a recording.

    edges: (slots + 1,) seconds, rising; slot i is from edges[i] to edges[i + 1]
    ticks: (slots,) the position of each slot's start; costs: (slots,) what a start there costs a line, in its points
    harmonies: (slots,) number of the stretch, half a bar or more, within which one chord is sought; from 0, never falls
    """

    edges: NDArray[np.float64]
    ticks: NDArray[np.float64]
    costs: NDArray[np.float64]
    harmonies: NDArray[np.int64]

    @classmethod
    def of(cls, timing: Timing, duration: float) -> "SlotGrid":
        """The grid of ``duration`` seconds of audio, above 0. Slots last 12 to 50 ms; the first and last may be cut."""
        starts = [0.0, *(float(timing.seconds_at(tempo.tick)) for tempo in timing.tempos[1:]), duration]
        parts = []
        for (start, end), tempo in zip(pairwise(starts), timing.tempos, strict=True):
            if start < duration and end > 0 and end > start:
                parts.append(_moments(timing, max(start, 0.0), min(end, duration), tempo.bpm))
        seconds = _spaced(np.concatenate(parts) if parts else np.zeros(0), duration)
        ticks = timing.ticks_at(seconds)
        whole = np.round(ticks)
        on_tick = np.abs(ticks - whole) < 1e-3
        costs = np.full(len(seconds), _OFF_COST)
        for division, cost in reversed(_DIVISION_COSTS):
            costs[on_tick & (whole % division == 0)] = cost
        return cls(np.append(seconds, duration), ticks, costs, _harmonies(timing, seconds, ticks))

    @property
    def lengths(self) -> NDArray[np.float64]:
        """(slots,) seconds."""
        return np.diff(self.edges)

    def snapped(self, seconds: NDArray[np.float64]) -> NDArray[np.int64]:
        """The slot at whose start each attack is meant, (n,) of (n,) seconds; -1 where none is near.

        That is a near one, or one not quite so near on a commoner division of the beat.
        """
        starts = self.edges[:-1]
        around = np.searchsorted(starts, seconds)[:, None] + np.arange(-2, 2)
        inside = np.clip(around, 0, len(starts) - 1)
        apart = np.abs(starts[inside] - seconds[:, None])
        price = np.where(apart <= _REACH_SECONDS, apart / _REACH_SECONDS + self.costs[inside], np.inf)
        best = price.argmin(axis=1)[:, None]
        slot = np.take_along_axis(inside, best, axis=1)[:, 0]
        return np.asarray(np.where(np.isfinite(price.min(axis=1)), slot, -1), dtype=np.int64)


def _moments(timing: Timing, start: float, end: float, bpm: float) -> NDArray[np.float64]:
    """Starts of slots within a stretch of one tempo, seconds."""
    step = TICKS_PER_BEAT / _PER_BEAT
    tick_seconds = 60 / (bpm * TICKS_PER_BEAT)
    while step * tick_seconds < _SHORTEST_SLOT_SECONDS:
        # Thirds of a sixteenth go first, then every power of two: what is left stands on the beat as long as it can.
        step *= 3 if step == TICKS_PER_BEAT / _PER_BEAT else 2
    while step * tick_seconds >= 2 * _SHORTEST_SLOT_SECONDS:
        step /= 2
    parts = timing.without_warps(*timing.ticks_at([start, end]))
    ticks = [np.arange(np.ceil(first / step - 1e-6), np.floor(last / step) + 1) * step for first, last in parts]
    return timing.seconds_at(np.concatenate([np.zeros(0), *ticks]))


def _spaced(seconds: NDArray[np.float64], duration: float) -> NDArray[np.float64]:
    """Moments within the recording, no two close together and no long gap between any: those of stops are filled."""
    seconds = np.unique(np.clip(np.append(seconds, 0.0), 0.0, None))
    seconds = seconds[seconds < max(duration - _SHORTEST_SLOT_SECONDS / 2, _SHORTEST_SLOT_SECONDS / 2)]
    # The moment of a tempo change may fall beside one of the grid before it: the later one stands.
    keep = np.append(np.diff(seconds) >= _SHORTEST_SLOT_SECONDS / 2, True)
    keep[0] = True
    seconds = seconds[keep]
    gaps = np.diff(np.append(seconds, duration))
    pieces = np.ceil(gaps / (2 * _SHORTEST_SLOT_SECONDS) - 1e-6).astype(np.int64)
    which = np.repeat(np.arange(len(seconds)), pieces)
    within = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return np.asarray(seconds[which] + within * (gaps / pieces)[which])


def _harmonies(timing: Timing, seconds: NDArray[np.float64], ticks: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each slot the stretch of harmony it is in: half bars, longer at tempos at which they are short."""
    lengths = 60 / timing.bpm_at(ticks) * TICKS_PER_MEASURE / 2 / TICKS_PER_BEAT
    doublings = np.ceil(np.log2(np.maximum(_SHORTEST_HARMONY_SECONDS / lengths, 1)))
    span = TICKS_PER_MEASURE / 2 * 2**doublings
    number = np.floor((ticks + 1e-3) / span)
    changes = (np.diff(number, prepend=number[:1]) != 0) | (np.diff(span, prepend=span[:1]) != 0)
    return np.cumsum(changes)
