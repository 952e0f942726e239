"""One tempo for a whole song, by a comb over its onsets.

Every tempo from 70 to 210 BPM is tried: onsets are wrapped modulo its beat, and the tempo wins in which most of their
strength comes to lie on one phase and, counted half, on the phase half a beat later. Then the beats are fitted to the
onsets that lie on them. (The comb is the idea of ArrowVortex's "Find BPM".)

A song that changes its tempo gets the one tempo that fits most of it. Below 105 BPM the double may win: from attacks
alone, a slow song's eighths look like the beats of a fast one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft, rfftfreq
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

from charter.audio import Audio, audible_span
from charter.errors import TimingError
from charter.notation import Timing

_SLOWEST_BPM, _FASTEST_BPM = 70.0, 210.0
_SHORTEST_SECONDS = 4.0
_FEWEST_ONSETS = 8
_MOST_ONSETS = 2000  # the strongest tell the tempo; an hour's mix is done in seconds
_LEAST_CONTRAST = 1.75  # measured: noise reaches 1.6, the least rhythmic of 95 songs 1.9

_HOP_SECONDS = 0.005
_WINDOW_SECONDS = 0.023  # long enough to part bass notes, short enough to place an attack
_TREND_SECONDS = 0.2
_SPACING_SECONDS = 0.03
_LEAST_PEAK = 0.3  # standard deviations above the trend
_BLOCK_FRAMES = 4096  # bounds memory on long songs

_PHASES = 128
_BLOCK_BEATS = 512
_SPREAD_SECONDS = 0.01  # standard deviation allowed to onsets around their beat: players and slow attacks
_STEP_DRIFT_SECONDS = 0.016  # neighbouring tempos differ by this much at the song's end: under twice the spread
_FIT_REACHES_SECONDS = (0.03, 0.02, 0.012)
_WHOLE_BPM_DRIFT_SECONDS = 0.01  # composers set whole BPMs; taken when the song's last beat moves by less than this
_SWELL_SECONDS = 0.05
_ATTACK_SECONDS = 0.002
_ATTACK_REACH_SECONDS = 0.008  # the flux peaks up to half its window before a lone attack
_EARLY_SECONDS = 0.05  # a soft first attack becomes audible only after its beat


class _Onsets(NamedTuple):
    """Attacks: their times in seconds, (n,), and strengths, (n,)."""

    times: NDArray[np.float64]
    strengths: NDArray[np.float64]


class _Beats(NamedTuple):
    """A steady beat: seconds of one of its beats, and between two of them."""

    first: float
    period: float


def estimate(audio: Audio, bpm: float | None = None) -> Timing:
    """The song's tempo, held from start to end; beat 0 is the first beat of the music, at the attack of its sounds.

    bpm: the tempo, where it is known; then only the beat's place is found

    Raises TimingError where no beat is found: in silence, noise, or less than 4 s of music. The message names no file.
    """
    span = audible_span(audio)
    if span is None or span.end - span.start < _SHORTEST_SECONDS:
        raise TimingError(f"under {_SHORTEST_SECONDS:g} s of music: no beat found; give --bpm")
    onsets = _find_onsets(audio)
    if len(onsets.times) < _FEWEST_ONSETS:
        raise TimingError("hardly a sound in it has an attack: no beat found; give --bpm")
    if bpm is None:
        beats = _fitted(_strongest_beat(onsets, audio.duration), onsets, audio.duration)
    else:
        phase = (int(_comb(onsets, np.array([60 / bpm]))[0].argmax()) + 0.5) / _PHASES
        beats = _Beats(phase * 60 / bpm, 60 / bpm)
    beats = _at_the_attack(_on_the_louder_half(beats, audio), audio)
    skipped = np.ceil((span.start - _EARLY_SECONDS - beats.first) / beats.period)
    return Timing.constant(60 / beats.period, offset=-float(beats.first + skipped * beats.period))


def _spectral_flux(audio: Audio, hop: int) -> NDArray[np.float64]:
    """How much the log spectrum rises into each frame from the one before; frame i is centred on sample ``i * hop``."""
    window = round(_WINDOW_SECONDS * audio.rate)
    padded = np.pad(audio.samples, (window // 2, window // 2 + hop))
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
    taper = np.hanning(window).astype(np.float32)
    # Magnitudes beside the song's own level, so that the logarithm bends at the same loudness in quiet and loud songs.
    level = np.sqrt(np.mean(np.square(audio.samples, dtype=np.float64)) * np.square(taper).sum())
    flux = np.zeros(len(frames))
    before = np.zeros((1, window // 2 + 1), np.float32)
    for start in range(0, len(frames), _BLOCK_FRAMES):
        spectra = np.log1p(np.abs(rfft(frames[start : start + _BLOCK_FRAMES] * taper, axis=1)) / np.float32(level))
        rises = np.diff(spectra, axis=0, prepend=before)
        flux[start : start + len(rises)] = np.maximum(rises, 0).mean(axis=1)
        before = spectra[-1:]
    return flux


def _find_onsets(audio: Audio) -> _Onsets:
    """The peaks of the spectral flux above its trend."""
    hop = round(_HOP_SECONDS * audio.rate)
    flux = _spectral_flux(audio, hop)
    flux -= uniform_filter1d(flux, round(_TREND_SECONDS / _HOP_SECONDS))
    spacing = round(_SPACING_SECONDS / _HOP_SECONDS)
    peaks, _ = find_peaks(flux, height=_LEAST_PEAK * flux.std(), distance=spacing, plateau_size=(1, 2))
    before, top, after = flux[peaks - 1], flux[peaks], flux[peaks + 1]
    between_frames = 0.5 * (before - after) / (before - 2 * top + after)  # the parabola through three frames
    return _Onsets((peaks + between_frames) * hop / audio.rate, top)


def _strongest_beat(onsets: _Onsets, duration: float) -> _Beats:
    """The best beat of the comb; its period is as fine as the comb's steps."""
    strongest = np.argsort(onsets.strengths)[-_MOST_ONSETS:]
    onsets = _Onsets(onsets.times[strongest], onsets.strengths[strongest])
    step = _STEP_DRIFT_SECONDS / duration
    periods = 60 / np.exp(np.arange(np.log(_SLOWEST_BPM), np.log(_FASTEST_BPM), step))
    best, best_excess, contrast = _Beats(0.0, 0.0), 0.0, 0.0
    for start in range(0, len(periods), _BLOCK_BEATS):
        block = periods[start : start + _BLOCK_BEATS]
        comb = _comb(onsets, block)
        excess = (comb.max(axis=1) - comb.mean(axis=1)) / block
        i = int(excess.argmax())
        if excess[i] > best_excess:
            best = _Beats((int(comb[i].argmax()) + 0.5) / _PHASES * float(block[i]), float(block[i]))
            best_excess, contrast = excess[i], comb[i].max() / comb[i].mean()
    if contrast < _LEAST_CONTRAST:
        raise TimingError("its sounds keep to no steady beat: no beat found; give --bpm")
    return best


