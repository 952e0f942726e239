"""The instruments of the example song: mono sounds, (frames,), made by plain additive synthesis and seeded noise."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 44100

Sound = NDArray[np.float32]

_KEYS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_BRIGHTEST_HZ = 9000.0
_MOST_HARMONICS = 24
_RELEASE_SECONDS = 0.03


@cache
def tone(hertz: float, seconds: float, tilt: float, attack: float) -> Sound:
    """A saw-like tone, (frames,): harmonic k at k**-tilt, darkening as it rings; starts and ends at zero."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound = np.zeros(len(t))
    for k in range(1, min(_MOST_HARMONICS, int(_BRIGHTEST_HZ / hertz)) + 1):
        sound += np.sin(2 * np.pi * hertz * k * t) * np.exp(-t * (0.6 + 0.35 * k)) / k**tilt
    envelope = np.minimum(1, t / attack) * np.minimum(1, (seconds - t) / _RELEASE_SECONDS)
    return np.asarray(sound * envelope, dtype=np.float32)


@cache
def kick() -> Sound:
    """A sine that falls from 240 to 48 Hz, with a click at its attack."""
    t = np.arange(round(0.35 * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 48 * t + 192 / 35 * (1 - np.exp(-35 * t))
    click = 0.25 * np.sin(2 * np.pi * 1800 * t) * np.exp(-t * 300)
    body = np.sin(2 * np.pi * phase) * np.exp(-t * 9)
    return np.asarray((body + click) * np.minimum(1, (0.35 - t) / _RELEASE_SECONDS), dtype=np.float32)


@cache
def snare() -> Sound:
    """Noise over a short 190 Hz tone."""
    hiss = noise(0.25, decay=18, bright=False)
    t = np.arange(len(hiss)) / SAMPLE_RATE
    return np.asarray(0.7 * hiss + 0.5 * np.sin(2 * np.pi * 190 * t) * np.exp(-t * 25), dtype=np.float32)


@cache
def noise(seconds: float, *, decay: float, bright: bool) -> Sound:
    """Decaying noise; the bright kind has its lows taken out."""
    hiss = np.random.default_rng(seed=round(1000 * decay)).uniform(-1, 1, round(seconds * SAMPLE_RATE) + 2)
    if bright:
        hiss = np.diff(hiss, n=2) / 3
    t = np.arange(len(hiss)) / SAMPLE_RATE
    return np.asarray(hiss * np.exp(-t * decay) * np.minimum(1, (t[-1] - t) / 0.02), dtype=np.float32)


def hertz_of(note: str) -> float:
    """The pitch of a note such as ``G#4``."""
    semitones = _KEYS[note[0]] + ("#" in note) + 12 * int(note[-1]) - 57
    return float(440 * 2 ** (semitones / 12))
