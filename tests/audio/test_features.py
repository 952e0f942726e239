"""Features: every sound in its frame, the seams of blocks exact, level no matter, silence at the floor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.audio import Audio, features
from charter.audio.features import log_mel, sample_steps
from charter.audio.spec import AudioSpec

SPEC = AudioSpec(mels=16)
SECOND = SPEC.sample_rate


def noise(seconds: float, level: float = 0.1, seed: int = 0) -> Audio:
    samples = np.random.default_rng(seed).normal(0, level, round(seconds * SECOND))
    return Audio(samples.astype(np.float32), SECOND)


def click_at(second: float, seconds: float = 2.0) -> Audio:
    samples = np.zeros(round(seconds * SECOND), np.float32)
    samples[round(second * SECOND)] = 1.0
    return Audio(samples, SECOND)


@pytest.mark.parametrize("second", [0.5, 0.777, 1.0, 1.23])
@pytest.mark.parametrize("window", range(len(SPEC.windows)))
def test_a_click_peaks_in_its_frame(second, window):
    mel = log_mel(click_at(second), SPEC)
    heard = mel[:, :, window].mean(axis=1)
    assert heard.argmax() == pytest.approx(second * SPEC.frames_per_second, abs=0.5)


@pytest.mark.parametrize("window", range(len(SPEC.windows)))
def test_a_frame_is_centred_on_its_second(window):
    """A click on a frame's second is seen alike by the frames on either side, as far as the window reaches."""
    heard = log_mel(click_at(1.0), SPEC)[:, :, window].mean(axis=1)
    centre = round(SPEC.frames_per_second)
    assert heard[centre + 1] == pytest.approx(heard[centre - 1], abs=1e-2)
    reach = SPEC.windows[window] // 2 // SPEC.hop + 1
    assert heard[[centre - reach, centre + reach]] == pytest.approx(-1.0)
    assert heard[centre - reach + 1] > -1.0


def test_shape_and_last_frame():
    mel = log_mel(noise(1.0), SPEC)
    assert mel.shape == (101, SPEC.mels, 2)
    assert mel.dtype == np.float32
    assert log_mel(noise(1.0 - 1 / SECOND), SPEC).shape[0] == 100


def test_a_high_tone_lies_above_a_low_one():
    def band(hertz: float) -> int:
        samples = 0.5 * np.sin(2 * np.pi * hertz * np.arange(SECOND) / SECOND)
        return int(log_mel(Audio(samples.astype(np.float32), SECOND), SPEC)[50, :, 1].argmax())

    bands = [band(hertz) for hertz in (100, 440, 2000, 8000)]
    assert bands == sorted(set(bands))


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.99, 1.0, 1.003, 3.5])
def test_the_seams_of_blocks_are_exact(monkeypatch, seconds):
    audio = noise(seconds)
    whole = log_mel(audio, SPEC)
    monkeypatch.setattr(features, "BLOCK_SECONDS", 1)
    assert log_mel(audio, SPEC) == pytest.approx(whole, abs=1e-6)


@pytest.mark.parametrize("level", [0.5, 0.01, 4.0])
def test_level_is_no_matter(level):
    audio = noise(2.0)
    softer = Audio(np.float32(level) * audio.samples, SECOND)
    assert log_mel(softer, SPEC) == pytest.approx(log_mel(audio, SPEC), abs=1e-5)


@pytest.mark.parametrize("samples", [0, 1, 5 * SECOND])
def test_silence_is_the_floor(samples):
    assert log_mel(Audio(np.zeros(samples, np.float32), SECOND), SPEC) == pytest.approx(-1.0)


def test_range_of_music():
    mel = log_mel(noise(2.0), SPEC)
    assert -0.6 < mel.min() < mel.max() < 0.5
    assert mel.mean() == pytest.approx(0.0, abs=0.1)


def test_silence_within_music_is_the_floor():
    samples = noise(3.0).samples.copy()
    samples[SECOND : 2 * SECOND] = 0
    assert log_mel(Audio(samples, SECOND), SPEC)[110:190] == pytest.approx(-1.0)


def test_another_rate_is_a_mistake():
    with pytest.raises(ValueError, match="audio at 44100 Hz, features at 24000 Hz"):
        log_mel(Audio(np.zeros(100, np.float32), 44100), SPEC)


# Features on a grid


def by_hand(frames: np.ndarray, second: float, width: float) -> np.ndarray:
    """The mean over a step, from the frames in it by their share; frame i reaches from i - 1/2 to i + 1/2."""
    low = second * SPEC.frames_per_second - max(width * SPEC.frames_per_second, 1.0) / 2
    high = second * SPEC.frames_per_second + max(width * SPEC.frames_per_second, 1.0) / 2
    total = np.zeros(frames.shape[1:])
    for frame in range(int(np.floor(low)) - 1, int(np.ceil(high)) + 2):
        share = max(0.0, min(high, frame + 0.5) - max(low, frame - 0.5))
        total += share * (frames[frame] if 0 <= frame < len(frames) else -1.0)
    return total / (high - low)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.floats(-2, 4), st.floats(0.001, 1)), min_size=1, max_size=8), st.integers(1, 200))
def test_a_step_is_the_mean_of_its_frames(steps, count):
    frames = np.random.default_rng(0).uniform(-1, 0.5, (count, 3, 2)).astype(np.float32)
    seconds, widths = (np.array(column) for column in zip(*steps, strict=True))
    expected = [by_hand(frames, second, width) for second, width in steps]
    assert sample_steps(frames, SPEC, seconds, widths) == pytest.approx(np.array(expected), abs=1e-5)


def test_outside_the_song_there_is_silence():
    frames = np.zeros((100, 3, 2), np.float32)
    sampled = sample_steps(frames, SPEC, np.array([-5.0, -0.1, 0.5, 1.2, 99.0]), np.full(5, 0.1))
    assert sampled[:, 0, 0].tolist() == pytest.approx([-1, -1, 0, -1, -1], abs=1e-6)
    assert sampled.shape == (5, 3, 2)


def test_steps_shorter_than_a_frame_lie_between_two():
    frames = np.array([[-1.0], [-0.2], [0.4], [-1.0]], np.float32)[:, :, None]
    seconds = np.array([1.0, 1.25, 1.5, 2.0]) / SPEC.frames_per_second
    sampled = sample_steps(frames, SPEC, seconds, np.full(4, 1e-4))
    assert sampled.ravel() == pytest.approx([-0.2, -0.05, 0.1, 0.4], abs=1e-6)


def test_half_precision_frames_will_do():
    frames = np.random.default_rng(0).uniform(-1, 0.5, (30_000, 2, 1))
    seconds = np.array([10.0, 299.0])
    exact = sample_steps(frames, SPEC, seconds, np.full(2, 0.05))
    assert sample_steps(frames.astype(np.float16), SPEC, seconds, np.full(2, 0.05)) == pytest.approx(exact, abs=1e-3)


def test_no_steps():
    assert sample_steps(np.zeros((10, 3, 2), np.float32), SPEC, np.zeros(0), np.zeros(0)).shape == (0, 3, 2)