def _comb(onsets: _Onsets, periods: NDArray[np.float64]) -> NDArray[np.float64]:
    """Onset strength at each phase of each period, plus half of that half a beat later; (periods, phases)."""
    phases = onsets.times / periods[:, None] % 1.0
    bins = np.minimum(phases * _PHASES, _PHASES - 1).astype(np.int64) + np.arange(len(periods))[:, None] * _PHASES
    strengths = np.broadcast_to(onsets.strengths, bins.shape)
    histogram = np.bincount(bins.ravel(), strengths.ravel(), len(periods) * _PHASES).reshape(-1, _PHASES)
    # Spread by the same time, not the same phase, at every tempo: a Gaussian, applied as its Fourier transform.
    cycles = rfftfreq(_PHASES, 1 / _PHASES)
    spread = np.exp(-0.5 * (2 * np.pi * cycles * _SPREAD_SECONDS / periods[:, None]) ** 2)
    smooth = irfft(rfft(histogram, axis=1) * spread, n=_PHASES, axis=1)
    return np.asarray(smooth + 0.5 * np.roll(smooth, _PHASES // 2, axis=1))


def _fitted(beats: _Beats, onsets: _Onsets, duration: float) -> _Beats:
    """The beat's line through the onsets on its half beats, by least squares in ever narrower reach."""
    first, half = beats.first, beats.period / 2
    for reach in _FIT_REACHES_SECONDS:
        index = np.round((onsets.times - first) / half)
        near = np.abs(onsets.times - first - index * half) < reach
        if np.count_nonzero(near) < _FEWEST_ONSETS:
            break
        slope, intercept = np.polyfit(index[near], onsets.times[near], 1, w=np.sqrt(onsets.strengths[near]))
        first, half = float(intercept), float(slope)
    bpm = 30 / half
    if abs(round(bpm) / bpm - 1) * duration < _WHOLE_BPM_DRIFT_SECONDS:
        # Turned about the song's middle, where the fit is surest.
        first += round((duration / 2 - first) / half) * half
        half = 30 / round(bpm)
    return _Beats(first % (2 * half), 2 * half)


def _on_the_louder_half(beats: _Beats, audio: Audio) -> _Beats:
    """The beat, moved by half of itself if the sound swells more there.

    Open hats and off-beat chords have the sharper onsets in much dance music, but the kick on the beat is louder.
    """
    moved = _Beats((beats.first + beats.period / 2) % beats.period, beats.period)
    swells = []
    for candidate in (beats, moved):
        before, after = _energies(candidate, audio, _SWELL_SECONDS, np.zeros(1))
        swells.append((np.sqrt(after) - np.sqrt(before)).sum())
    return beats if swells[0] >= swells[1] else moved


def _at_the_attack(beats: _Beats, audio: Audio) -> _Beats:
    """The beat, moved by a few ms to where the sound's level jumps most, as the mean of all beats."""
    reach = round(_ATTACK_REACH_SECONDS * audio.rate)
    shifts = np.arange(-reach, reach + 1) / audio.rate
    before, after = _energies(beats, audio, _ATTACK_SECONDS, shifts)
    if not len(before):  # no whole beat to look at
        return beats
    floor = 1e-3 * float(after.mean()) + 1e-12  # beats in a silent passage say nothing
    jumps = np.log((after + floor) / (before + floor)).mean(axis=0)
    # A sound reaches the later window before its attack, and leaves it only after: the attack ends the plateau.
    steepest = int(np.flatnonzero(jumps >= 0.95 * jumps.max())[-1])
    is_peak = 0 < steepest < len(shifts) - 1
    return _Beats(beats.first + float(shifts[steepest]), beats.period) if is_peak else beats


def _energies(
    beats: _Beats, audio: Audio, reach: float, shifts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The sound's energy in the ``reach`` seconds before and after each beat moved by each shift, (beats, shifts)."""
    energy = np.concatenate([[0.0], np.cumsum(np.square(audio.samples, dtype=np.float64))])
    times = np.arange(beats.first, audio.duration, beats.period)
    margin = reach + float(np.abs(shifts).max())
    times = times[(times > margin) & (times < audio.duration - margin)]
    at = np.round((times[:, None] + shifts) * audio.rate).astype(np.int64)
    width = round(reach * audio.rate)
    return energy[at] - energy[at - width], energy[at + width] - energy[at]
