"""What sounds around the beats of a song, as a picture small enough for a page of a thousand songs."""

import base64
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from charter.notation import Timing
from charter.tempo.bias import beat_windows
from charter.tempo.envelope import RATE

_MOST_COLUMNS, _ROWS = 240, 61
_SHADES = 16  # four bits a pixel
# Dark to bright, rising in lightness throughout, so that it reads in grey too.
_COLOURS = np.array([(0, 0, 4), (87, 16, 110), (188, 55, 84), (249, 142, 9), (252, 255, 164)])


def timing_picture(envelope: NDArray[np.float32], timing: Timing) -> str:
    """A PNG in base64 of what `charter check --plot` draws: the envelope around the beats along the song.

    From left to right the whole recording, from top to bottom 60 ms after the beat to 60 ms before it; the beat itself
    is in the middle. At most 240 by 61 pixels. Empty where no beat lies within the recording.

    envelope: as `charter.tempo.envelope.onset_envelope` gives it, (milliseconds,)
    """
    windows = beat_windows(envelope, timing)
    if not len(windows.seconds):
        return ""
    edges = np.linspace(0, len(envelope) / RATE, _columns(windows.seconds, len(envelope) / RATE) + 1)
    shades = np.round(windows.shades(edges).T[::-1] * 255).astype(np.uint8)
    small = np.asarray(Image.fromarray(shades).resize((shades.shape[1], _ROWS), Image.Resampling.BOX))
    picture = Image.fromarray((small // (256 // _SHADES)).astype(np.uint8)).convert("L")
    picture.putpalette(_palette())
    buffer = BytesIO()
    picture.save(buffer, format="PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _columns(seconds: NDArray[np.float64], duration: float) -> int:
    """As many as leave hardly one between two beats empty."""
    longest = float(np.quantile(np.diff(seconds), 0.9)) if len(seconds) > 1 else duration
    return max(1, int(duration / max(longest, duration / _MOST_COLUMNS)))


def _palette() -> list[int]:
    places = np.linspace(0, len(_COLOURS) - 1, _SHADES)
    channels = [np.interp(places, np.arange(len(_COLOURS)), channel) for channel in _COLOURS.T]
    return [int(value) for value in np.round(np.stack(channels, axis=1)).ravel()]
