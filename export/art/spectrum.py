"""A song's outline as a drawing: masks and pictures in numpy and Pillow, without text."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from export.art.colour import Palette

_FINE = 2  # drawn so many times as large, then reduced: smooth lines


def ridges(outline: NDArray[np.float32], size: tuple[int, int], *, count: int, swing: float) -> Image.Image:
    """The song as a range of hills, a mask of mode ``L``: a line to each of ``count`` bands, the bass in front.

    Time runs from left to right; a hill hides what lies behind it. swing: the highest hill's height, of the picture's
    """
    width, height = size[0] * _FINE, size[1] * _FINE
    columns = size[0] // 3
    coarse = _smoothed(np.clip(_resampled(outline, count, size[0] // 10), 0, 1)) ** 1.4
    hills = _resampled(coarse, count, columns)  # rounded: what comes between is curved
    across = np.linspace(-1, 1, columns)
    hills *= 0.25 + 0.75 * np.exp(-((across / 0.7) ** 4))  # calm towards both ends
    mask = Image.new("L", (width, height))
    pen = ImageDraw.Draw(mask)
    x = np.linspace(0, width, columns)
    thickness = max(round(height / 300), _FINE)
    for depth, hill in enumerate(hills[::-1]):
        nearness = (depth + 1) / count
        base = height * (swing + (0.98 - swing) * (depth + 0.5) / count)
        y = base - hill * swing * height * (0.5 + 0.5 * nearness)
        points = list(zip(x.tolist(), y.tolist(), strict=True))
        pen.polygon([(0, height), *points, (width, height)], fill=0)
        pen.line(points, fill=round(90 + 165 * nearness), width=thickness)
    fade = np.clip(1.25 * (1 - np.abs(np.linspace(-1, 1, size[0])) ** 3), 0, 1)
    faded = np.asarray(mask.reduce(_FINE)) * fade.astype(np.float32)
    return Image.fromarray(faded.astype(np.uint8))


def disc(outline: NDArray[np.float32], side: int, palette: Palette) -> Image.Image:
    """The song as a record, RGBA: once round from the top is the song, outwards rise the bands."""
    bands = _smoothed(outline)
    count, columns = bands.shape
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    across, down = np.meshgrid(axis, axis)
    radius = np.hypot(across, down)
    turn = np.arctan2(across, -down) / (2 * np.pi) % 1
    inner, outer = 0.30, 0.985
    part = (radius - inner) / (outer - inner)
    band = np.clip(part * count, 0, count - 1).astype(np.intp)
    value = bands[band, (turn * columns).astype(np.intp) % columns]
    # A groove between bands, as on a record, and brighter outside, where little sounds.
    groove = 0.72 + 0.28 * np.abs(np.sin(np.pi * part * count))
    level = np.clip((0.2 + 0.8 * value**1.3) * groove, 0, 1)  # the record is there in silence too
    colours = palette.scale()[(255 * level).astype(np.intp)]
    soft = 1.5 / side * 2
    label = np.clip((inner - radius) / soft + 0.5, 0, 1)[..., None]
    colours = colours * (1 - label) + np.array(palette.high) * label
    hole = np.clip((0.045 - radius) / soft + 0.5, 0, 1)[..., None]
    colours = colours * (1 - hole) + np.array(palette.deep) * hole
    alpha = 255 * np.clip((outer - radius) / soft + 0.5, 0, 1)
    return Image.fromarray(np.dstack([colours, alpha]).round().astype(np.uint8))


def _smoothed(bands: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each band through time by a short bell, so that it has hills and no teeth."""
    bell = np.array([1, 4, 6, 4, 1]) / 16
    padded = np.pad(bands, ((0, 0), (2, 2)), mode="edge")
    moved = (padded[:, shift : shift + bands.shape[1]] * weight for shift, weight in enumerate(bell))
    return np.asarray(sum(moved), np.float32)


def _resampled(outline: NDArray[np.float32], bands: int, columns: int) -> NDArray[np.float32]:
    """The outline in another number of bands and columns."""
    picture = Image.fromarray(np.ascontiguousarray(outline, np.float32))
    return np.array(picture.resize((columns, bands), Image.Resampling.BICUBIC))
