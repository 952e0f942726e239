"""What each bar of a song sounds like: by the section net, by its harmony, and how intense it is."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from charter.audio.chroma import FRAMES_PER_SECOND, chroma
from charter.audio.decode import Audio
from charter.model.sections import SectionNet
from charter.sections.bars import STEPS_PER_BAR, Bars, bar_steps

QUARTERS = 4
_BARS_AT_A_TIME = 256
_FAINT = 1e-4  # of the song's mean power, below which nothing adds to the loudness
_WIDEST = 2.5  # standard deviations: one bar of silence shall not make all others alike


@dataclass(frozen=True, eq=False)
class BarSounds:
    """Bars as they sound.

    points: (bars, width) by the section net, near to those of bars that belong to one section
    harmony: (bars, 48) the chroma of each quarter of a bar
    intensity: (bars,) loudness, fullness of the spectrum and attacks, in standard deviations from the song's mean
    """

    points: NDArray[np.float32]
    harmony: NDArray[np.float32]
    intensity: NDArray[np.float64]

    @classmethod
    def of(cls, net: SectionNet, mel: NDArray[np.floating], audio: Audio, bars: Bars) -> "BarSounds":
        """mel: (frames, mels, windows) of the net's audio spec."""
        spec = net.config.audio
        steps = bar_steps(mel, spec, bars).reshape(len(bars), STEPS_PER_BAR, spec.mels, len(spec.windows))
        return cls(_points(net, steps), _harmony(audio, bars), _intensity(steps))


def _points(net: SectionNet, steps: NDArray[np.float32]) -> NDArray[np.float32]:
    blocks = [np.zeros((0, net.config.width), np.float32)]
    with torch.inference_mode():
        for start in range(0, len(steps), _BARS_AT_A_TIME):
            block = np.ascontiguousarray(steps[start : start + _BARS_AT_A_TIME].transpose(0, 3, 1, 2))
            blocks.append(net(torch.from_numpy(block)).numpy())
    return np.concatenate(blocks)


def _harmony(audio: Audio, bars: Bars) -> NDArray[np.float32]:
    """The chroma of each quarter of a bar beside its own mean, at one length: (bars, 48)."""
    classes = chroma(audio)
    sums = np.concatenate([np.zeros((1, classes.shape[1])), np.cumsum(classes, axis=0, dtype=np.float64)])
    quarters = bars.steps.reshape(len(bars), QUARTERS, STEPS_PER_BAR // QUARTERS)
    first = np.clip((quarters[..., 0] * FRAMES_PER_SECOND).astype(np.int64), 0, len(classes) - 1)
    last = np.maximum(np.clip((quarters[..., -1] * FRAMES_PER_SECOND).astype(np.int64), 0, len(classes) - 1), first)
    means = (sums[last + 1] - sums[first]) / (last + 1 - first)[..., None]
    means -= means.mean(axis=2, keepdims=True)
    lengths = np.linalg.norm(means, axis=2, keepdims=True)
    harmony = np.divide(means, lengths, out=np.zeros_like(means), where=lengths > 1e-6)
    return np.asarray(harmony.reshape(len(bars), QUARTERS * classes.shape[1]), dtype=np.float32)


def _intensity(steps: NDArray[np.float32]) -> NDArray[np.float64]:
    """The mean of three standardised measures; (bars,)."""
    short = steps[..., 0].astype(np.float64)  # through the shortest window, which hears attacks best
    bars, _, mels = short.shape
    loudness = np.log10(np.power(10.0, 5 * short).mean((1, 2)) + _FAINT)  # features are log10 of power by 5
    sequence = short.reshape(-1, mels)
    rises = np.maximum(np.diff(sequence, axis=0, prepend=sequence[:1]), 0).mean(1).reshape(bars, STEPS_PER_BAR).mean(1)
    measures = (loudness, short.mean((1, 2)), rises)
    return np.asarray(np.mean([_standardised(measure) for measure in measures], axis=0))


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    if not values.size:
        return values
    spread = float(values.std())
    return np.clip((values - values.mean()) / spread, -_WIDEST, _WIDEST) if spread > 1e-6 else np.zeros_like(values)
