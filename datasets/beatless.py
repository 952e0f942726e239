"""Recordings without a beat, made by code: what the beat net must answer with silence.

Noise, swelling chords, clicks at random, and a voice-like murmur of syllables. Corpora of songs hold no such thing.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from charter.audio import Audio

Sound = NDArray[np.float64]


def beatless_recordings(count: int, seconds: float, rate: int, seed: int = 0) -> list[Audio]:
    """``count`` recordings of each kind, at ``rate`` Hz."""
    rng = np.random.default_rng(seed)
    length = int(seconds * rate)
    kinds = (_noise, _chords, _clicks, _murmur)
    sounds = [kind(length, rate, rng) for kind in kinds for _ in range(count)]
    return [Audio((0.3 * sound / np.abs(sound).max()).astype(np.float32), rate) for sound in sounds]


def _noise(length: int, rate: int, rng: np.random.Generator) -> Sound:
    """Coloured noise that swells and fades over seconds."""
    colour = rng.uniform(0.0, 2.0)
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum /= np.maximum(np.fft.rfftfreq(length, 1 / rate), 20.0) ** (colour / 2)
    return np.fft.irfft(spectrum, length) * _swell(length, rate, rng.uniform(0.3, 3.0), rng)


def _chords(length: int, rate: int, rng: np.random.Generator) -> Sound:
    """Sines that come and go each in its own time."""
    time = np.arange(length) / rate
    pitches = 55.0 * 2 ** (rng.integers(0, 60, size=12) / 12)
    swells = [_swell(length, rate, rng.uniform(0.5, 2.0), rng) for _ in pitches]
    waves = [np.sin(2 * np.pi * pitch * time) * swell for pitch, swell in zip(pitches, swells, strict=True)]
    return np.asarray(sum(waves) + 1e-4 * rng.standard_normal(length))


def _clicks(length: int, rate: int, rng: np.random.Generator) -> Sound:
    """Short bursts with exponentially distributed gaps."""
    sound = 1e-4 * rng.standard_normal(length)
    gaps = rng.exponential(rng.uniform(0.15, 0.8), size=int(20 * length / rate))
    decay = np.exp(-np.arange(int(0.05 * rate)) / (0.008 * rate))
    for second in np.cumsum(gaps):
        start = int(second * rate)
        if start + len(decay) >= length:
            break
        sound[start : start + len(decay)] += rng.uniform(0.2, 1.0) * decay * rng.standard_normal(len(decay))
    return sound


def _murmur(length: int, rate: int, rng: np.random.Generator) -> Sound:
    """A buzz whose pitch wanders, in syllables of uneven length with pauses between phrases."""
    wander = gaussian_filter1d(rng.standard_normal(length // 100 + 1), 0.15 * rate / 100)
    pitch = rng.uniform(90, 220) * 2 ** (0.25 * wander / wander.std())
    phase = np.cumsum(np.interp(np.arange(length) / 100, np.arange(len(pitch)), pitch)) / rate
    buzz = np.sum([np.sin(2 * np.pi * harmonic * phase) / harmonic for harmonic in range(1, 16)], axis=0)
    loud = np.zeros(length)
    at = 0.0
    while at < length / rate:
        syllable = rng.uniform(0.08, 0.35)
        if rng.random() < 0.85:
            loud[int(at * rate) : int((at + syllable) * rate)] = rng.uniform(0.3, 1.0)
        else:
            syllable += rng.uniform(0.2, 0.9)
        at += syllable
    return np.asarray(buzz * gaussian_filter1d(loud, 0.015 * rate) + 1e-3 * rng.standard_normal(length))


def _swell(length: int, rate: int, seconds: float, rng: np.random.Generator) -> Sound:
    """A slow random curve from 0 to 1."""
    coarse = rate // 20  # samples between its points
    curve = gaussian_filter1d(rng.standard_normal(length // coarse + 2), seconds * rate / coarse)
    curve = (curve - curve.min()) / (curve.max() - curve.min())
    return np.asarray(np.interp(np.arange(length) / coarse, np.arange(len(curve)), curve))
