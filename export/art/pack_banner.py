"""The banner of a whole pack."""

from collections.abc import Sequence
from io import BytesIO
from typing import TypeVar

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from export.art.backdrop import gradient
from export.art.colour import palette
from export.art.cover import BROKEN, open_cover
from export.art.names import Names, Place

MOST_JACKETS = 24
_SIZE = (418, 164)
_OURS = ("Software", "charter")  # a text in the file
# Rows of the mosaic, by how many jackets there are at least: smaller tiles for more.
_ROWS = ((13, 3), (4, 2), (0, 1))
_Item = TypeVar("_Item")


def spread(items: Sequence[_Item]) -> list[_Item]:
    """At most `MOST_JACKETS` of them, evenly from the first to the last: those that a pack's banner shows."""
    if len(items) <= MOST_JACKETS:
        return list(items)
    return [items[number * (len(items) - 1) // (MOST_JACKETS - 1)] for number in range(MOST_JACKETS)]


def draw_pack_banner(name: str, jackets: Sequence[bytes]) -> bytes:
    """A PNG of 418×164: the pack's name over a mosaic of its songs' jackets, the same from run to run.

    jackets: picture files' bytes; those that cannot be read are left out. Of more than `MOST_JACKETS` show a `spread`.
    """
    tiles = [tile for data in spread(jackets) if (tile := open_cover(data)) is not None]
    colours = palette(name)
    picture = gradient(_SIZE, colours.deep, colours.ground)
    if tiles:
        picture = Image.blend(_mosaic(tiles), picture, 0.08)
        picture.paste(colours.deep, (0, 0), _veil())
    Names.of(name).set(picture, Place(left=24, width=370, y=_SIZE[1] / 2, anchor=0.5, title=46, height=140, align=0.5))
    file = BytesIO()
    about = PngInfo()
    about.add_text(*_OURS)
    picture.save(file, "PNG", pnginfo=about)
    return file.getvalue()


def is_pack_banner(data: bytes) -> bool:
    """Whether a picture file is one that `draw_pack_banner` drew, of whatever pack."""
    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as picture:
            return picture.info.get(_OURS[0]) == _OURS[1]
    except BROKEN:
        return False


def _mosaic(tiles: Sequence[Image.Image]) -> Image.Image:
    """The tiles in rows, over and over, until the banner is full; each row begins elsewhere than the one above it."""
    width, height = _SIZE
    rows = next(rows for least, rows in _ROWS if len(tiles) >= least)
    side = -(-height // rows)
    columns = -(-width // side)
    small = [tile.resize((side, side), Image.Resampling.LANCZOS) for tile in tiles]
    picture = Image.new("RGB", _SIZE)
    left = (width - columns * side) // 2
    for row in range(rows):
        for column in range(columns):
            picture.paste(small[(row * columns + column) % len(small)], (left + column * side, row * side))
    return picture


def _veil() -> Image.Image:
    """How dark it is behind the name: a mask, strongest along the middle line."""
    y = np.abs(np.linspace(-1, 1, _SIZE[1]))[:, None]
    strength = 176 - 130 * np.clip((y - 0.3) / 0.7, 0, 1)
    return Image.fromarray(np.broadcast_to(strength, _SIZE[::-1]).astype(np.uint8))
