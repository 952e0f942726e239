"""Where a beat falls in time, and back.

Positions are whole ticks, 48 to the beat: exact, as in the game. Seconds are floats and exist only at the audio edge.
Beat 0 is heard at ``-offset`` seconds. The conversion follows StepMania: a stop freezes the song after the notes on its
row, a delay before them, a warp passes its beats in no time.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from charter.errors import TimingError

TICKS_PER_BEAT = 48
BEATS_PER_MEASURE = 4
TICKS_PER_MEASURE = TICKS_PER_BEAT * BEATS_PER_MEASURE

# What happens on one tick happens in this order; notes are hit between the delay's end and the stop.
_FAKE, _FAKE_END, _WARP, _WARP_END, _BPM, _DELAY, _DELAY_END, _STOP, _STOP_END = range(9)
_TAGS = 9
# Within these every place and time is a finite float, and every tick an exact one. Gimmicks of real files are, too.
_LAST_TICK = 1 << 40
_SLOWEST_BPM, _FASTEST_BPM = 1e-6, 1e15
_MOST_SECONDS = 1e18


class Tempo(NamedTuple):
    """From ``tick`` on, ``bpm`` beats a minute."""

    tick: int
    bpm: float


class Pause(NamedTuple):
    """At ``tick`` the song stands still for ``seconds``."""

    tick: int
    seconds: float


class Span(NamedTuple):
    """``ticks`` ticks from ``tick`` on."""

    tick: int
    ticks: int


def to_tick(beat: float | Fraction) -> int:
    """The tick nearest to a beat (halves go to the even tick, as in StepMania's readers)."""
    return round(beat * TICKS_PER_BEAT)


def to_beat(tick: int) -> Fraction:
    """The exact beat of a tick."""
    return Fraction(tick, TICKS_PER_BEAT)


@dataclass(frozen=True)
class Timing:
    """A song's tempo map.

    tempos: first on tick 0, rising ticks, each a BPM above 0
    offset: seconds; beat 0 is heard at ``-offset``
    stops, delays: pauses of at least 0 s; warps, fakes: spans of at least 0 ticks

    Raises TimingError where these do not hold, and for numbers so large or small that no song can mean them.
    """

    tempos: tuple[Tempo, ...]
    offset: float = 0.0
    stops: tuple[Pause, ...] = ()
    delays: tuple[Pause, ...] = ()
    warps: tuple[Span, ...] = ()
    fakes: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not abs(self.offset) <= _MOST_SECONDS:
            raise TimingError(f"the offset is {self.offset:g} s; it must be within reach of a song")
        _check_places(self)
        _check_tempos(self.tempos)
        for pauses, name in ((self.stops, "stop"), (self.delays, "delay")):
            for pause in pauses:
                if not 0 <= pause.seconds <= _MOST_SECONDS:
                    raise TimingError(f"the {name} at beat {_beat(pause.tick)} lasts {pause.seconds:g} s")
        for spans, name in ((self.warps, "warp"), (self.fakes, "fake span")):
            for span in spans:
                if span.ticks < 0:
                    raise TimingError(f"the {name} at beat {_beat(span.tick)} goes backwards")
        for events in (self.tempos, self.stops, self.delays, self.warps, self.fakes):
            if any(a[0] > b[0] for a, b in pairwise(events)):
                raise TimingError("the timing's events are not in order of beat")

    @classmethod
    def constant(cls, bpm: float, offset: float = 0.0) -> "Timing":
        """One tempo for the whole song."""
        return cls((Tempo(0, bpm),), offset)

    @cached_property
    def _states(self) -> "_States":
        return _States.of(self)

    def seconds_at(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """When notes on these ticks are hit, in seconds; same shape as ``ticks`` (fractions of a tick are allowed)."""
        return self._states.seconds_at(np.asarray(ticks, dtype=np.float64))

    def ticks_at(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """The position at these times, in (fractional) ticks; same shape. During a pause it is the pause's tick."""
        return self._states.ticks_at(np.asarray(seconds, dtype=np.float64))

    def bpm_at(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """The tempo on these ticks; same shape. Before beat 0 the first tempo holds."""
        starts = [tempo.tick for tempo in self.tempos]
        index = np.searchsorted(starts, np.asarray(ticks, dtype=np.float64), side="right") - 1
        return np.array([tempo.bpm for tempo in self.tempos])[np.maximum(index, 0)]

    def mean_bpm(self, start: float, end: float) -> float:
        """Beats per minute of the audio between two times in seconds, stops included."""
        first, last = self.ticks_at([start, end])
        return float(60 * (last - first) / TICKS_PER_BEAT / (end - start))

    def hittable(self, ticks: ArrayLike) -> NDArray[np.bool_]:
        """Whether a note on these ticks can be hit: not in a fake span, not passed over by a warp; same shape."""
        return self._states.hittable(np.asarray(ticks, dtype=np.float64))

    def without_warps(self, first: float, last: float) -> list[tuple[float, float]]:
        """The ticks from ``first`` up to ``last`` less those that a warp passes in no time: where from and where to."""
        parts = []
        for start, end in _merged(self.warps):
            if first < min(start, last):
                parts.append((first, min(start, last)))
            first = max(first, end)
        return [*parts, (first, last)] if first < last else parts

    def shifted(self, seconds: float) -> "Timing":
        """The same tempo map with every beat ``seconds`` later in the audio."""
        return Timing(self.tempos, self.offset - seconds, self.stops, self.delays, self.warps, self.fakes)


def _check_places(timing: Timing) -> None:
    spans = (*timing.warps, *timing.fakes)
    starts = [event[0] for event in (*timing.tempos, *timing.stops, *timing.delays, *spans)]
    if any(abs(tick) > _LAST_TICK for tick in (*starts, *(span.tick + span.ticks for span in spans))):
        raise TimingError(f"the timing goes on behind beat {_LAST_TICK // TICKS_PER_BEAT}: is there a digit too many?")


def _check_tempos(tempos: tuple[Tempo, ...]) -> None:
    if not tempos:
        raise TimingError("the timing has no BPM")
    if tempos[0].tick != 0:
        raise TimingError(f"the first BPM stands on beat {_beat(tempos[0].tick)}, not on beat 0")
    for tempo in tempos:
        if not (np.isfinite(tempo.bpm) and tempo.bpm > 0):
            raise TimingError(f"the BPM at beat {_beat(tempo.tick)} is {tempo.bpm:g}; it must be above 0")
        if not _SLOWEST_BPM <= tempo.bpm <= _FASTEST_BPM:
            raise TimingError(f"the BPM at beat {_beat(tempo.tick)} is {tempo.bpm:g}, which no song has")


def _beat(tick: int) -> str:
    return f"{tick / TICKS_PER_BEAT:g}"


def _merged(spans: tuple[Span, ...]) -> list[tuple[int, int]]:
    """(start, end) of spans, those that touch or overlap joined."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        end = span.tick + span.ticks
        if joined and span.tick <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((span.tick, end))
    return joined


class _States(NamedTuple):
    """What holds from each event on, as parallel arrays in order of (tick, tag)."""

    ticks: NDArray[np.float64]
    keys: NDArray[np.float64]  # tick * _TAGS + tag
    seconds: NDArray[np.float64]
    seconds_per_tick: NDArray[np.float64]  # 0 inside a warp
    tempo_seconds_per_tick: NDArray[np.float64]  # warps passed over
    paused: NDArray[np.bool_]
    warped: NDArray[np.bool_]
    faked: NDArray[np.bool_]
    resumes: NDArray[np.bool_]  # the event ends a stop or delay

    @classmethod
    def of(cls, timing: Timing) -> "_States":
        events: list[tuple[int, int, float]] = [(t.tick, _BPM, t.bpm) for t in timing.tempos[1:]]
        for pauses, start_tag in ((timing.stops, _STOP), (timing.delays, _DELAY)):
            for pause in pauses:
                events += [(pause.tick, start_tag, pause.seconds), (pause.tick, start_tag + 1, pause.seconds)]
        for spans, start_tag in ((timing.warps, _WARP), (timing.fakes, _FAKE)):
            for start, end in _merged(spans):
                events += [(start, start_tag, 0.0), (end, start_tag + 1, 0.0)]
        events.sort(key=lambda event: event[:2])

        states = [(0, _BPM, -timing.offset, 60 / (timing.tempos[0].bpm * TICKS_PER_BEAT), False, False)]
        pause_left = 0.0
        for tick, tag, value in events:
            last_tick, _, seconds, slope, warped, faked = states[-1]
            seconds += pause_left + (0.0 if warped else (tick - last_tick) * slope)
            pause_left = value if tag in (_STOP, _DELAY) else 0.0
            if tag == _BPM:
                slope = 60 / (value * TICKS_PER_BEAT)
            warped = (warped or tag == _WARP) and tag != _WARP_END
            faked = (faked or tag == _FAKE) and tag != _FAKE_END
            states.append((tick, tag, seconds, slope, warped, faked))
        ticks, tags, seconds_, slopes, warps, fakes = (np.array(column) for column in zip(*states, strict=True))
        return cls(
            ticks=ticks.astype(np.float64),
            keys=(ticks * _TAGS + tags).astype(np.float64),
            seconds=seconds_.astype(np.float64),
            seconds_per_tick=np.where(warps, 0.0, slopes),
            tempo_seconds_per_tick=slopes.astype(np.float64),
            paused=np.isin(tags, (_STOP, _DELAY)),
            warped=warps.astype(np.bool_),
            faked=fakes.astype(np.bool_),
            resumes=np.isin(tags, (_STOP_END, _DELAY_END)),
        )

    def _before(self, ticks: NDArray[np.float64], tag: int) -> NDArray[np.intp]:
        """Index of the last event at or before (tick, tag)."""
        return np.maximum(np.searchsorted(self.keys, ticks * _TAGS + tag, side="right") - 1, 0)

    def seconds_at(self, ticks: NDArray[np.float64]) -> NDArray[np.float64]:
        # A fractional tick must not reach into the tags of the next whole one: compare by its floor.
        state = self._before(np.floor(ticks), _STOP)
        after_pause = self.paused[state] & (ticks > self.ticks[state])
        state = np.where(after_pause, self._before(np.floor(ticks), _STOP_END), state)
        return self.seconds[state] + (ticks - self.ticks[state]) * self.seconds_per_tick[state]

    def ticks_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        state = np.maximum(np.searchsorted(self.seconds, seconds, side="right") - 1, 0)
        elapsed = np.where(self.paused[state], 0.0, seconds - self.seconds[state])
        return self.ticks[state] + elapsed / self.tempo_seconds_per_tick[state]

    def hittable(self, ticks: NDArray[np.float64]) -> NDArray[np.bool_]:
        state = self._before(ticks, _STOP_END)
        on_pause = self.resumes[state] & (self.ticks[state] == ticks)
        return np.asarray(~self.faked[state] & (~self.warped[state] | on_pause), dtype=np.bool_)
