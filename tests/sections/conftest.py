"""Songs whose form is known, as sound and as bars that are alike or not."""

from collections.abc import Callable

import numpy as np
import pytest

from charter.audio import Audio
from charter.notation import Timing
from charter.sections.bars import Bars
from charter.sections.form import Form, form_of
from charter.sections.likeness import blended, self_similarity

RATE = 24_000
BPM = 120.0
BAR = 2.0  # seconds

_CHORDS = {"A": ((57, 60, 64), (53, 57, 60)), "B": ((60, 64, 67), (55, 59, 62)), "C": ((50, 53, 58), (51, 55, 58))}

Play = Callable[..., Audio]
Shape = Callable[..., Form]


def _tone(pitch: float, seconds: float, overtones: int) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    return sum(np.sin(2 * np.pi * hertz * n * t) / n for n in range(1, overtones + 1)) * np.exp(-t)


def _bar(kind: str, number: int, rng: np.random.Generator) -> np.ndarray:
    """A bar of a section: A calm chords, B full chords with drums, C a pulsing low line."""
    bar = np.zeros(round(BAR * RATE))
    chord = _CHORDS[kind][number % 2]
    for beat in range(4):
        start = round(beat * BAR / 4 * RATE)
        note = sum(_tone(pitch, BAR / 4, {"A": 2, "B": 8, "C": 1}[kind]) for pitch in chord)
        bar[start : start + len(note)] += note * {"A": 0.05, "B": 0.12, "C": 0.1}[kind]
        if kind == "B":
            hiss = rng.normal(size=RATE // 8) * np.exp(-np.arange(RATE // 8) / RATE * 40)
            bar[start : start + len(hiss)] += 0.4 * hiss
    return bar


@pytest.fixture(scope="session")
def play() -> Play:
    """A song of sections of eight bars at 120 BPM, as in ``play("ABABC")``; it starts at ``first`` seconds."""

    def played(form: str, *, bars: int = 8, first: float = 0.5) -> Audio:
        rng = np.random.default_rng(0)
        music = [_bar(kind, number, rng) for kind in form for number in range(bars)]
        return Audio(np.concatenate([np.zeros(round(first * RATE)), *music]).astype(np.float32), RATE)

    return played


@pytest.fixture
def shape() -> Shape:
    """The form of a song whose bars are given by letters; ``loud`` is the intensity of each letter."""

    def shaped(letters: str, *, bpm: float = BPM, loud: dict[str, float] | None = None) -> Form:
        rng = np.random.default_rng(1)
        timing = Timing.constant(bpm, 0.0)
        bars = Bars.of(timing, len(letters) * 240 / bpm)
        letters = letters[: len(bars)]
        sounds = {letter: rng.normal(size=24) for letter in sorted(set(letters))}
        points = np.array([sounds[letter] + 0.4 * rng.normal(size=24) for letter in letters]).reshape(-1, 24)
        intensity = np.array([(loud or {}).get(letter, 0.0) for letter in letters])
        similar = blended(self_similarity(points.astype(np.float32)))
        return form_of(float(bars.edges[-1]), bars, similar, intensity)

    return shaped
