"""A song's pictures: their sizes, what they show, and that names on them can be read."""

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from export.art.backdrop import darkened
from export.art.colour import palette
from export.art.draw import cover_of, draw_art
from export.art.look import Look, Role, art_name
from export.art.names import Names
from export.art.pack_banner import is_pack_banner
from tests.export.art.picture_file import encoded, opened

ROOT = Path(__file__).parents[3]
SIZES = {Role.BANNER: (418, 164), Role.BACKGROUND: (1920, 1080), Role.JACKET: (512, 512)}
KINDS = {Role.BANNER: "PNG", Role.BACKGROUND: "JPEG", Role.JACKET: "PNG"}


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(opened(data).convert("RGB"), float)


def striped(side: int = 400) -> Image.Image:
    picture = Image.new("RGB", (side, side), (255, 230, 0))
    ImageDraw.Draw(picture).rectangle((0, side // 2, side, side), fill=(30, 60, 200))
    return picture


def luminance(colours: np.ndarray) -> np.ndarray:
    """Relative luminance of sRGB, as WCAG 2 defines it: (…, 3) within 0..255 -> (…) within 0..1."""
    coded = np.asarray(colours, float) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast_of_white(colours: np.ndarray) -> float:
    return 1.05 / (float(luminance(colours).max()) + 0.05)


@pytest.mark.parametrize("cover", [b"", encoded(striped()), b"broken"], ids=["none", "cover", "broken"])
def test_kinds_and_sizes(outline, cover):
    files = draw_art(Look("Dawn", "charter", outline, cover))
    assert {role: (opened(data).format, opened(data).size) for role, data in files.items()} == {
        role: (KINDS[role], SIZES[role]) for role in Role
    }


def test_only_what_is_asked_for(outline):
    look = Look("Dawn", "charter", outline)
    assert draw_art(look, [Role.JACKET]) == {Role.JACKET: draw_art(look)[Role.JACKET]}


def test_names_that_the_game_finds():
    assert {role: art_name("A.b", role) for role in Role} == {
        "banner": "A.b-bn.png",
        "background": "A.b-bg.jpg",
        "jacket": "A.b-jacket.png",
    }


def test_the_jacket_is_the_cover(outline):
    found = pixels(draw_art(Look("Dawn", "charter", outline, encoded(striped())), [Role.JACKET])[Role.JACKET])
    cover = np.asarray(striped().resize((512, 512), Image.Resampling.LANCZOS), float)
    assert np.abs(found - cover).max() <= 1


def test_banner_and_background_show_the_cover_sharp(outline):
    files = draw_art(Look("", "", outline, encoded(striped())))
    banner, background = pixels(files[Role.BANNER]), pixels(files[Role.BACKGROUND])
    for part in (banner[:, :164], background[150:750, 660:1260]):
        height, width, _ = part.shape
        assert part[height // 4, width // 2] == pytest.approx([255, 230, 0], abs=6)
        assert part[3 * height // 4, width // 2] == pytest.approx([30, 60, 200], abs=6)
        steps = np.abs(np.diff(part[:, width // 2].mean(axis=1)))
        assert steps.max() > 40  # an edge, not a blur


def test_a_broken_cover_is_none(outline):
    assert draw_art(Look("Dawn", "", outline, b"broken")) == draw_art(Look("Dawn", "", outline))


def test_songs_look_different(outline):
    look = Look("Dawn", "charter", outline)
    for other in (
        Look("Dusk", "charter", outline),
        Look("Dawn", "someone else", outline),
        Look("Dawn", "charter", outline[::-1]),
    ):
        ours, theirs = (draw_art(one, [Role.BANNER, Role.JACKET]) for one in (look, other))
        assert all(ours[role] != theirs[role] for role in ours)


@pytest.mark.usefixtures("no_fonts")
def test_a_name_without_a_font_is_left_out(outline):
    assert not Names.of("夜明け", "初音ミク")
    banner = pixels(draw_art(Look("夜明け", "初音ミク", outline), [Role.BANNER])[Role.BANNER])
    named = pixels(draw_art(Look("Dawn", "Miku", outline), [Role.BANNER])[Role.BANNER])
    bright = [(luminance(picture[:, :200]) > 0.8).sum() for picture in (banner, named)]
    assert bright[0] == 0  # no white letters, and no white boxes
    assert bright[1] > 100


def test_where_the_music_is_loud_it_is_seen():
    outline = np.zeros((48, 300), np.float32)
    outline[:, 75:150] = 1  # the second quarter: from three to six o'clock on the record
    jacket = luminance(pixels(draw_art(Look("", "", outline), [Role.JACKET])[Role.JACKET]))
    assert jacket[300:420, 300:420].mean() > 3 * jacket[90:210, 90:210].mean()
    background = luminance(pixels(draw_art(Look("", "", outline), [Role.BACKGROUND])[Role.BACKGROUND]))
    highest = [
        np.flatnonzero((background[:, part] > 0.1).any(axis=1)).min() for part in (slice(600, 800), slice(1200, 1400))
    ]
    assert highest[0] < highest[1] - 50


@pytest.mark.parametrize("values", [0.0, 1.0])
@pytest.mark.parametrize("shape", [(48, 300), (1, 1), (64, 5)])
def test_any_outline(values, shape):
    files = draw_art(Look("Dawn", "charter", np.full(shape, values, np.float32)))
    assert {role: opened(data).size for role, data in files.items()} == SIZES


# White names have a contrast of 4.5 to 1 at least (WCAG 2, AA), whatever lies behind them.


@pytest.mark.parametrize("colour", ["white", "yellow", "cyan", "#ff8", "black"])
def test_names_can_be_read_on_any_cover(colour):
    cover = Image.new("RGB", (300, 300), colour)
    cover.paste((255, 255, 255), (100, 0, 160, 300))
    assert contrast_of_white(np.asarray(darkened(cover, (418, 164)))) > 4.5


def test_names_can_be_read_on_any_colour():
    for number in range(300):
        colours = palette(f"song {number}")
        assert contrast_of_white(np.array([colours.deep, colours.ground])) > 9
        assert contrast_of_white(np.array(colours.high)) < contrast_of_white(np.array(colours.low)) / 1.5


def test_colours_go_round_the_wheel():
    grounds = np.array([palette(f"song {number}").ground for number in range(300)])
    strongest = np.bincount(grounds.argmax(axis=1), minlength=3)
    assert strongest.min() > 30


@pytest.mark.slow
def test_the_same_bytes_from_run_to_run(tmp_path):
    """In new processes, in which sets have other orders."""
    (tmp_path / "cover.png").write_bytes(encoded(striped()))
    program = """
import sys, hashlib, numpy as np
from pathlib import Path
from export.art.draw import draw_art
from export.art.look import Look
outline = np.random.default_rng(0).uniform(0, 1, (48, 300)).astype(np.float32)
for cover in (b"", Path(sys.argv[1]).read_bytes()):
    files = draw_art(Look("Dawn \u00e9 \u042f", "charter", outline, cover))
    print(*(hashlib.sha256(data).hexdigest() for data in files.values()))
"""
    runs = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "cover.png")],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(runs[0].split()) == 6
    assert runs[0] == runs[1]


@pytest.mark.parametrize("title", ["Dawn", ""])
def test_pictures_tell_the_cover_that_they_were_drawn_with(outline, title):
    with_cover, without, silent = (
        draw_art(look)
        for look in (
            Look(title, "charter", outline, encoded(striped())),
            Look(title, "charter", outline),
            Look(title, "charter", np.zeros_like(outline)),
        )
    )
    for others in ([Role.BANNER], [Role.BACKGROUND], [Role.BANNER, Role.BACKGROUND]):
        some, none, quiet = (
            {role: files[role] for role in (Role.JACKET, *others)} for files in (with_cover, without, silent)
        )
        assert cover_of(some) == some[Role.JACKET]
        assert cover_of(none) == b""
        assert cover_of(quiet) == b""


def test_a_jacket_that_another_picture_does_not_show_is_no_cover(outline):
    files = draw_art(Look("Dawn", "charter", outline, encoded(striped())))
    assert cover_of(files | {Role.JACKET: encoded(striped().rotate(90))}) == b""
    assert cover_of({Role.JACKET: files[Role.JACKET]}) == b""
    assert cover_of({Role.JACKET: files[Role.JACKET], Role.BANNER: b"broken"}) == b""
    assert cover_of({}) == b""


def bomb(side: int) -> bytes:
    """A PNG that says it is so many pixels wide and high."""
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = (header, b"IDAT" + zlib.compress(b""), b"IEND")
    parts = (struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("side", [8_000, 30_000])
def test_a_bomb_is_no_picture_of_ours(outline, side, monkeypatch):
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("a bomb was set off"))
    files = {Role.JACKET: b"", Role.BANNER: bomb(side)}
    monkeypatch.setattr("export.art.draw.open_cover", lambda _: Image.new("RGB", (512, 512)))
    assert cover_of(files) == b""
    assert not is_pack_banner(bomb(side))
