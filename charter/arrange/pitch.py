"""Which pitches sound when: activations of 73 semitones, from the peaks of long spectra.

Peaks of the spectrum, at their interpolated frequencies, are counted by semitone; each frame is then explained as a sum
of harmonic tones of every pitch (non-negative least squares, as in Mauch and Dixon, "Approximate note transcription for
the improved identification of difficult chords", ISMIR 2010), so that a tone's overtones do not pass for notes.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from charter.audio import Audio
from charter.audio.windows import cut

LOWEST, HIGHEST = 24, 96  # MIDI: C1 and C7
PITCHES = HIGHEST - LOWEST + 1
HOP_SECONDS = 0.02

_ROWS = 118 - LOWEST  # semitones in which partials are counted, up to 7.5 kHz
# Bass notes a semitone apart need a long window; above, a short one tells better when a note starts.
_LONG_SECONDS, _SHORT_SECONDS = 0.34, 0.14
_CROSSING = 57  # MIDI
_BLOCK_SECONDS = 30  # bounds memory
_TUNING_FRAMES = 1500

_HARMONICS = 12
_DECAYS = (0.5, 0.8)  # from one harmonic to the next, of a dull and of a bright tone
_ITERATIONS = 25
_WHITENING = 0.6  # 0 leaves the song's mean spectrum as it is, 1 makes it flat
_COMPRESSION = 0.6  # of amplitudes, so that quiet tones count beside loud ones
_SPARSITY = 0.02
_NOISE, _SURROUNDINGS = 1.0, 13  # how much of the mean over so many semitones is taken away
# Over 8 s, some pitches of music sound far more than their neighbours. The norm of what stands out, beside that of all,
# was at most .28 in 20 s each of white, pink and brown noise, and hardly ever below .39 in a dozen songs, metal too.
_TONAL_SECONDS, _TONAL_SURROUNDINGS, _LEAST_CONTRAST = 8.0, 7, 0.35


@dataclass(frozen=True, eq=False)
class Pitches:
    """What sounds, frame by frame; frame i is at i * HOP_SECONDS.

    activations: (frames, PITCHES), 0 and up, about 1 for the loud notes of a song
    cents: how far the song is tuned above A = 440 Hz, -50 to 50
    """

    activations: NDArray[np.float32]
    cents: float


def hear_pitches(audio: Audio) -> Pitches:
    """The pitches of a recording at any rate of at least 12 kHz."""
    hop = round(HOP_SECONDS * audio.rate)
    frames = 1 + len(audio.samples) // hop
    tuning = _tuning(audio, frames, hop)
    partials = np.zeros((frames, _ROWS), dtype=np.float32)
    block = round(_BLOCK_SECONDS / HOP_SECONDS)
    for start in range(0, frames, block):
        centres = np.arange(start, min(start + block, frames)) * hop
        low, high = (_partials(audio, centres, seconds, tuning) for seconds in (_LONG_SECONDS, _SHORT_SECONDS))
        partials[start : start + block] = np.where(np.arange(_ROWS) < _CROSSING - LOWEST, low, high)
    activations = _explained(_whitened(partials))
    activations[~_is_tonal(activations)] = 0
    loud = np.percentile(activations.max(axis=1), 90) if frames else 0.0
    return Pitches(activations / np.float32(max(loud, 1e-9)), 100 * tuning)


def _is_tonal(activations: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether there is music around each frame, (frames,), rather than noise, whose pitches are evenly many in time."""
    mean = uniform_filter1d(activations, round(_TONAL_SECONDS / HOP_SECONDS), axis=0)
    contrast = mean - uniform_filter1d(mean, _TONAL_SURROUNDINGS, axis=1)
    return np.asarray(np.linalg.norm(contrast, axis=1) > _LEAST_CONTRAST * np.linalg.norm(mean, axis=1), dtype=np.bool_)


