"""Chroma: the pitch class that sounds, when it sounds."""

import numpy as np
import pytest

from charter.audio import Audio
from charter.audio.chroma import FRAMES_PER_SECOND, PITCH_CLASSES, chroma

RATE = 24_000


def tone(pitch: float, seconds: float = 2.0) -> np.ndarray:
    return 0.2 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * np.arange(round(seconds * RATE)) / RATE)


@pytest.mark.parametrize("pitch", [57, 61, 64, 69, 74, 83])
def test_a_tone_sounds_in_its_class(pitch):
    found = chroma(Audio(tone(pitch).astype(np.float32), RATE))
    assert found.shape == (2 * FRAMES_PER_SECOND + 1, PITCH_CLASSES)
    assert set(found[2:-2].argmax(axis=1)) == {pitch % 12}


def test_a_change_is_heard_when_it_comes():
    found = chroma(Audio(np.concatenate([tone(60), tone(67)]).astype(np.float32), RATE))
    heard = found[:, [0, 7]].argmax(axis=1)
    assert np.abs(np.flatnonzero(heard == 1)[0] / FRAMES_PER_SECOND - 2.0) <= 0.1


def test_blocks_leave_no_seam(monkeypatch):
    samples = np.random.default_rng(0).normal(size=RATE * 5).astype(np.float32)
    whole = chroma(Audio(samples, RATE))
    monkeypatch.setattr("charter.audio.chroma._BLOCK_FRAMES", 7)
    assert chroma(Audio(samples, RATE)) == pytest.approx(whole, rel=1e-4)


@pytest.mark.parametrize("samples", [0, 1, 100])
def test_hardly_any_audio(samples):
    assert chroma(Audio(np.zeros(samples, np.float32), RATE)).shape == (1, PITCH_CLASSES)
