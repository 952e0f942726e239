"""A spectrogram in few bands and columns."""

import numpy as np
import pytest

from charter.audio.outline import outline


def test_bands_rise_and_time_runs_right():
    mel = np.full((1000, 64, 2), -1.0, np.float32)
    mel[:500, :32] = 0.0  # low and early
    mel[500:, 32:] = 0.0  # high and late
    expected = np.zeros((4, 10), np.float32)
    expected[:2, :5] = expected[2:, 5:] = 1
    assert np.array_equal(outline(mel, 4, 10), expected)


def test_each_band_by_its_own_measure():
    rng = np.random.default_rng(0)
    mel = rng.uniform(-0.2, 0.3, (3000, 64, 2))
    quieter = mel + np.linspace(0, -0.6, 64)[:, None]
    assert outline(quieter, 16, 100) == pytest.approx(outline(mel, 16, 100), abs=1e-5)


def test_the_whole_range_is_used():
    louder = np.linspace(-0.4, 0.4, 5000)[:, None, None]
    found = outline(np.random.default_rng(0).uniform(-0.1, 0.1, (5000, 64, 2)) + louder, 8, 50)
    assert (found.min(), found.max(), found.dtype) == (0, 1, np.float32)


@pytest.mark.parametrize("frames", [0, 1, 7, 5000])
@pytest.mark.parametrize("level", [-1.0, 0.2])
def test_what_never_changes_is_flat(frames, level):
    found = outline(np.full((frames, 64, 2), level, np.float32), 12, 30)
    assert found.shape == (12, 30)
    assert not found.any()


def test_a_short_song_fills_all_columns():
    mel = np.full((3, 64, 1), -1.0, np.float32)
    mel[1] = 0.0
    assert np.array_equal(outline(mel, 1, 9)[0], [0, 0, 0, 1, 1, 1, 0, 0, 0])
