"""How strongly each of the twelve pitch classes sounds."""

import numpy as np
import torch
from numpy.typing import NDArray

from charter.audio.decode import Audio
from charter.audio.windows import cut

FRAMES_PER_SECOND = 10
PITCH_CLASSES = 12
_WINDOW_SECONDS = 0.17  # tells semitones apart from the A below middle C's octave on
_LOWEST_HZ, _HIGHEST_HZ = 100.0, 2500.0  # below, semitones run together; above, there are mostly overtones
_CONCERT_A_HZ, _CONCERT_A = 440.0, 69  # and its MIDI number
_BLOCK_FRAMES = 2000


def chroma(audio: Audio) -> NDArray[np.float32]:
    """Log magnitude by pitch class, C first: (frames, 12); frame ``i`` is centred on second ``i / 10``."""
    hop = round(audio.rate / FRAMES_PER_SECOND)
    window = 2 ** round(np.log2(_WINDOW_SECONDS * audio.rate))
    hertz = np.fft.rfftfreq(window, 1 / audio.rate)
    heard = (hertz >= _LOWEST_HZ) & (hertz <= _HIGHEST_HZ)
    pitches = np.rint(_CONCERT_A + 12 * np.log2(hertz[heard] / _CONCERT_A_HZ)).astype(np.int64)
    classes = np.zeros((len(hertz), PITCH_CLASSES), dtype=np.float32)
    classes[np.flatnonzero(heard), pitches % PITCH_CLASSES] = 1.0
    frames = 1 + len(audio.samples) // hop
    found = np.empty((frames, PITCH_CLASSES), dtype=np.float32)
    taper = torch.hann_window(window)
    for start in range(0, frames, _BLOCK_FRAMES):  # an hour's spectrogram at once would fill memory
        stop = min(start + _BLOCK_FRAMES, frames)
        first, last = start * hop - window // 2, (stop - 1) * hop + window - window // 2
        piece = cut(audio.samples, first, last)
        spectrum = torch.stft(torch.from_numpy(piece), window, hop, window=taper, center=False, return_complex=True)
        found[start:stop] = np.log1p(spectrum.abs().T.numpy() @ classes)
    return found