def _spectra(audio: Audio, centres: NDArray[np.int64], seconds: float) -> tuple[NDArray[np.float32], float]:
    """Amplitudes (frames, bins) of windows around samples that are evenly spaced, and the width of a bin in Hz."""
    window = 2 * round(seconds * audio.rate / 2)
    half = window // 2
    hop = int(centres[1] - centres[0]) if len(centres) > 1 else window
    piece = cut(audio.samples, int(centres[0]) - half, int(centres[-1]) + half)
    size = 1 << (window - 1).bit_length()
    taper = torch.hann_window(window)
    windows = torch.from_numpy(piece).unfold(0, window, hop) * taper
    bins = min(size // 2 + 1, int(7800 / audio.rate * size))
    spectra = torch.fft.rfft(windows, size)[:, :bins].abs() * (2 / float(taper.sum()))
    return spectra.numpy(), audio.rate / size


def _peaks(
    spectra: NDArray[np.float32], width: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float32]]:
    """The peaks of each spectrum: their frame, their pitch (MIDI, with fractions) and amplitude, each (peaks,)."""
    middle = spectra[:, 1:-1]
    frame, place = np.nonzero((middle > spectra[:, :-2]) & (middle >= spectra[:, 2:]) & (middle > 1e-6))
    place += 1
    left, top, right = (np.log(spectra[frame, place + shift] + 1e-9) for shift in (-1, 0, 1))
    curve = left - 2 * top + right
    offset = np.where(curve < 0, 0.5 * (left - right) / np.minimum(curve, -1e-9), 0.0)
    pitch = 69 + 12 * np.log2((place + offset) * width / 440)
    return frame, pitch, np.exp(top)


def _partials(audio: Audio, centres: NDArray[np.int64], seconds: float, tuning: float) -> NDArray[np.float32]:
    """Amplitude of the peaks in each semitone, (frames, _ROWS); what lies between two semitones counts little."""
    spectra, width = _spectra(audio, centres, seconds)
    frame, pitch, amplitude = _peaks(spectra, width)
    place = pitch - tuning - LOWEST
    row = np.round(place)
    fits = (row >= 0) & (row < _ROWS)
    weight = amplitude * np.cos(np.pi * (place - row)) ** 2
    counted = np.bincount(
        (frame[fits] * _ROWS + row[fits]).astype(np.int64), weight[fits], minlength=len(centres) * _ROWS
    )
    return counted.reshape(len(centres), _ROWS).astype(np.float32)


def _tuning(audio: Audio, frames: int, hop: int) -> float:
    """How far the song's partials lie above the semitones of A = 440 Hz, -.5 to .5, as a circular mean."""
    every = max(1, -(-frames // _TUNING_FRAMES))
    total = 0j
    for start in range(0, frames, 300 * every):
        centres = np.arange(start, min(start + 300 * every, frames), every) * hop
        spectra, width = _spectra(audio, centres, _LONG_SECONDS)
        _, pitch, amplitude = _peaks(spectra, width)
        clear = (pitch > 50) & (pitch < 90)
        total += (amplitude[clear] * np.exp(2j * np.pi * pitch[clear])).sum()
    return float(np.angle(total) / (2 * np.pi))


def _whitened(partials: NDArray[np.float32]) -> NDArray[np.float32]:
    """Partials with the song's mean spectrum made flatter and their amplitudes compressed."""
    mean = np.sqrt(np.square(partials, dtype=np.float64).mean(axis=0))
    envelope = gaussian_filter1d(mean, 6.0, mode="nearest")
    envelope = np.maximum(envelope, 1e-3 * envelope.max() + 1e-12)
    flat = (partials / envelope.astype(np.float32) ** _WHITENING) ** _COMPRESSION
    # Noise has peaks everywhere: what stands no higher than its surroundings is noise.
    flat -= _NOISE * uniform_filter1d(flat, _SURROUNDINGS, axis=1, mode="nearest")
    return np.asarray(np.maximum(flat, 0), dtype=np.float32)


def _templates() -> NDArray[np.float32]:
    """Harmonic tones, (len(_DECAYS) * PITCHES, _ROWS), each with a norm of 1."""
    tones = np.zeros((len(_DECAYS), PITCHES, _ROWS), dtype=np.float32)
    for tone, decay in zip(tones, _DECAYS, strict=True):
        for harmonic in range(1, _HARMONICS + 1):
            rows = np.arange(PITCHES) + round(12 * np.log2(harmonic))
            inside = rows < _ROWS
            tone[inside, rows[inside]] += decay ** ((harmonic - 1) * _COMPRESSION)
    tones /= np.linalg.norm(tones, axis=2, keepdims=True)
    return tones.reshape(-1, _ROWS)


def _explained(partials: NDArray[np.float32]) -> NDArray[np.float32]:
    """Activations (frames, PITCHES) whose tones sum to the partials, by multiplicative updates (Lee and Seung 2001)."""
    templates = torch.from_numpy(_templates())
    gram = templates @ templates.T
    result = np.empty((len(partials), PITCHES), dtype=np.float32)
    block = 4096
    for start in range(0, len(partials), block):
        seen = torch.from_numpy(partials[start : start + block]) @ templates.T
        weights = seen.clone()
        for _ in range(_ITERATIONS):
            weights *= seen / (weights @ gram + _SPARSITY + 1e-9)
        result[start : start + block] = weights.reshape(-1, len(_DECAYS), PITCHES).sum(dim=1).numpy()
    return result
