"""One tempo: drum loops of known timing, and sounds that have none."""

import numpy as np
import pytest

from charter.audio import Audio
from charter.errors import TimingError
from charter.notation import Timing
from charter.tempo import estimate

RATE = 22050


def drum(hertz: float, decay: float, noise: float) -> np.ndarray:
    t = np.arange(round(0.3 * RATE)) / RATE
    hiss = np.random.default_rng(3).uniform(-1, 1, len(t)) * np.exp(-t * 2 * decay)
    return np.sin(2 * np.pi * hertz * t) * np.exp(-t * decay) * (1 - noise) + noise * hiss


KICK, SNARE, HAT = 0.9 * drum(60, 14, 0.05), 0.6 * drum(190, 25, 0.7), 0.25 * drum(5000, 50, 0.9)


def loop(bpm: float, first: float, seconds: float, rate: int = RATE) -> Audio:
    """Kick and snare in turn on the beats from ``first`` on, a hat between them; a little noise under all."""
    samples = np.random.default_rng(4).normal(0, 1e-3, round(seconds * RATE))
    for half_beat in range(int((seconds - first - 0.5) * bpm / 30)):
        sound = (KICK, HAT, SNARE, HAT)[half_beat % 4]
        start = round((first + half_beat * 30 / bpm) * RATE)
        samples[start : start + len(sound)] += sound
    if rate != RATE:
        samples = np.interp(np.arange(round(seconds * rate)) / rate, np.arange(len(samples)) / RATE, samples)
    return Audio(samples.astype(np.float32), rate)


def bpm_of(timing: Timing) -> float:
    assert len(timing.tempos) == 1
    return timing.tempos[0].bpm


@pytest.mark.parametrize("bpm", [112.0, 118.0, 128.0, 151.787, 174.5, 200.0])
@pytest.mark.parametrize("first", [0.1, 1.234])
def test_tempo_and_beat_0_of_a_drum_loop(bpm, first):
    timing = estimate(loop(bpm, first, 30))
    assert bpm_of(timing) == pytest.approx(bpm, abs=0.01)
    assert -timing.offset == pytest.approx(first, abs=0.003)


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 96000])
def test_rate_is_no_matter(rate):
    timing = estimate(loop(140, 0.5, 20, rate))
    assert bpm_of(timing) == pytest.approx(140, abs=0.01)
    assert -timing.offset == pytest.approx(0.5, abs=0.003)


def test_whole_bpm_is_exact():
    assert bpm_of(estimate(loop(137, 0.3, 60))) == 137.0


def test_fractional_bpm_stays_in_sync_to_the_end():
    bpm, first, seconds = 143.37, 0.4, 180.0
    timing = estimate(loop(bpm, first, seconds))
    last = int((seconds - first) * bpm / 60)
    assert timing.seconds_at(48 * last) == pytest.approx(first + last * 60 / bpm, abs=0.005)


@pytest.mark.parametrize("sound", [KICK, SNARE, np.array([0.9, -0.9])], ids=["kick", "snare", "click"])
def test_beat_lies_at_the_attack_of_a_lone_sound(sound):
    """Where nothing masks it, the spectrum rises well before the attack: as soon as a window touches it."""
    samples = np.zeros(20 * RATE, np.float32)
    for beat in range(40):
        start = round((0.3 + beat * 0.48) * RATE)
        samples[start : start + len(sound)] += sound.astype(np.float32)
    assert -estimate(Audio(samples, RATE)).offset == pytest.approx(0.3, abs=0.001)


def test_louder_half_of_the_beat_wins_over_sharper_onsets():
    """Hats off the beat are brighter than a soft kick on it."""
    samples = loop(120, 0.5, 30).samples.astype(np.float64)
    for beat in range(57):
        start = round((0.75 + beat * 0.5) * RATE)
        samples[start : start + len(HAT)] += 1.5 * HAT
    timing = estimate(Audio(samples.astype(np.float32), RATE))
    assert (0.25 - timing.offset) % 0.5 == pytest.approx(0.25, abs=0.005)


def test_beat_0_is_where_the_music_starts_not_where_the_file_does():
    audio = loop(150, 10.0, 40)
    assert -estimate(audio).offset == pytest.approx(10.0, abs=0.003)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros(0), "under 4 s"),
        (np.zeros(20 * RATE), "under 4 s"),
        (loop(150, 0.1, 3.5).samples, "under 4 s"),
        (0.5 * np.sin(np.arange(20 * RATE) * 0.1), "hardly a sound"),
        (np.random.default_rng(5).normal(0, 0.1, 20 * RATE), "no steady beat"),
        (np.random.default_rng(6).normal(0, 0.1, 5 * RATE), "no steady beat"),
    ],
    ids=["no samples", "silence", "too short", "a sine", "noise", "short noise"],
)
def test_no_beat_is_an_error_that_says_what_to_do(samples, message):
    with pytest.raises(TimingError, match=rf"{message}.*no beat found; give --bpm"):
        estimate(Audio(samples.astype(np.float32), RATE))
