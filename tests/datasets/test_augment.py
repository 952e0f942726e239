"""Augmentations change what they say, by no more than they say, and never their input."""

from dataclasses import replace

import numpy as np
import pytest

from datasets.augment import SILENCE, AugmentConfig, augment_bar_guide, augment_mel, mask, mask_beats, shift_pitch

OFF = AugmentConfig(
    shift=0, pitch=0, loudness=0, noise=0, band_masks=0, step_masks=0, beat_mask=0, tempo=0, guide_drop=0
)


@pytest.fixture
def mel() -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 0.3, (96, 16, 2)).astype(np.float32)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_all_off_changes_nothing(mel):
    assert np.array_equal(augment_mel(mel, 24, OFF, rng()), mel)


def test_the_input_stays_and_the_same_seed_repeats(mel):
    before = mel.copy()
    first, again = (augment_mel(mel, 24, AugmentConfig(), rng(3)) for _ in range(2))
    assert np.array_equal(mel, before)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, augment_mel(mel, 24, AugmentConfig(), rng(4)))


def test_a_higher_pitch_moves_up_the_bands_and_repeats_the_edge(mel):
    higher = shift_pitch(mel, 2)
    assert np.array_equal(higher[:, 2:], mel[:, :-2])
    assert np.array_equal(higher[:, 0], mel[:, 0])
    assert np.array_equal(shift_pitch(mel, -3)[:, :-3], mel[:, 3:])


def test_loudness_and_tilt_are_bounded(mel):
    changes = [augment_mel(mel, 24, replace(OFF, loudness=0.1), rng(seed)) - mel for seed in range(20)]
    assert all(np.abs(change).max() <= 0.2 + 1e-6 for change in changes)
    assert max(np.abs(change).max() for change in changes) > 0.05


@pytest.mark.parametrize("axis", [0, 1])
def test_masks_reach_every_place_and_no_wider_than_told(mel, axis):
    reached = np.zeros(mel.shape[axis], dtype=bool)
    for seed in range(400):
        masked = mel.copy()
        mask(masked, axis, 5, rng(seed))
        touched = (masked != mel).any(axis=tuple({0, 1, 2} - {axis}))
        assert touched.sum() <= 5
        reached |= touched
    assert reached.all()


def test_beats_are_silenced_whole(mel):
    silenced = mask_beats(mel, 24, 0.5, rng(1))
    beats = (silenced == SILENCE).all(axis=(1, 2)).reshape(-1, 24)
    assert set(beats.sum(axis=1)) <= {0, 24}
    assert 0 < beats[:, 0].sum() < len(beats)


def test_a_shift_moves_the_sound_by_whole_steps(mel):
    shifts = set()
    for seed in range(50):
        moved = augment_mel(mel, 24, replace(OFF, shift=0.6), rng(seed))
        (shift,) = (step for step in range(-4, 5) if np.array_equal(np.roll(mel, step, axis=0), moved))
        shifts.add(shift)
    assert {-1, 0, 1} <= shifts


def test_the_told_tempo_moves_and_the_place_in_the_bar_goes_at_once():
    guide = np.zeros((8, 23), dtype=np.float32)
    guide[np.arange(8), np.arange(8)] = 1
    told = augment_bar_guide(guide, replace(OFF, tempo=0.2), rng())
    assert 0 < abs(told[0, -3]) <= 0.2
    assert np.ptp(told[:, -3]) == 0
    assert np.array_equal(told[:, :-3], guide[:, :-3])
    assert not augment_bar_guide(guide, replace(OFF, guide_drop=1.0), rng())[:, :-3].any()
