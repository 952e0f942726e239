"""A song's timing as MIDI knows it: a clock that never stands still, whose second 0 is the audio's.

A charter tick is 10 of MIDI's. MIDI begins with the audio, so a lead-in brings it to beat 0 (or, of a song whose beat 0
lies before the audio, to the first 64th in it). What takes time without beats, a lead-in, a stop or a delay, becomes as
many beats or parts of a beat as fill it at the song's tempo, which is bent a little until they last exactly as long;
a sequencer that cannot go very slowly or very fast would otherwise lose the music. Their bars are longer or shorter for
it, as time signatures say, and so every measure of the song stays a bar. A stop or delay of less than half a 64th, a
correction by ear, only slows the charter tick beside it. What takes beats without time, a warp, has no place: its beats
are left out.
"""

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.errors import ChartError
from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE, Timing, to_beat
from export.stretches import Stretch, stretches

TICKS_PER_QUARTER = 480
_PER_TICK = TICKS_PER_QUARTER // TICKS_PER_BEAT
_WHOLE = 4 * TICKS_PER_QUARTER
_MEASURE = TICKS_PER_MEASURE * _PER_TICK
_FINEST = TICKS_PER_QUARTER // 16  # a 64th, the finest that time signatures are commonly in
_UNITS = (TICKS_PER_QUARTER, TICKS_PER_QUARTER // 2, TICKS_PER_QUARTER // 4, TICKS_PER_QUARTER // 8, _FINEST)
_MOST_BENT = 0.15  # of a tempo, for coarser units
_LONGEST_QUARTER = (1 << 24) - 1  # microseconds, in a MIDI file
_UNHEARD_SECONDS = 4e-6  # for less, no quarter is short enough


class TempoChange(NamedTuple):
    """From MIDI tick ``tick`` on, a quarter lasts ``quarter`` microseconds."""

    tick: int
    quarter: int


class TimeSignature(NamedTuple):
    """From MIDI tick ``tick`` on, bars of ``beats`` notes of length 1/``unit``."""

    tick: int
    beats: int
    unit: int


class _Place(NamedTuple):
    """Where a stretch begins in MIDI ticks: its notes are at ``hit``, and from ``resumes`` on it moves."""

    hit: int
    resumes: int


class Timeline:
    """A timing in MIDI ticks.

    tempos, signatures: in order, the first on tick 0. A quarter is a whole number of microseconds, so that within a
    stretch of one tempo times drift by up to half a microsecond a beat; each stretch begins where it should.

    Raises ChartError for a tempo that MIDI cannot hold.
    """

    def __init__(self, timing: Timing) -> None:
        first = _first_tick(timing)
        self._stretches = stretches(timing, first)
        self._ticks = [stretch.tick for stretch in self._stretches]
        self.tempos: list[TempoChange] = []
        self._tempo_seconds: list[float] = []  # when they begin
        self._now = 0  # MIDI ticks
        self._clock = 0.0  # seconds that MIDI takes to get there
        self._places = self._lay_out()
        self.signatures = self._sign(first)

    def at(self, ticks: Sequence[int]) -> list[int]:
        """Where notes on these charter ticks are hit, in MIDI ticks.

        Raises ChartError for one before the audio.
        """
        return [self._at(tick) for tick in ticks]

    def nearest(self, seconds: NDArray[np.float64]) -> list[int]:
        """The MIDI ticks nearest to these seconds of the audio. Raises ChartError for one before it."""
        if len(seconds) and seconds.min() < 0:
            raise ChartError(f"a note at {seconds.min():.3f} s stands before the start of the music")
        index = np.searchsorted(self._tempo_seconds, seconds, side="right") - 1
        ticks, quarters = np.array(self.tempos)[index].T
        later = (seconds - np.array(self._tempo_seconds)[index]) * 1e6 * TICKS_PER_QUARTER / quarters
        return [round(tick) for tick in (ticks + later).tolist()]

    def _at(self, tick: int) -> int:
        index = bisect_right(self._ticks, tick) - 1
        if index < 0:
            raise ChartError(f"the note on beat {float(to_beat(tick)):g} stands before the start of the music")
        stretch, place = self._stretches[index], self._places[index]
        if tick == stretch.tick:
            return place.hit
        return place.resumes + _length(stretch, tick)

    def _lay_out(self) -> list[_Place]:
        places = []
        passed = 0  # MIDI ticks of the stretch before
        for before, stretch in zip([None, *self._stretches], self._stretches, strict=False):
            if before is None:
                self._fill(stretch.hit, stretch.hit, stretch.bpm)
            else:
                self._come_to(stretch, before, _length(before, stretch.tick) - passed)
            hit = self._now
            passed = _PER_TICK if _is_short(stretch.resumes - stretch.hit, stretch) else 0
            if passed:
                self._pass(passed, stretch.resumes + stretch.seconds_per_tick)
            else:
                self._fill(stretch.resumes - stretch.hit, stretch.resumes, stretch.bpm)
            places.append(_Place(hit, self._now - passed))
        self._add_tempo(round(60e6 / self._stretches[-1].bpm))
        return places

    def _come_to(self, stretch: Stretch, before: Stretch, length: int) -> None:
        """Go on from one stretch, in which so many MIDI ticks are left, to where notes on the next are hit."""
        if length >= _PER_TICK and _is_short(stretch.hit - stretch.arrives, before):
            self._pass(length - _PER_TICK, stretch.arrives - before.seconds_per_tick)
            self._pass(_PER_TICK, stretch.hit)
        else:
            self._pass(length, stretch.arrives)
            self._fill(stretch.hit - stretch.arrives, stretch.hit, before.bpm)

    def _fill(self, seconds: float, until: float, bpm: float) -> None:
        """Let so many seconds pass, up to ``until``, that have no beats of their own."""
        if seconds <= _UNHEARD_SECONDS:
            return
        quarters = seconds * bpm / 60
        for unit in _UNITS:
            count = round(quarters * TICKS_PER_QUARTER / unit)
            if count and abs(quarters * TICKS_PER_QUARTER / (count * unit) - 1) <= _MOST_BENT:
                break
        self._pass(max(count, 1) * unit, until)

    def _pass(self, length: int, until: float) -> None:
        """Let so many MIDI ticks pass up to ``until`` seconds."""
        if length == 0:
            return
        quarters = length / TICKS_PER_QUARTER
        quarter = max(round((until - self._clock) * 1e6 / quarters), 1)
        self._add_tempo(quarter)
        self._now += length
        self._clock += quarter * quarters / 1e6

    def _add_tempo(self, quarter: int) -> None:
        if quarter > _LONGEST_QUARTER:
            raise ChartError(f"a .mid file cannot hold a tempo of {60e6 / quarter:.3g} BPM; the slowest is 3.58")
        if not self.tempos or self.tempos[-1].quarter != quarter:
            self.tempos.append(TempoChange(self._now, quarter))
            self._tempo_seconds.append(self._clock)

    def _sign(self, first: int) -> list[TimeSignature]:
        """Time signatures: every measure of the song is a bar, and what the lead-in has too much a bar before them."""
        downbeat = -(-first // TICKS_PER_MEASURE) * TICKS_PER_MEASURE
        measures = range(downbeat, self._ticks[-1] + 2 * TICKS_PER_MEASURE, TICKS_PER_MEASURE)
        song = sorted(set(self.at(measures)))  # measures in a warp are one
        lead_in = range(song[0] % _MEASURE, song[0], _MEASURE)
        bars = [*dict.fromkeys([0, *lead_in, *song])]
        signatures: list[TimeSignature] = []
        for start, end in [*pairwise(bars), (bars[-1], bars[-1] + _MEASURE)]:
            signature = TimeSignature(start, *_beats_and_unit(end - start))
            if not signatures or signatures[-1][1:] != signature[1:]:
                signatures.append(signature)
        return signatures


def _first_tick(timing: Timing) -> int:
    """The first charter tick on the timeline: beat 0, or if that lies before the audio, the first 64th in it."""
    unit = _FINEST // _PER_TICK
    tick = max(0, -int(-timing.ticks_at(0.0) // unit) * unit)
    while timing.seconds_at(tick) < 0:  # a stop there holds the song until the audio has begun
        tick += unit
    return tick


def _length(stretch: Stretch, until: int) -> int:
    """MIDI ticks from a stretch's start to a charter tick in it."""
    return 0 if stretch.warped else (until - stretch.tick) * _PER_TICK


def _is_short(pause: float, stretch: Stretch) -> bool:
    """Whether a pause of so many seconds beside a stretch is less than half of the finest unit."""
    return not stretch.warped and _UNHEARD_SECONDS < pause < 60 / stretch.bpm * _FINEST / TICKS_PER_QUARTER / 2


def _beats_and_unit(length: int) -> tuple[int, int]:
    """The time signature of a bar of so many MIDI ticks; 4/4 for one that none can say (a warp on an odd tick)."""
    whole = Fraction(length, _WHOLE)
    unit = max(whole.denominator, 4)
    beats = whole * unit
    is_power_of_2 = unit & (unit - 1) == 0
    return (int(beats), unit) if is_power_of_2 and beats < 256 else (4, 4)
