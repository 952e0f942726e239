"""Covers as files bring them: whatever they hold, a square or nothing."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from export.art.cover import LEAST_SIDE, WORKING_SIDE, open_cover
from tests.export.art.picture_file import encoded

RED, BLUE = (220, 20, 20), (20, 20, 220)


def halves(width: int, height: int, *, side_by_side: bool = True) -> Image.Image:
    """Red left (or above), blue right (or below)."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height) if side_by_side else (0, 0, width, height // 2))
    return picture


def about(picture: Image.Image, at: tuple[float, float]) -> tuple[int, ...]:
    """The colour at a point, in shares of the sides, to the nearest 40."""
    pixel = picture.getpixel((int(at[0] * picture.width), int(at[1] * picture.height)))
    return tuple(round(value / 40) * 40 for value in pixel)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_common_kind(kind):
    cover = open_cover(encoded(halves(300, 300), kind))
    assert (cover.size, cover.mode) == ((300, 300), "RGB")
    assert cover.getpixel((30, 150)) == pytest.approx(RED, abs=12)
    assert cover.getpixel((270, 150)) == pytest.approx(BLUE, abs=12)


@pytest.mark.parametrize(("size", "side"), [((300, 200), 200), ((200, 300), 200), ((3000, 3000), WORKING_SIDE)])
def test_the_middle_as_a_square(size, side):
    cover = open_cover(encoded(halves(*size), "JPEG"))
    assert cover.size == (side, side)
    assert about(cover, (0.45, 0.5))[0] > 150
    assert about(cover, (0.55, 0.5))[2] > 150


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "I;16"])
def test_every_mode(mode):
    grey = Image.fromarray(np.full((100, 100), 200, np.uint8))
    picture = Image.fromarray(np.full((100, 100), 200 * 256, np.uint16)) if mode == "I;16" else grey.convert(mode)
    assert picture.mode == mode
    assert np.asarray(open_cover(encoded(picture))).mean() == pytest.approx(200, abs=8 if mode != "1" else 60)


def test_cmyk():
    cover = open_cover(encoded(halves(100, 100).convert("CMYK"), "JPEG"))
    assert about(cover, (0.1, 0.5))[0] > 150


def test_what_is_transparent_is_white():
    picture = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    assert about(open_cover(encoded(picture)), (0.5, 0.5)) == (240, 240, 240)


def test_a_camera_held_sideways():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right to see it upright
    cover = open_cover(encoded(halves(200, 200), "JPEG", exif=exif))
    assert about(cover, (0.5, 0.1))[0] > 150  # what was left is above
    assert about(cover, (0.5, 0.9))[2] > 150


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\nshowpage\n",
        encoded(Image.new("RGB", (LEAST_SIDE - 1, 500))),
        encoded(Image.new("RGB", (1, 1))),
        encoded(halves(300, 300))[:400],
        encoded(halves(300, 300), "JPEG")[:300],
    ],
)
def test_no_cover(data):
    assert open_cover(data) is None


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@pytest.mark.parametrize("side", [7_000, 10_000, 14_000, 60_000])
def test_a_bomb_is_not_set_off(side, monkeypatch):
    """A file of a few bytes that would be gigabytes once decoded; Pillow itself warns or raises for the larger ones."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )

    def explode(*args: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "convert", explode)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", explode)
    assert open_cover(data) is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_damage_never_breaks_out(kind):
    rng = np.random.default_rng(1)
    whole = np.frombuffer(encoded(halves(64, 64), kind), np.uint8)
    seen = set()
    for _ in range(150):
        damaged = whole.copy()
        hit = rng.integers(0, len(damaged), 4)
        damaged[hit] = rng.integers(0, 256, 4)
        cover = open_cover(damaged[: rng.integers(1, len(damaged) + 1)].tobytes())
        seen.add(cover is None)
        assert cover is None or cover.mode == "RGB"
    assert True in seen
