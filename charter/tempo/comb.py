"""The tempo that the onsets alone speak for.

Every tempo of a range is tried: onsets are wrapped modulo its beat, and the tempo wins in which most of their strength
comes to lie on one phase and, counted half, on the phase half a beat later. (The comb is the idea of ArrowVortex's
"Find BPM".) It cannot tell a beat from its half or its double, but it is exact.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft, rfftfreq

from charter.tempo.envelope import Onsets
from charter.tempo.pulse import Pulse

_MOST_ONSETS = 2000  # the strongest tell the tempo; an hour's mix is done in seconds
_PHASES = 128
_BLOCK_BEATS = 512
_SPREAD_SECONDS = 0.01  # standard deviation allowed to onsets around their beat: players and slow attacks
_STEP_DRIFT_SECONDS = 0.016  # neighbouring tempos differ by this much at the song's end: under twice the spread


def strongest_pulse(onsets: Onsets, duration: float, slowest_bpm: float, fastest_bpm: float) -> Pulse:
    """The best beat of the comb; its period is as fine as the comb's steps.

    duration: seconds that the onsets are spread over
    """
    strongest = np.argsort(onsets.strengths)[-_MOST_ONSETS:]
    onsets = Onsets(onsets.times[strongest], onsets.strengths[strongest])
    step = _STEP_DRIFT_SECONDS / duration
    periods = 60 / np.exp(np.arange(np.log(slowest_bpm), np.log(fastest_bpm) + step, step))
    best, best_excess = Pulse(0.0, float(periods[0])), -np.inf
    for start in range(0, len(periods), _BLOCK_BEATS):
        block = periods[start : start + _BLOCK_BEATS]
        comb = _comb(onsets, block)
        excess = (comb.max(axis=1) - comb.mean(axis=1)) / block
        i = int(excess.argmax())
        if excess[i] > best_excess:
            best = Pulse((int(comb[i].argmax()) + 0.5) / _PHASES * float(block[i]), float(block[i]))
            best_excess = excess[i]
    return best


def _comb(onsets: Onsets, periods: NDArray[np.float64]) -> NDArray[np.float64]:
    """Onset strength at each phase of each period, plus half of that half a beat later; (periods, phases)."""
    beats = onsets.times / periods[:, None]
    beats -= np.floor(beats)  # exactly what `% 1.0` gives, in a fifth of its time
    bins = (beats * _PHASES).astype(np.int64) + np.arange(len(periods))[:, None] * _PHASES
    strengths = np.broadcast_to(onsets.strengths, bins.shape)
    histogram = np.bincount(bins.ravel(), strengths.ravel(), len(periods) * _PHASES).reshape(-1, _PHASES)
    # Spread by the same time, not the same phase, at every tempo: a Gaussian, applied as its Fourier transform.
    cycles = rfftfreq(_PHASES, 1 / _PHASES)
    spread = np.exp(-0.5 * (2 * np.pi * cycles * _SPREAD_SECONDS / periods[:, None]) ** 2)
    smooth = irfft(rfft(histogram, axis=1) * spread, n=_PHASES, axis=1)
    return np.asarray(smooth + 0.5 * np.roll(smooth, _PHASES // 2, axis=1))
