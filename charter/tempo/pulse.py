"""A steady train of beats, and how it is brought to the millisecond."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from charter.audio import AudibleSpan
from charter.tempo.envelope import RATE
from charter.tempo.peak import peak_place

_TREND_SECONDS = 0.2
# Whole BPMs are what composers set: taken where the beats at the song's ends move by less than this, and the attacks
# agree with it nearly as well.
_WHOLE_BPM_DRIFT_SECONDS = 0.03
_WHOLE_BPM_AGREEMENT = 0.9


class Pulse(NamedTuple):
    """Beats at ``at`` and every ``period`` seconds before and after."""

    at: float
    period: float

    @property
    def bpm(self) -> float:
        """Beats per minute."""
        return 60 / self.period

    def numbers_in(self, start: float, end: float) -> NDArray[np.int64]:
        """Which of its beats lie from ``start`` to ``end`` (seconds); beat 0 is at ``at``."""
        first, last = np.ceil((start - self.at) / self.period), np.floor((end - self.at) / self.period)
        return np.arange(first, last + 1, dtype=np.int64)

    def beats_in(self, start: float, end: float) -> NDArray[np.float64]:
        """Seconds of its beats from ``start`` to ``end``."""
        return np.asarray(self.at + self.numbers_in(start, end) * self.period)

    def off(self, second: float) -> float:
        """How far a moment lies from the nearest beat, -period / 2 to period / 2 seconds."""
        return float((second - self.at + self.period / 2) % self.period - self.period / 2)


class _Stage(NamedTuple):
    """One search around a pulse.

    blur: of the envelope, standard deviation in ms; reach: of the phase, ms; drift, step: of the last beat, seconds
    """

    blur: float
    reach: int
    drift: float
    step: float


# From what a net that hears 20 ms at a time can be off by, down to half a millisecond over a song.
_STAGES = (_Stage(10, 25, 0.04, 0.008), _Stage(5, 12, 0.016, 0.002), _Stage(4, 6, 0.006, 0.0005))


class Sharpener:
    """Brings pulses to the attacks of one recording; holds its envelope blurred for every stage."""

    def __init__(self, envelope: NDArray[np.float32]) -> None:
        rising = np.maximum(envelope - uniform_filter1d(envelope, round(_TREND_SECONDS * RATE)), 0)
        self._margin = 2 * max(stage.reach for stage in _STAGES)
        self._blurred = [np.pad(gaussian_filter1d(rising, stage.blur), self._margin) for stage in _STAGES]

    @property
    def attacks(self) -> NDArray[np.float32]:
        """The envelope above its trend, blurred by 4 ms; (milliseconds,)."""
        return self._blurred[-1][self._margin : -self._margin]

    def sharpened(self, pulse: Pulse, span: AudibleSpan, *, period_known: bool = False) -> Pulse:
        """The pulse that the attacks from ``span.start`` to ``span.end`` agree with most, near the given one.

        period_known: only the phase is found
        """
        if len(pulse.numbers_in(*span)) < 4:
            return pulse
        agreement = 0.0
        for number, stage in enumerate(_STAGES):
            searched = stage._replace(drift=0.0) if period_known else stage
            pulse, agreement = self._searched(pulse, span, number, searched)
        return pulse if period_known else self._at_whole_bpm(pulse, span, agreement)

    def _at_whole_bpm(self, pulse: Pulse, span: AudibleSpan, agreement: float) -> Pulse:
        whole = 60 / max(round(pulse.bpm), 1)
        if abs(whole / pulse.period - 1) * (span.end - span.start) / 2 >= _WHOLE_BPM_DRIFT_SECONDS:
            return pulse
        centred = Pulse(_middle_beat(pulse, span), whole)
        rival, also = self._searched(centred, span, len(_STAGES) - 1, _STAGES[-1]._replace(drift=0.0, reach=12))
        return rival if also > _WHOLE_BPM_AGREEMENT * agreement else pulse

    def _searched(self, pulse: Pulse, span: AudibleSpan, number: int, stage: _Stage) -> tuple[Pulse, float]:
        """The best of all periods and phases around, to between their steps; and its mean height of envelope."""
        middle = _middle_beat(pulse, span)
        beats = np.arange(
            -int((middle - span.start) / pulse.period), int((span.end - middle) / pulse.period) + 1, dtype=np.int64
        )
        farthest = max(-beats[0], beats[-1]) * pulse.period
        steps = round(stage.drift / stage.step) if stage.drift else 0
        stretch = np.arange(-steps, steps + 1) * stage.step / farthest
        offsets = np.arange(-stage.reach, stage.reach + 1)
        blurred = self._blurred[number]
        seconds = middle + beats * pulse.period * (1 + stretch[:, None])
        at = np.clip(
            np.rint(seconds * RATE).astype(np.int64) + self._margin, stage.reach, len(blurred) - 1 - stage.reach
        )
        heights = np.stack([blurred[at + offset].mean(axis=1) for offset in offsets], axis=1)
        best, phase = np.unravel_index(int(heights.argmax()), heights.shape)
        period = pulse.period * (1 + (peak_place(heights[:, phase], int(best)) - steps) * stage.step / farthest)
        moved = (offsets[0] + peak_place(heights[best], int(phase))) / RATE
        return Pulse(middle + moved, float(period)), float(heights[best, phase])


def _middle_beat(pulse: Pulse, span: AudibleSpan) -> float:
    """Turning about the middle, a change of period moves the ends alike."""
    middle = (span.start + span.end) / 2
    return middle - pulse.off(middle)
