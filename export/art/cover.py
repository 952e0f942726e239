"""The picture that comes with a song, whatever its file holds."""

import struct
import warnings
import zlib
from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 25_000_000  # 100 MB once decoded: as much as a large cover has, and a worker can spare
LEAST_SIDE = 48  # smaller ones are marks and icons
WORKING_SIDE = 1024  # more than any of our pictures shows of it

# Only pictures proper: Pillow would hand others on to programs of the system.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# What Pillow's decoders raise for broken files.
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    Warning,
    Image.DecompressionBombError,
)


def open_cover(data: bytes) -> Image.Image | None:
    """A cover as an upright square in RGB, at most `WORKING_SIDE` wide; None for what is no picture of a cover's size.

    What sticks out of the square is cut off on both sides alike.
    """
    if not data:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of oddities in the file, which the picture will show or not
            with Image.open(BytesIO(data), formats=_FORMATS) as picture:
                return _square(picture)
    except BROKEN:
        return None


def _square(picture: Image.Image) -> Image.Image | None:
    width, height = picture.size
    if min(width, height) < LEAST_SIDE or width * height > MOST_PIXELS:
        return None
    picture.draft("RGB", (WORKING_SIDE, WORKING_SIDE))  # a large JPEG is decoded at a fraction, in as little memory
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    plain = picture if picture.mode == mode else picture.convert(mode)
    width, height = plain.size  # of the draft
    edge = min(width, height)
    left, top = (width - edge) / 2, (height - edge) / 2
    side = min(edge, WORKING_SIDE)
    square = plain.resize(
        (side, side), Image.Resampling.LANCZOS, (left, top, left + edge, top + edge), reducing_gap=3.0
    )
    ImageOps.exif_transpose(square, in_place=True)
    if square.mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square)
    return square.convert("RGB")
