"""A song's spectrogram in a few bands and columns, as its pictures draw it."""

import numpy as np
from numpy.typing import NDArray

_QUIET, _LOUD = 10, 98  # percentiles of a band that become 0 and 1
_LEAST_RANGE = 0.1  # 5 dB: a steadier band is drawn as steady


def outline(mel: NDArray[np.floating], bands: int, columns: int) -> NDArray[np.float32]:
    """How loud each band is through the song, by its own measure.

    mel: (frames, mels, windows), as of `charter.audio.features.log_mel`; a column is a like share of the frames, a band
    of the mels, each the mean of what falls in it
    -> (bands, columns) within 0..1, the lowest band first; of silence, or of no frames, all 0
    """
    if not mel.size:
        return np.zeros((bands, columns), np.float32)
    mean = _shares(_shares(mel.mean(axis=2, dtype=np.float64).T, columns).T, bands).T
    quiet, loud = np.percentile(mean, [_QUIET, _LOUD], axis=1, keepdims=True)
    return np.asarray(np.clip((mean - quiet) / np.maximum(loud - quiet, _LEAST_RANGE), 0, 1), np.float32)


def _shares(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The means of ``count`` like shares of each row: (rows, n) -> (rows, count); where n is less, values repeat."""
    n = values.shape[1]
    starts = np.arange(count) * n // count
    stops = np.maximum((np.arange(count) + 1) * n // count, starts + 1)
    summed = np.pad(np.cumsum(values, axis=1), ((0, 0), (1, 0)))
    return np.asarray((summed[:, stops] - summed[:, starts]) / (stops - starts))
