"""How hard sound sets in at each 5 ms, by band: what drums and notes start with."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from charter.audio import Audio
from charter.audio.windows import cut

HOP_SECONDS = 0.005
_WINDOW_SECONDS = 0.03
_RISE_FRAMES = 3  # over which a rise is measured
_BLOCK_SECONDS = 30  # bounds memory
_TREND_SECONDS = 0.3
_LOUDNESS_SECONDS = 0.4


class Band(IntEnum):
    """A range of frequencies in which some drum or voice sets in."""

    LOW = 0
    BODY = 1
    VOICE = 2
    CRACK = 3
    AIR = 4


# Hz: kicks; snares' drum and basses; melodies; snares' rattle; hats.
_BAND_EDGES = (30.0, 130.0, 300.0, 2000.0, 6000.0, 12000.0)


@dataclass(frozen=True, eq=False)
class Attacks:
    """What sets in, frame by frame; frame i is at i * HOP_SECONDS.

    flux: (frames, bands) how much the log spectrum rises, trend removed, in standard deviations of the song
    levels: (frames, bands) log amplitudes, natural; loudness: (frames,) dB below full scale, smoothed
    """

    flux: NDArray[np.float32]
    levels: NDArray[np.float32]
    loudness: NDArray[np.float32]

    def strongest(self, bands: tuple[Band, ...], edges: NDArray[np.float64], reach: float) -> NDArray[np.float32]:
        """The strongest attack of any of the bands within ``reach`` seconds of each moment, (n,) of (n,) seconds."""
        heard = self.flux[:, list(bands)].max(axis=1)
        peaks = maximum_filter1d(heard, 2 * round(reach / HOP_SECONDS) + 1)
        frames = np.clip(np.round(edges / HOP_SECONDS), 0, len(peaks) - 1).astype(np.int64)
        return np.asarray(peaks[frames], dtype=np.float32)


def hear_attacks(audio: Audio) -> Attacks:
    """The attacks of a recording."""
    hop = round(HOP_SECONDS * audio.rate)
    frames = 1 + len(audio.samples) // hop
    window = 2 * round(_WINDOW_SECONDS * audio.rate / 2)
    half = window // 2
    taper = torch.hann_window(window)
    level = float(np.linalg.norm(audio.samples)) / np.sqrt(len(audio.samples)) * float(taper.norm()) + 1e-9
    bins = np.searchsorted(np.arange(half + 1) * audio.rate / window, _BAND_EDGES)
    flux = np.zeros((frames, len(Band)), dtype=np.float32)
    levels = np.zeros_like(flux)
    loudness = np.zeros(frames)
    block = round(_BLOCK_SECONDS / HOP_SECONDS)
    for start in range(0, frames, block):
        stop = min(start + block, frames)
        # A few frames more in front: what the first one rises from.
        piece = cut(audio.samples, (start - _RISE_FRAMES) * hop - half, (stop - 1) * hop + half)
        spectra = torch.stft(
            torch.from_numpy(piece), window, hop, window=taper, center=False, return_complex=True
        ).abs()
        loudness[start:stop] = spectra[:, _RISE_FRAMES:].square().mean(dim=0).numpy() / float(taper.square().mean())
        heights = torch.log1p_(spectra / level * 3)
        rises = (heights[:, _RISE_FRAMES:] - heights[:, :-_RISE_FRAMES]).clamp_(min=0)
        for band in Band:
            low, high = bins[band], max(bins[band + 1], bins[band] + 1)
            flux[start:stop, band] = rises[low:high].mean(dim=0).numpy()
            levels[start:stop, band] = heights[low:high, _RISE_FRAMES:].mean(dim=0).numpy()
    flux -= uniform_filter1d(flux, round(_TREND_SECONDS / HOP_SECONDS), axis=0)
    flux /= np.maximum(flux.std(axis=0), 1e-6)
    smooth = uniform_filter1d(loudness, round(_LOUDNESS_SECONDS / HOP_SECONDS))
    return Attacks(flux, levels, np.asarray(10 * np.log10(smooth / window * 2 + 1e-12), dtype=np.float32))
