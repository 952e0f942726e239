"""The warps of old `.sm` files, which had no tag for them: BPMs and stops below 0, as StepMania plays them.

With a BPM below 0 the song's time runs backwards while its beats go on, and a stop below 0 takes time back at once.
Until the song is again as late as it was before, its beats pass in no time: a warp. So they do at a BPM that is too
fast to be one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from charter.errors import TimingError
from charter.notation import TICKS_PER_BEAT, Pause, Span, Tempo, to_beat

FASTEST_BPM = 9_999_999.0  # beats of a faster one take no time


@dataclass
class PlayedTempos:
    """A song as it is played: tempos above 0, stops of at least 0 s, and the warps that others stood for."""

    tempos: list[Tempo] = field(default_factory=list)
    stops: list[Pause] = field(default_factory=list)
    warps: list[Span] = field(default_factory=list)


def played(tempos: Sequence[Tempo], stops: Sequence[Pause]) -> PlayedTempos:
    """The tempos and stops of a `.sm`, in order of tick, as they are played.

    A warp ends on the tick that is nearest, as in StepMania. Tempos that mean nothing even so (a 0, a warp before the
    song has a tempo) come back as they are. Raises TimingError for a warp that does not end.
    """
    if not tempos or not 0 < tempos[0].bpm <= FASTEST_BPM or any(tempo.bpm == 0 for tempo in tempos):
        return PlayedTempos([*tempos], [*stops])
    clock = _Clock(tempos[0].bpm, tempos[0].tick)
    clock.played.tempos.append(tempos[0])
    # On one tick the tempo comes first.
    events = [(tempo.tick, 0, tempo.bpm) for tempo in tempos[1:]] + [(stop.tick, 1, stop.seconds) for stop in stops]
    for tick, is_stop, value in sorted(events, key=lambda event: event[:2]):
        clock.advance(tick)
        if is_stop:
            clock.stop(value)
        else:
            clock.change(value)
    clock.finish()
    return clock.played


class _Clock:
    """The song's place and tempo on the way through it; inside a warp, how much time it has to make good."""

    def __init__(self, bpm: float, tick: int) -> None:
        self.played = PlayedTempos()
        self.bpm = bpm
        self.tick = tick
        self.start: int | None = None  # of the warp, inside one
        self.owed = 0.0  # seconds until the warp is over
        self.bpm_before = bpm  # the warp

    @property
    def _warps(self) -> bool:
        return not 0 < self.bpm <= FASTEST_BPM

    def advance(self, tick: int) -> None:
        if self.start is not None and self.bpm <= FASTEST_BPM:
            self.owed -= (tick - self.tick) * 60 / (self.bpm * TICKS_PER_BEAT)
            if self.owed < 0:
                self._end(self.start, tick + self._ticks_owed())
        self.tick = tick

    def change(self, bpm: float) -> None:
        before, self.bpm = self.bpm, bpm
        if self.start is None and self._warps:
            self.start, self.owed, self.bpm_before = self.tick, 0.0, before
        elif self.start is None:
            self.played.tempos.append(Tempo(self.tick, bpm))

    def stop(self, seconds: float) -> None:
        if self.start is None and seconds >= 0:
            self.played.stops.append(Pause(self.tick, seconds))
        elif self.start is None:
            self.start, self.owed, self.bpm_before = self.tick, -seconds, self.bpm
        else:
            self.owed -= seconds
            if self.owed < 0:
                self.played.stops.append(Pause(self.tick, -self.owed))
                self._end(self.start, self.tick)

    def finish(self) -> None:
        if self.start is None:
            return
        if self._warps:
            beat = float(to_beat(self.start))
            raise TimingError(f"from beat {beat:g} on the BPM is {self.bpm:g}: a warp that does not end")
        self._end(self.start, self.tick + self._ticks_owed())

    def _ticks_owed(self) -> int:
        return round(self.owed * self.bpm * TICKS_PER_BEAT / 60)

    def _end(self, start: int, end: int) -> None:
        """The warp is over on tick ``end``; at a BPM that warps, the next begins there."""
        if end > start:
            self.played.warps.append(Span(start, end - start))
        if self._warps:
            self.start, self.owed = end, 0.0
            return
        if self.bpm != self.bpm_before:
            self.played.tempos.append(Tempo(start, self.bpm))
        self.start = None
