"""Beats through changes of tempo: the pulse that is best at each moment, changed as seldom as the sound allows.

The song is cut into hops of a good second. For each, the pulses that fit the sound around it best are looked for; then
one path is chosen through them all (Viterbi), which pays for every change: little where the beats go on without a step
and the tempo hardly moves, much where they break.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from charter.audio import AudibleSpan
from charter.tempo.envelope import RATE as ENVELOPE_RATE
from charter.tempo.pulse import Pulse
from charter.tempo.recording import Recording

_RATE = 200  # of the evidence, per second
_HOP_SECONDS, _WINDOW_SECONDS = 1.25, 5.0
_SPREAD, _SPREAD_STEP = 0.20, 0.004  # periods looked at, around the likeliest: its logarithm, and its steps
_PHASE_SECONDS = 0.01
_OF_PERIOD = 3  # phases of each period that are looked at again
_OWN, _NEIGHBOURS = 4, 2  # pulses of a window that compete in it, and in the two windows before and after

# In units of evidence (log-odds of a beat).
_CHANGE = 1.5
_BREAK = 12.0  # at most, for beats that do not go on
_FLIP = 40.0  # for going on half a beat later: an ear led astray far more often than the music
_FLIP_PHASE, _FLIP_TEMPO = 0.15, 0.02  # how near to half a beat, in beats, and to the same tempo
_STEP_SECONDS = 0.012  # standard deviation of a step in the beats, where it is no break
_TEMPO_CHANGE = 60.0  # per unit of log tempo

_USUAL_BEAT = 0.12  # probability of the net above which a beat gains
_ONSET_WEIGHT, _ONSET_LEVEL, _ONSET_BOUNDS = 0.6, 1.5, (-1.2, 1.5)


class Path(NamedTuple):
    """Which pulse holds from each moment on.

    starts: (hops,) seconds, rising; pulses: one per hop
    gain: evidence per hop that it has over the best of the pulses that never change
    """

    starts: NDArray[np.float64]
    pulses: tuple[Pulse, ...]
    gain: float


def evidence(recording: Recording) -> NDArray[np.float32]:
    """How much each moment speaks for a beat, 200 a second: log-odds from the net, and from the onsets' strength."""
    attacks = recording.envelope
    moments = np.arange(round(len(attacks) / ENVELOPE_RATE * _RATE)) / _RATE
    heard = np.log(recording.activation.beat_at(moments) + 0.02) - np.log(_USUAL_BEAT)
    blurred = gaussian_filter1d(np.maximum(attacks - uniform_filter1d(attacks, 200), 0), 7)
    usual = uniform_filter1d(blurred, 2000) + 0.2 * blurred.mean() + 1e-9
    sampled = slice(None, None, ENVELOPE_RATE // _RATE)
    rise = np.log((blurred[sampled] + 0.1 * usual[sampled]) / usual[sampled]) - np.log(_ONSET_LEVEL)
    count = min(len(moments), len(rise))
    total = heard[:count] + _ONSET_WEIGHT * np.clip(rise[:count], *_ONSET_BOUNDS)
    start, end = (round(second * _RATE) for second in recording.span)
    total[: max(0, start - 10)] = 0
    total[end + 10 :] = 0
    return np.asarray(total, dtype=np.float32)


def follow(recording: Recording, pulses: Sequence[Pulse]) -> Path:
    """The best path through the song's pulses.

    pulses: candidates for the whole song, the likeliest first; around its period others are looked for
    """
    likeliest = pulses[0]
    # Not the likeliest one's half, double and off-beat: a path that wavers between these follows no change of tempo.
    others = (pulse for pulse in pulses[1:] if _FLIP_TEMPO < abs(np.log(pulse.period / likeliest.period)) < _SPREAD)
    always = [likeliest, *others]
    proof, span = evidence(recording), recording.span
    starts = np.arange(span.start, max(span.end - _WINDOW_SECONDS / 2, span.start + _HOP_SECONDS), _HOP_SECONDS)
    periods = likeliest.period * np.exp(np.arange(-_SPREAD, _SPREAD + 1e-9, _SPREAD_STEP))
    own = _local_pulses(proof, starts + _HOP_SECONDS / 2, periods)
    rivals = [_rivals(own, hop, always) for hop in range(len(starts))]

    alone = np.zeros(len(always))
    total = np.zeros(0)
    back: list[NDArray[np.intp]] = []
    for hop, start in enumerate(starts):
        gains = np.array([_gain(proof, pulse, start) for pulse in rivals[hop]])
        alone += gains[: len(always)]
        if hop:
            reached = total[:, None] - _costs(rivals[hop - 1], rivals[hop], start)
            back.append(reached.argmax(axis=0))
            total = reached.max(axis=0) + gains
        else:
            total = gains
    chosen = [int(total.argmax())]
    for choices in reversed(back):
        chosen.append(int(choices[chosen[-1]]))
    pulses = tuple(rivals[hop][index] for hop, index in enumerate(reversed(chosen)))
    return Path(starts, pulses, float(total.max() - alone.max()) / len(starts))


def _local_pulses(
    proof: NDArray[np.float32], middles: NDArray[np.float64], periods: NDArray[np.float64]
) -> list[list[Pulse]]:
    """The pulses with the most evidence in the window around each moment, best first; no two of a window alike."""
    silent = np.pad(proof, 1)  # what is beyond either end
    scores, phases = (np.empty((len(middles), len(periods), _OF_PERIOD)) for _ in range(2))
    for place, period in enumerate(periods):
        reach = int(_WINDOW_SECONDS / 2 / period)
        offsets = np.arange(0, period, _PHASE_SECONDS)
        beats = middles[:, None, None] + offsets[:, None] + np.arange(-reach, reach + 1) * period
        at = np.clip(np.rint(beats * _RATE).astype(np.int64), -1, len(proof))
        sums = silent[at + 1].mean(axis=2) / period
        best = np.argsort(sums, axis=1)[:, -_OF_PERIOD:]
        scores[:, place] = np.take_along_axis(sums, best, 1)
        phases[:, place] = offsets[best]
    return [
        _best_of_window(middles[hop], scores[hop].ravel(), phases[hop].ravel(), np.repeat(periods, _OF_PERIOD))
        for hop in range(len(middles))
    ]


def _best_of_window(
    middle: float, scores: NDArray[np.float64], phases: NDArray[np.float64], periods: NDArray[np.float64]
) -> list[Pulse]:
    kept: list[Pulse] = []
    for place in np.argsort(-scores, kind="stable"):
        pulse = Pulse(float(middle + phases[place]), float(periods[place]))
        if all(_differ(pulse, other) for other in kept):
            kept.append(pulse)
        if len(kept) == _OWN:
            break
    return kept


def _differ(pulse: Pulse, other: Pulse) -> bool:
    return abs(other.off(pulse.at)) > 0.03 or abs(np.log(pulse.period / other.period)) > 0.012


def _rivals(own: Sequence[Sequence[Pulse]], hop: int, always: Sequence[Pulse]) -> list[Pulse]:
    around = [other for other in (hop - 1, hop + 1, hop - 2, hop + 2) if 0 <= other < len(own)]
    return [*always, *own[hop], *(pulse for other in around for pulse in own[other][:_NEIGHBOURS])]


def _gain(proof: NDArray[np.float32], pulse: Pulse, start: float) -> float:
    """Evidence for a pulse in a hop, from twice its length: a hop by itself holds two beats or three, as it falls."""
    beats = pulse.beats_in(start - _HOP_SECONDS / 2, start + 1.5 * _HOP_SECONDS)
    at = np.rint(beats * _RATE).astype(np.int64)
    return float(proof[at[(at >= 0) & (at < len(proof))]].sum()) / 2


def _costs(before: Sequence[Pulse], after: Sequence[Pulse], moment: float) -> NDArray[np.float64]:
    """What each change at a moment costs, (before, after)."""
    beats = np.array([moment - pulse.off(moment) for pulse in before])[:, None]
    old = np.array([pulse.period for pulse in before])[:, None]
    at, period = np.array(after).T
    step = np.abs((beats - at + period / 2) % period - period / 2)
    change = np.abs(np.log(old / period))
    cost = np.minimum(0.5 * (step / _STEP_SECONDS) ** 2 + _TEMPO_CHANGE * change, _BREAK) + _CHANGE
    flips = (np.abs(step / period - 0.5) < _FLIP_PHASE) & (change < _FLIP_TEMPO)
    return np.where((step < 1e-9) & (change < 1e-9), 0.0, np.where(flips, _FLIP, cost))


def beats_along(path: Path, recording: Recording) -> NDArray[np.float64]:
    """The path's beats in seconds, rising, each stretch of one pulse brought to the attacks."""
    runs: list[tuple[float, float, Pulse]] = []
    ends = np.append(path.starts[1:], recording.span.end + _HOP_SECONDS)
    for start, end, pulse in zip(path.starts, ends, path.pulses, strict=True):
        if runs and runs[-1][2] == pulse:
            runs[-1] = (runs[-1][0], float(end), pulse)
        else:
            runs.append((float(start), float(end), pulse))
    runs[0] = (recording.span.start - runs[0][2].period, *runs[0][1:])
    beats: list[float] = []
    for start, end, pulse in runs:
        spare = max(0.0, _WINDOW_SECONDS - (end - start)) / 2
        sharp = recording.sharpener.sharpened(pulse, AudibleSpan(start - spare, end + spare))
        for beat in sharp.beats_in(start, np.nextafter(end, start)):
            # At a seam two beats may come too near: the newer pulse knows better.
            while beats and beat - beats[-1] < 0.6 * pulse.period:
                beats.pop()
            beats.append(float(beat))
    return np.array(beats)
