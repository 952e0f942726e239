"""Log-mel features, by the frame and by the step of any grid."""

import math

import numpy as np
import torch
import torchaudio
from numpy.typing import NDArray

from charter.audio.decode import Audio
from charter.audio.loudness import audible_span
from charter.audio.spec import AudioSpec

# Quieter than this below the song's mean band power is floor: 50 dB keeps brushes and reverb, drops codec noise.
FLOOR = 1e-5
SILENCE = -1.0  # what every feature is where nothing sounds
# So much at a time keeps the spectrogram's memory flat and in reach of the processor, whatever the song's length.
BLOCK_SECONDS = 15


def log_mel(audio: Audio, spec: AudioSpec) -> NDArray[np.float32]:
    """Log-mel frames of a song, shape (frames, mels, windows), about -1..0.5.

    Frame ``i`` is centred on second ``i / spec.frames_per_second``. Levels are relative to the mean power of the
    music, so that a quieter copy, or one with more silence around it, gives the same features.
    """
    if audio.rate != spec.sample_rate:
        raise ValueError(f"audio at {audio.rate} Hz, features at {spec.sample_rate} Hz")
    frames = 1 + len(audio.samples) // spec.hop
    mel = np.empty((frames, spec.mels, len(spec.windows)), dtype=np.float32)
    for index, window in enumerate(spec.windows):
        mel[:, :, index] = _mel_power(audio.samples, window, spec, frames)
    start, end = audible_span(audio) or (0.0, audio.duration)
    music = slice(round(start * spec.frames_per_second), round(end * spec.frames_per_second) + 1)
    for index in range(len(spec.windows)):
        band_power = mel[:, :, index]
        mean = float(band_power[music].mean(dtype=np.float64))
        # In place: a long mix holds these frames once. log10 of 1e-5..1e2 mapped to -1..0.4.
        np.divide(band_power, mean if mean > 0 else 1.0, out=band_power)
        np.log10(np.maximum(band_power, FLOOR), out=band_power)
    mel /= -math.log10(FLOOR)
    return mel


def _mel_power(samples: NDArray[np.float32], window: int, spec: AudioSpec, frames: int) -> NDArray[np.float32]:
    """(frames, mels) mel power, computed block by block with the overlap that makes the seams exact."""
    taper = torch.hann_window(window)
    bands = torchaudio.functional.melscale_fbanks(
        window // 2 + 1, spec.f_min, spec.f_max, spec.mels, spec.sample_rate, norm="slaney", mel_scale="htk"
    )
    half = window // 2
    padded = np.pad(samples, (half, half + spec.hop))
    block = int(BLOCK_SECONDS * spec.frames_per_second)
    power = np.empty((frames, spec.mels), dtype=np.float32)
    for start in range(0, frames, block):
        stop = min(start + block, frames)
        piece = torch.from_numpy(padded[start * spec.hop : (stop - 1) * spec.hop + window])
        wave = torch.stft(piece, window, spec.hop, window=taper, center=False, return_complex=True)
        # Squares of both parts: the absolute value that torchaudio's transform takes first costs as much as the FFT.
        power[start:stop] = ((wave.real.square() + wave.imag.square()).T @ bands).numpy()
    return power


def sample_steps(
    frames: NDArray[np.floating], spec: AudioSpec, seconds: NDArray[np.float64], widths: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Features at given times: the mean of the frames within each step.

    frames: (frames, mels, windows); seconds, widths: (steps,), a step's middle and length in seconds
    -> (steps, mels, windows). Steps shorter than a frame interpolate; outside the song there is silence.

    The mean over the step, not the nearest frame, so that a slow song's attacks between two steps are not missed.
    """
    flat = frames.reshape(len(frames), -1).astype(np.float32, copy=False)
    edge = np.full((1, flat.shape[1]), SILENCE, dtype=np.float32)
    # The integral of the features over time is piecewise linear: a mean is the difference of two look-ups.
    integral = np.zeros((len(flat) + 1, flat.shape[1]))
    np.cumsum(flat, axis=0, dtype=np.float64, out=integral[1:])
    half = np.maximum(widths * spec.frames_per_second, 1.0) / 2
    centre = seconds * spec.frames_per_second + 0.5  # frame i covers [i, i + 1) of the integral

    def integral_at(position: NDArray[np.float64]) -> NDArray[np.float64]:
        inside = np.clip(position, 0, len(flat))
        low = np.minimum(inside.astype(np.int64), len(flat) - 1)
        part = (inside - low)[:, None]
        value = integral[low] * (1 - part) + integral[low + 1] * part
        return np.asarray(value + edge * (position - inside)[:, None])

    mean = (integral_at(centre + half) - integral_at(centre - half)) / (2 * half)[:, None]
    return np.asarray(mean, dtype=np.float32).reshape(len(seconds), *frames.shape[1:])
