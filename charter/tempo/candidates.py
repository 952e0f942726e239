"""Pulses that a recording's beat may be: what the beat net and the onsets say, and the rivals of that."""

from collections.abc import Iterable, Iterator

import numpy as np
from scipy.fft import next_fast_len, rfft
from scipy.signal import find_peaks

from charter.tempo.comb import strongest_pulse
from charter.tempo.pulse import Pulse
from charter.tempo.recording import Recording
from charter.tempo.tempo_range import TempoRange

_COMB_SLOWEST_BPM, _COMB_FASTEST_BPM = 70.0, 210.0  # beyond them it finds the double or the half, a rival anyway
_MOST_PEAKS, _LEAST_PEAK = 5, 0.35  # of the spectrum of beats, beside its highest
_PEAKS_APART = 0.02  # of their tempo; nearer ones are a peak's side lobes
_FINENESS = 8  # of that spectrum, in steps between what its length resolves
_RIVALS = (1, 2, 1 / 2, 2 / 3, 3 / 2, 3 / 4, 4 / 3, 3, 1 / 3)  # of a period: the ways in which people and combs err
_PHASE_SECONDS = 0.01
_SAME_PERIOD, _SAME_PHASE_SECONDS = 3e-3, 0.03
_RIVAL_PHASE = 0.2  # of a period: phases nearer than this are one


def candidate_pulses(recording: Recording, tempos: TempoRange) -> list[Pulse]:
    """Pulses at the recording's attacks, no two of them the same, in no order that means much.

    Where any are found, the rivals of the one whose beats the net is surest of are among them: the beat halved,
    doubled, in thirds, and off by half; also such as lie outside a range asked for. Of a known tempo they are phases.
    """
    if tempos.is_known:
        return _distinct(_sharpened(recording, 60 / tempos.slowest, count=3, period_known=True))
    slowest, fastest = tempos.searched
    likely = _likely_tempos(recording, slowest, fastest)
    found = _distinct(pulse for bpm in likely for pulse in _sharpened(recording, 60 / bpm, count=1))
    found.sort(key=lambda pulse: -agreement(recording, pulse))
    rivals = (
        pulse
        for best in found[:1]
        for ratio in _RIVALS
        if slowest <= best.bpm / ratio <= fastest
        for pulse in _sharpened(recording, best.period * ratio, count=2 if ratio == 1 else 1)
    )
    return _distinct([*found, *rivals])


def agreement(recording: Recording, pulse: Pulse) -> float:
    """How far the net's beats stand on a pulse's, beside chance, by the root of their number; no unit."""
    beat = recording.activation.beat
    heights = recording.activation.beat_at(pulse.beats_in(*recording.span))
    return float((heights.mean() - beat.mean()) / (beat.std() + 1e-6) * np.sqrt(pulse.period)) if len(heights) else 0.0


def _likely_tempos(recording: Recording, slowest: float, fastest: float) -> list[float]:
    """In BPM: peaks of the spectrum of the net's beats, and what the comb finds."""
    beat, rate = recording.activation.beat, recording.activation.rate
    length = next_fast_len(_FINENESS * len(beat), real=True)
    spectrum = np.abs(rfft(beat - beat.mean(), length))
    bpm = np.arange(len(spectrum)) * rate / length * 60
    inside = np.flatnonzero((bpm >= slowest) & (bpm <= fastest))
    heights = spectrum[inside]
    peaks, _ = find_peaks(heights, height=_LEAST_PEAK * float(heights.max(initial=0.0)))
    likely: list[float] = []
    for peak in peaks[np.argsort(-heights[peaks])]:
        tempo = float(bpm[inside[peak]])
        if all(abs(tempo / other - 1) > _PEAKS_APART for other in likely):
            likely.append(tempo)
    likely = likely[:_MOST_PEAKS]
    if len(recording.onsets.times):
        likely.append(strongest_pulse(recording.onsets, recording.seconds, _COMB_SLOWEST_BPM, _COMB_FASTEST_BPM).bpm)
    return likely


def _sharpened(recording: Recording, period: float, count: int, *, period_known: bool = False) -> Iterator[Pulse]:
    """The phases of a period on which the net's beats stand highest, each brought to the attacks."""
    start, end = recording.span
    phases = np.arange(0, period, _PHASE_SECONDS)
    beats = start + phases[:, None] + np.arange(max(1, int((end - start) / period))) * period
    heights = recording.activation.beat_at(beats).mean(axis=1)
    taken: list[float] = []
    for phase in phases[np.argsort(-heights)]:
        apart = (abs((phase - other + period / 2) % period - period / 2) for other in taken)
        if all(distance > _RIVAL_PHASE * period for distance in apart):
            taken.append(float(phase))
            yield recording.sharpener.sharpened(
                Pulse(start + taken[-1], period), recording.span, period_known=period_known
            )
        if len(taken) == count:
            return


def _distinct(pulses: Iterable[Pulse]) -> list[Pulse]:
    kept: list[Pulse] = []
    for pulse in pulses:
        if not any(_are_one(pulse, other) for other in kept):
            kept.append(pulse)
    return kept


def _are_one(pulse: Pulse, other: Pulse) -> bool:
    return abs(pulse.period / other.period - 1) < _SAME_PERIOD and abs(other.off(pulse.at)) < _SAME_PHASE_SECONDS
