"""How much sound sets in at each millisecond."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

from charter.audio import Audio
from charter.audio.windows import cut

RATE = 1000  # values per second
_WINDOW_SECONDS = 0.0107
_RISE_SECONDS = 0.004  # over which a rise is measured
# Median over songs of how early the flux peaks before the beat a person set: the logarithm rises with an attack's
# first millisecond, and a person hears the attack's whole. `python -m tests.benchmarks.timing` measures phases.
_EARLY_SECONDS = 0.002
_BLOCK_SECONDS = 10  # bounds memory

_TREND_SECONDS = 0.2
_SPACING_SECONDS = 0.03
_LEAST_PEAK = 0.3  # standard deviations above the trend


class Onsets(NamedTuple):
    """Attacks: their times in seconds, (n,), and strengths, (n,)."""

    times: NDArray[np.float64]
    strengths: NDArray[np.float64]


def onset_envelope(audio: Audio) -> NDArray[np.float32]:
    """Spectral flux at 1 ms: how much the log spectrum rises around each millisecond, (milliseconds,).

    Value ``i`` belongs to second ``i / RATE``; levels are relative to the song's own.
    """
    hop = audio.rate / RATE
    if hop != int(hop):
        raise ValueError(f"{audio.rate} Hz is no whole number of samples to the millisecond")
    hop = int(hop)
    window = 2 * round(_WINDOW_SECONDS * audio.rate / 2)
    frames = 1 + len(audio.samples) // hop
    half, apart = window // 2, round(_RISE_SECONDS * RATE)
    early = round(_EARLY_SECONDS * RATE) * hop
    # The first spectrum of value i is centred half the rise before it, and the rise reaches over the next `apart`.
    ahead = half + apart // 2 * hop + early
    taper = torch.hann_window(window, periodic=False)
    level = float(np.linalg.norm(audio.samples)) / np.sqrt(len(audio.samples)) * float(taper.norm()) + 1e-12
    flux = np.empty(frames, dtype=np.float32)
    block = _BLOCK_SECONDS * RATE
    for start in range(0, frames, block):
        stop = min(start + block, frames)
        piece = torch.from_numpy(cut(audio.samples, start * hop - ahead, (stop - 1 + apart) * hop + window - ahead))
        spectra = torch.stft(piece, window, hop, window=taper, center=False, return_complex=True).abs()
        heights = spectra.div_(level).log1p_()
        flux[start:stop] = (heights[:, apart:] - heights[:, :-apart]).clamp_(min=0).mean(dim=0).numpy()
    return flux


def find_onsets(envelope: NDArray[np.float32]) -> Onsets:
    """The peaks of an onset envelope above its trend."""
    flux = envelope.astype(np.float64) - uniform_filter1d(envelope.astype(np.float64), round(_TREND_SECONDS * RATE))
    peaks, _ = find_peaks(flux, height=_LEAST_PEAK * flux.std(), distance=round(_SPACING_SECONDS * RATE))
    return Onsets(peaks / RATE, flux[peaks])
