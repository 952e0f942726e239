"""Timing points of osu! as a `Timing`.

In osu! a point stands at any time and begins a new beat there; here tempos change on ticks. So the part from one point
to the next is given a number of ticks, and its tempo is bent until the next point is heard to the digit where it was.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from charter.notation import TICKS_PER_BEAT, Tempo, Timing

# Ticks into a beat at which the next part may begin: none, or where music divides a beat (8ths and 12ths of it). What
# is left over beside these is a correction by ear or a rounded number. Kept as an odd tick, it would put every later
# beat of the song where no note is ever written.
_DIVISIONS: list[int] = sorted({*range(0, TICKS_PER_BEAT + 1, 6), *range(0, TICKS_PER_BEAT + 1, 4)})
_SHORTEST_PART = _DIVISIONS[1]
_UNHEARD_MS = 3.0  # by so much a beat may be moved
_BPM_DECIMALS = 9  # of 333.333333333333 ms, a beat is meant to be of 180 BPM: a microsecond in hours


SHORTEST_BEAT_MS, LONGEST_BEAT_MS = 6.0, 60_000.0  # osu! plays any other as the nearer of these


class TimingPoint(NamedTuple):
    """From ``time`` on, beats of ``beat_length``; both in ms."""

    time: float
    beat_length: float


def timing_of(points: Iterable[TimingPoint]) -> Timing:
    """The timing of at least one uninherited point, in any order; the first is beat 0.

    Every point falls on a tick and is heard at its time (of points within 3 ms of each other, the last). Between two
    points lie whole beats, and where the later one cuts a beat short, its nearest 8th or 12th; beats before the cut
    are heard within 3 ms of where osu! has them.
    """
    parts = _without_doubles(points)
    tempos: list[Tempo] = []
    tick = 0
    for part, following in pairwise(parts):
        ticks = _ticks(part, following.time - part.time)
        tempos += _bent(part, following.time - part.time, tick, ticks)
        tick += ticks
    tempos.append(Tempo(tick, _bpm(TICKS_PER_BEAT, parts[-1].beat_length)))
    return Timing(tuple(tempos), offset=(0 - parts[0].time) / 1000)  # 0 - x: never -0.0


def _without_doubles(points: Iterable[TimingPoint]) -> list[TimingPoint]:
    """In order of time, the last of each handful that stands within `_UNHEARD_MS`."""
    kept: list[TimingPoint] = []
    first = 0.0  # the time of the first of the handful that kept[-1] is of
    for point in sorted(points, key=lambda point: point.time):
        if kept and point.time - first <= _UNHEARD_MS:
            kept[-1] = point
        else:
            kept.append(point)
            first = point.time
    return kept


def _ticks(part: TimingPoint, duration: float) -> int:
    """How many ticks a part of ``duration`` ms is given: at least one division of a beat."""
    whole, rest = divmod(duration / part.beat_length, 1)
    cut = min(_DIVISIONS, key=lambda division: abs(division - rest * TICKS_PER_BEAT))
    return max(int(whole) * TICKS_PER_BEAT + cut, _SHORTEST_PART)


def _bent(part: TimingPoint, duration: float, tick: int, ticks: int) -> list[Tempo]:
    """The tempos by which ``ticks`` ticks from ``tick`` on last ``duration`` ms.

    What cannot be heard is spread over the part; more than that is borne by its last beat alone, so that those before
    it stay where osu! has them.
    """
    moved = duration - ticks * part.beat_length / TICKS_PER_BEAT
    last_beat = (ticks - 1) // TICKS_PER_BEAT * TICKS_PER_BEAT
    if abs(moved) <= _UNHEARD_MS or last_beat == 0:
        return [Tempo(tick, _bpm(ticks, duration))]
    before = last_beat * part.beat_length / TICKS_PER_BEAT
    return [
        Tempo(tick, _bpm(TICKS_PER_BEAT, part.beat_length)),
        Tempo(tick + last_beat, _bpm(ticks - last_beat, duration - before)),
    ]


def _bpm(ticks: int, duration: float) -> float:
    return round(ticks / TICKS_PER_BEAT * 60_000 / duration, _BPM_DECIMALS)
