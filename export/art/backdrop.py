"""What pictures stand on: gradients, and covers blurred and darkened."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from export.art.colour import Rgb

# The most light behind white text, of 255, as a screen codes it: it leaves text a contrast of 5.9 to 1.
_MOST_LIGHT = 100
_SMALL = 96  # pixels; a blur is made at this width, and enlarged
_BLUR = 5  # of them
_GRAIN = 64  # pixels, the side of the tile of grain


def darkened(cover: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A cover that fills a picture, blurred, and nowhere brighter than what white text can be read on."""
    small = ImageOps.fit(cover, (_SMALL, max(1, _SMALL * size[1] // size[0])), Image.Resampling.BOX)
    soft = np.asarray(small.filter(ImageFilter.GaussianBlur(_BLUR)), np.float32)
    brightest = float(soft.max())
    share = min(0.6, _MOST_LIGHT / max(brightest, 1))
    # Enlarged as numbers: whole steps of brightness would be seen as rings.
    channels = [
        np.asarray(Image.fromarray(np.ascontiguousarray(soft[..., one])).resize(size, Image.Resampling.BICUBIC))
        for one in range(3)
    ]
    return Image.fromarray(_grained(np.stack(channels, axis=-1) * np.float32(share)))


def gradient(size: tuple[int, int], top: Rgb, bottom: Rgb) -> Image.Image:
    """One colour into another from the top down."""
    width, height = size
    part = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None, None]
    column = np.array(top, np.float32) * (1 - part) + np.array(bottom, np.float32) * part
    strip = _grained(np.broadcast_to(column, (height, _GRAIN, 3)))  # the grain repeats, and so does every row
    return Image.fromarray(np.tile(strip, (1, -(-width // _GRAIN), 1))[:, :width])


def shadowed(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    """The shadow of a sheet that lies at ``box`` (left, top, right, bottom)."""
    scale, reach = 8, 64  # drawn small: it has no edges
    width, height = box[2] - box[0], box[3] - box[1]
    small = Image.new("L", ((width + 2 * reach) // scale, (height + 2 * reach) // scale))
    edge = reach // scale
    small.paste(170, (edge, edge, edge + width // scale, edge + height // scale))
    soft = small.filter(ImageFilter.GaussianBlur(3)).resize((width + 2 * reach, height + 2 * reach))
    picture.paste((0, 0, 0), (box[0] - reach, box[1] - reach + 12), soft)


def _grained(colours: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(height, width, 3) in whole numbers, with a fine grain instead of steps."""
    height, width, _ = colours.shape
    grain = np.random.default_rng(0).uniform(0, 1, (_GRAIN, _GRAIN, 1)).astype(np.float32)
    grained = colours + np.tile(grain, (-(-height // _GRAIN), -(-width // _GRAIN), 1))[:height, :width]
    return np.asarray(np.clip(grained, 0, 255, out=grained), np.uint8)
