"""A song's timing as stretches of one tempo, for formats that have neither stops nor warps."""

from typing import NamedTuple

import numpy as np

from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE, Timing

_SAME_SECONDS = 1e-9


class Stretch(NamedTuple):
    """From ``tick`` on, up to the next stretch, the song goes on at one tempo.

    arrives, hit, resumes: seconds at which the song comes to the tick, at which notes on it are hit, and at which the
    song goes on; between them it stands still (a delay, a stop)
    warped: its ticks are passed in no time
    """

    tick: int
    arrives: float
    hit: float
    resumes: float
    bpm: float
    warped: bool

    @property
    def seconds_per_tick(self) -> float:
        """How long a tick of it lasts."""
        return 0.0 if self.warped else 60 / (self.bpm * TICKS_PER_BEAT)


class BeatLine(NamedTuple):
    """From ``seconds`` on, ``bpm`` beats a minute, the first of them there. on_bar: it begins a measure."""

    seconds: float
    bpm: float
    on_bar: bool


def stretches(timing: Timing, first: int = 0) -> list[Stretch]:
    """The stretches from tick ``first`` on, the first of which begins there. What changes nothing begins none."""
    changes = {event.tick for events in (timing.tempos, timing.stops, timing.delays) for event in events}
    edges = {edge for warp in timing.warps for edge in (warp.tick, warp.tick + warp.ticks)}
    ticks = np.array(sorted({first} | {tick for tick in changes | edges if tick > first}))
    hits, bpms = timing.seconds_at(ticks), timing.bpm_at(ticks)
    halfway = timing.seconds_at(ticks + 0.5)  # nothing but a tick can stop the song
    found: list[Stretch] = []
    for tick, hit, half, bpm in zip(ticks.tolist(), hits.tolist(), halfway.tolist(), bpms.tolist(), strict=True):
        warped = not timing.without_warps(tick, tick + 1)
        before = found[-1] if found else None
        arrives = before.resumes + (tick - before.tick) * before.seconds_per_tick if before else hit
        stretch = Stretch(tick, arrives, hit, 0.0, bpm, warped)
        stretch = stretch._replace(resumes=half - stretch.seconds_per_tick / 2)
        if before is None or not _goes_on(before, stretch):
            found.append(stretch)
    return found


def _goes_on(before: Stretch, stretch: Stretch) -> bool:
    same_pace = before.bpm == stretch.bpm and before.warped == stretch.warped
    return same_pace and stretch.resumes - stretch.arrives < _SAME_SECONDS


def beat_lines(timing: Timing) -> list[BeatLine]:
    """Where games whose beat lines are counted from points in time need such a point, in order; at least one.

    A tempo change, a stop or a warp off the beat, or within a measure, is followed by points that bring the lines back
    to the song's beats and measures.
    """
    found = []
    parts = stretches(timing)
    ends: list[float] = [part.tick for part in parts[1:]]
    for part, end in zip(parts, [*ends, np.inf], strict=True):
        if part.warped:
            continue
        starts = sorted({part.tick, _rounded_up(part.tick, TICKS_PER_BEAT), _rounded_up(part.tick, TICKS_PER_MEASURE)})
        for tick in starts:
            if tick < end:
                seconds = part.resumes + (tick - part.tick) * part.seconds_per_tick
                found.append(BeatLine(seconds, part.bpm, tick % TICKS_PER_MEASURE == 0))
    return found


def _rounded_up(tick: int, unit: int) -> int:
    return -(-tick // unit) * unit
