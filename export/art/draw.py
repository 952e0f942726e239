"""The pictures of one song."""

from collections.abc import Collection, Mapping
from io import BytesIO

import numpy as np
from PIL import Image

from export.art.backdrop import darkened, gradient, shadowed
from export.art.colour import Palette, palette
from export.art.cover import BROKEN, open_cover
from export.art.look import Look, Role
from export.art.names import Names, Place
from export.art.spectrum import disc, ridges

_SIZES = {Role.BANNER: (418, 164), Role.BACKGROUND: (1920, 1080), Role.JACKET: (512, 512)}
# Where the others show a cover: left, top, right, bottom.
_COVER_PLACES = {Role.BANNER: (0, 0, 164, 164), Role.BACKGROUND: (660, 150, 1260, 750)}
_FORMATS = ("PNG", "JPEG")
_SAME = 4.0  # of 255, the mean difference of two pictures up to which they show the same, once encoded and resized
_JPEG_QUALITY = 90
_PNG_LEVEL = 6


def draw_art(look: Look, roles: Collection[Role] = tuple(Role)) -> dict[Role, bytes]:
    """A song's pictures as files' bytes: banner and jacket PNG, background JPEG; the same from run to run.

    With a cover: the jacket is the cover; the background shows it on its own blurred enlargement, the banner beside the
    name. Else all are drawn from the outline, in colours of the song's name. A name that no font here can show is left
    out of the pictures.
    """
    cover = open_cover(look.cover)
    names = Names.of(look.title, look.artist)
    files = {}
    for role in Role:
        if role in roles:
            picture = _with_cover(role, cover, names) if cover else _without(role, look, names)
            files[role] = _encoded(picture, role)
    return files


def cover_of(pictures: Mapping[Role, bytes]) -> bytes:
    """The cover that pictures of `draw_art` were drawn with, as a picture file; empty where there was none.

    That is their jacket, if another of them shows the same.
    """
    jacket = open_cover(pictures.get(Role.JACKET, b""))
    for role, place in _COVER_PLACES.items():
        if jacket is not None and role in pictures and _shows(pictures[role], place, jacket):
            return pictures[Role.JACKET]
    return b""


def _shows(data: bytes, place: tuple[int, int, int, int], cover: Image.Image) -> bool:
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            if picture.size not in _SIZES.values():  # one that is not ours may be of any size
                return False
            part = picture.convert("RGB").crop(place)
    except BROKEN:
        return False
    same = cover.resize(part.size, Image.Resampling.LANCZOS)
    return float(np.abs(np.asarray(part, np.float32) - np.asarray(same, np.float32)).mean()) <= _SAME


def _with_cover(role: Role, cover: Image.Image, names: Names) -> Image.Image:
    if role == Role.JACKET:
        return cover.resize(_SIZES[role], Image.Resampling.LANCZOS)
    picture = darkened(cover, _SIZES[role])
    left, top, right, bottom = place = _COVER_PLACES[role]
    if role == Role.BACKGROUND:
        shadowed(picture, place)
    picture.paste(cover.resize((right - left, bottom - top), Image.Resampling.LANCZOS), (left, top))
    if role == Role.BANNER:
        names.set(picture, Place(left=right + 18, width=picture.width - right - 32, y=picture.height / 2, anchor=0.5))
    else:
        names.set(
            picture, Place(left=160, width=1600, y=bottom + 56, title=64, artist=36, height=150, lines=2, align=0.5)
        )
    return picture


def _without(role: Role, look: Look, names: Names) -> Image.Image:
    colours = palette(look.title, look.artist)
    size = _SIZES[role]
    picture = gradient(size, colours.deep, colours.ground)
    if role == Role.BACKGROUND:
        range_size = (size[0], 800 if names else size[1])
        light = gradient(range_size, colours.high, colours.pale)
        picture.paste(light, (0, 0), ridges(look.outline, range_size, count=24, swing=0.26))
        names.set(
            picture, Place(left=110, width=1700, y=size[1] - 84, anchor=1, title=84, artist=40, height=150, lines=2)
        )
    elif role == Role.BANNER:
        _put_disc(picture, look, colours, 212, (size[0] - 62, size[1] // 2))
        names.set(picture, Place(left=18, width=228, y=size[1] / 2, anchor=0.5))
    elif names:
        _put_disc(picture, look, colours, 352, (size[0] // 2, 200))
        names.set(
            picture, Place(left=28, width=456, y=444, anchor=0.5, title=36, artist=20, height=86, lines=2, align=0.5)
        )
    else:
        _put_disc(picture, look, colours, 448, (size[0] // 2, size[1] // 2))
    return picture


def _put_disc(picture: Image.Image, look: Look, colours: Palette, side: int, middle: tuple[int, int]) -> None:
    record = disc(look.outline, side, colours)
    picture.paste(record, (middle[0] - side // 2, middle[1] - side // 2), record)


def _encoded(picture: Image.Image, role: Role) -> bytes:
    file = BytesIO()
    if role == Role.BACKGROUND:
        picture.save(file, "JPEG", quality=_JPEG_QUALITY, subsampling=0)  # fine lines in colour
    else:
        picture.save(file, "PNG", compress_level=_PNG_LEVEL)
    return file.getvalue()
