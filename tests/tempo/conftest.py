"""Music whose beats are known: drums as sound, and recordings as a sound net would hear them."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest

from charter.audio import AudibleSpan, Audio
from charter.tempo.activation import Activation
from charter.tempo.recording import Recording

Hear = Callable[..., Recording]
Drum = Callable[..., Audio]

TOKENS, FRAMES, ENVELOPE = 50.0, 100.0, 1000.0  # a second


def _bumps(at: np.ndarray, height: float, width: float, rate: float, seconds: float) -> np.ndarray:
    """Gaussians of a standard deviation of ``width`` seconds; where two meet, the higher."""
    values = np.zeros(round(seconds * rate))
    around = np.arange(-round(4 * width * rate), round(4 * width * rate) + 1)
    for second in at:
        places = round(second * rate) + around
        inside = places[(places >= 0) & (places < len(values))]
        np.maximum.at(values, inside, height * np.exp(-0.5 * ((inside / rate - second) / width) ** 2))
    return values


def _triangles(at: np.ndarray, seconds: float) -> np.ndarray:
    """Targets as the net is taught: 1 on a beat, 0 two tokens away."""
    tokens = np.arange(round(seconds * TOKENS)) / TOKENS
    away = np.abs(tokens[:, None] - at).min(axis=1, initial=np.inf)
    return np.maximum(0.0, 1 - away * TOKENS / 2)


@pytest.fixture
def hear() -> Hear:
    """A recording with attacks on these beats (seconds) and, softer, half-way between, as a perfect net hears it.

    downbeat: which of the first four begins a measure; between: strength of the attacks half-way; sure: of the net
    """

    def heard(
        beats: np.ndarray, *, downbeat: int = 0, between: float = 0.5, sure: float = 0.9, start: float | None = None
    ) -> Recording:
        rng = np.random.default_rng(0)
        beats = np.asarray(beats, dtype=np.float64)
        seconds = float(beats[-1]) + 1.5
        downbeats, halves = beats[downbeat::4], (beats[1:] + beats[:-1]) / 2
        envelope = np.maximum(
            _bumps(beats, 1.0, 0.003, ENVELOPE, seconds), _bumps(halves, between, 0.003, ENVELOPE, seconds)
        )
        change = _bumps(downbeats, 1.0, 0.05, FRAMES, seconds) + 0.3 * _bumps(beats, 1.0, 0.05, FRAMES, seconds)
        return Recording(
            envelope=(envelope + 0.02 * rng.random(len(envelope))).astype(np.float32),
            change=(change + 0.02 * rng.random(len(change))).astype(np.float32),
            frame_rate=FRAMES,
            activation=Activation(
                (
                    0.02 + (sure - 0.02) * np.maximum(_triangles(beats, seconds), 0.1 * _triangles(halves, seconds))
                ).astype(np.float32),
                (0.01 + (sure - 0.01) * _triangles(downbeats, seconds)).astype(np.float32),
                TOKENS,
            ),
            span=AudibleSpan(float(beats[0]) if start is None else start, float(beats[-1]) + 0.3),
        )

    return heard


@pytest.fixture
def steady() -> Callable[[float, float, float], np.ndarray]:
    """Beats of one tempo: (bpm, first, seconds) -> seconds of each."""
    return lambda bpm, first, seconds: first + np.arange(int((seconds - first) * bpm / 60)) * 60 / bpm


def _struck(hertz: float, decay: float, noise: float, rate: int) -> np.ndarray:
    t = np.arange(round(0.3 * rate)) / rate
    hiss = np.random.default_rng(3).uniform(-1, 1, len(t)) * np.exp(-t * 2 * decay)
    return np.sin(2 * np.pi * hertz * t) * np.exp(-t * decay) * (1 - noise) + noise * hiss


SOUNDS = {"kick": (0.9, 60, 14, 0.05), "snare": (0.6, 190, 25, 0.7), "hat": (0.25, 3000, 50, 0.9)}
ROOTS = (220.0, 174.6, 261.6, 196.0)  # A F C G


@pytest.fixture
def struck() -> Callable[[str, int], np.ndarray]:
    """One sound of a drum kit, at a sample rate."""

    def sound(name: str, rate: int) -> np.ndarray:
        level, *made = SOUNDS[name]
        return level * _struck(*made, rate)

    return sound


@pytest.fixture
def drums() -> Drum:
    """A loop on these beats: kick and snare in turn, a hat on the beats and between, a new chord in each measure."""

    def loop(beats: np.ndarray, *, rate: int = 24_000, chords: bool = True, quiet: float = 1.0) -> Audio:
        ends = np.append(beats, 2 * beats[-1] - beats[-2])
        samples = np.random.default_rng(4).normal(0, 1e-3, round((ends[-1] + 0.5) * rate))
        kit = {name: level * _struck(*made, rate) for name, (level, *made) in SOUNDS.items()}

        def strike(name: str, second: float) -> None:
            start = round(second * rate)
            samples[start : start + len(kit[name])] += kit[name]

        for number, (beat, after) in enumerate(itertools.pairwise(ends)):
            strike(("kick", "snare")[number % 2], beat)
            strike("hat", beat)
            strike("hat", beat + min(after - beat, 1.0) / 2)
            if chords:
                span = slice(round(beat * rate), round(min(after, beat + 1.0) * rate))
                t = np.arange(len(samples[span])) / rate + beat
                root = ROOTS[number // 4 % len(ROOTS)]
                samples[span] += 0.06 * sum(np.sin(2 * np.pi * root * k * t) for k in (1, 1.2, 1.5))
        return Audio((0.5 * quiet * samples).astype(np.float32), rate)

    return loop
