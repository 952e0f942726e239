"""Colours of a song without a cover: a few that belong together, always the same for the same name.

They are chosen in OKLCH (lightness, chroma, hue as the eye has them; B. Ottosson, "A perceptual color space for image
processing", 2020), so that every hue is as light, and text on it as readable, as every other.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rgb = tuple[int, int, int]

WHITE: Rgb = (255, 255, 255)

# Of the paper cited above.
_LMS_FROM_LAB = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_RGB_FROM_LMS = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@dataclass(frozen=True)
class Palette:
    """From the darkest to the lightest: two grounds, two for what is drawn, and one for small text."""

    deep: Rgb
    ground: Rgb
    low: Rgb
    high: Rgb
    pale: Rgb

    def scale(self) -> NDArray[np.float64]:
        """256 colours from deep to pale, (256, 3) within 0..255."""
        stops = np.array([self.deep, self.ground, self.low, self.high, self.pale], np.float64)
        at = np.array([0.0, 0.15, 0.5, 0.8, 1.0])
        values = np.linspace(0, 1, 256)
        return np.stack([np.interp(values, at, stops[:, channel]) for channel in range(3)], axis=1)


def palette(*words: str) -> Palette:
    """The colours of a name."""
    digest = hashlib.blake2b("\0".join(words).encode(errors="surrogatepass"), digest_size=4).digest()
    # Not from 60 to 130 degrees, yellow and olive: in the dark they are mud.
    hue = 130 + int.from_bytes(digest[:2], "big") / 65_536 * 290
    # To a neighbour on the wheel, on one side or the other: two hues that differ, and still look like one picture.
    turn = (50 + digest[2] / 255 * 50) * (1 if digest[3] & 1 else -1)
    return Palette(
        deep=oklch(0.15, 0.035, hue),
        ground=oklch(0.27, 0.075, hue),
        low=oklch(0.50, 0.16, hue + turn / 3),
        high=oklch(0.74, 0.16, hue + turn),
        pale=oklch(0.92, 0.055, hue + turn),
    )


def oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    """A colour, with less chroma where a screen has not so much of it. hue: degrees."""
    angle = np.deg2rad(hue)
    while True:
        lab = np.array([lightness, chroma * np.cos(angle), chroma * np.sin(angle)])
        linear = _RGB_FROM_LMS @ (_LMS_FROM_LAB @ lab) ** 3
        if chroma <= 0 or (linear.min() > -1e-4 and linear.max() < 1 + 1e-4):
            break
        chroma = max(chroma - 0.01, 0.0)
    inside = np.clip(linear, 0, 1)
    red, green, blue = np.where(inside <= 0.0031308, 12.92 * inside, 1.055 * inside ** (1 / 2.4) - 0.055)
    return round(255 * red), round(255 * green), round(255 * blue)
