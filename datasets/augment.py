"""Augmentations of features on a grid, each a pure function of its input and a random generator.

On the beat grid a change of tempo leaves the features as they are and changes only the tempo that the guide tells; a
change of pitch moves them along the bands.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from charter.audio.features import SILENCE

Mel = NDArray[np.float32]  # (steps, mels, windows)


@dataclass(frozen=True)
class AugmentConfig:
    """How far each augmentation goes; 0 turns one off.

    shift: steps by which the sound comes early or late, standard deviation: human charts drift by that much
    pitch: bands up or down; loudness: of the features' range, up or down; noise: standard deviation, likewise
    band_masks, band_width: how many masks, and at most how many bands each
    step_masks, step_width: masks of a few steps; beat_mask: share of beats silenced whole
    tempo: octaves by which the told tempo may be off; guide_drop: chance of not being told the place in the bar
    """

    shift: float = 0.6
    pitch: int = 3
    loudness: float = 0.08
    noise: float = 0.02
    band_masks: int = 2
    band_width: int = 8
    step_masks: int = 4
    step_width: int = 6
    beat_mask: float = 0.03
    tempo: float = 0.15
    guide_drop: float = 0.05


def augment_mel(mel: Mel, steps_per_beat: int, config: AugmentConfig, rng: np.random.Generator) -> Mel:
    """A changed copy of a crop's features, same shape."""
    late = round(rng.normal(0, config.shift))
    changed = shift_pitch(np.roll(mel, late, axis=0), int(rng.integers(-config.pitch, config.pitch + 1)))
    changed = changed + np.float32(rng.uniform(-config.loudness, config.loudness))
    tilt = rng.uniform(-config.loudness, config.loudness) * np.linspace(-1, 1, mel.shape[1])
    changed = changed + tilt.astype(np.float32)[:, None]
    if config.noise:
        changed = changed + rng.standard_normal(mel.shape, dtype=np.float32) * np.float32(config.noise)
    for _ in range(config.band_masks):
        mask(changed, 1, config.band_width, rng)
    for _ in range(config.step_masks):
        mask(changed, 0, config.step_width, rng)
    return mask_beats(changed, steps_per_beat, config.beat_mask, rng)


def shift_pitch(mel: Mel, bands: int) -> Mel:
    """The sound ``bands`` bands higher (lower if negative); the bands that open up repeat the edge."""
    source = np.clip(np.arange(mel.shape[1]) - bands, 0, mel.shape[1] - 1)
    return mel[:, source]


def mask(mel: Mel, axis: int, widest: int, rng: np.random.Generator) -> None:
    """Set up to ``widest`` neighbouring steps (axis 0) or bands (axis 1) to the crop's mean, in place."""
    width = int(rng.integers(0, widest + 1))
    start = int(rng.integers(0, max(1, mel.shape[axis] - width + 1)))
    part = [slice(None)] * mel.ndim
    part[axis] = slice(start, start + width)
    mel[tuple(part)] = mel.mean()


def mask_beats(mel: Mel, steps_per_beat: int, share: float, rng: np.random.Generator) -> Mel:
    """Silence a share of the beats, so that the rows there must be read from what surrounds them."""
    beats = -(-len(mel) // steps_per_beat)
    silenced = np.repeat(rng.random(beats) < share, steps_per_beat)[: len(mel)]
    return np.where(silenced[:, None, None], np.float32(SILENCE), mel)


def augment_bar_guide(
    guide: NDArray[np.float32], config: AugmentConfig, rng: np.random.Generator
) -> NDArray[np.float32]:
    """A changed copy of the bar guide, (tokens, channels): another tempo, and sometimes no place in the bar."""
    changed = guide.copy()
    changed[:, -3] += rng.uniform(-config.tempo, config.tempo)
    if rng.random() < config.guide_drop:
        changed[:, :-3] = 0.0
    return changed
