"""A title and an artist, set on a picture."""

from dataclasses import dataclass
from typing import Self

from PIL import Image, ImageChops, ImageFilter

from export.art.colour import WHITE, Rgb
from export.art.lettering import Lettering

_TITLE_BOLD, _ARTIST_BOLD = 0.022, 0.008  # strokes, in sizes
_SMALLEST = 0.45  # of the largest size
_GAP = 0.5  # between title and artist, in the artist's size
_GREY: Rgb = (216, 219, 228)


@dataclass(frozen=True)
class Place:
    """Where a name stands on a picture, and how large; in pixels but for anchor and align.

    y: of its top (anchor 0), middle (0.5) or bottom (1); align: 0 for left, 0.5 for centred
    title, artist: the largest sizes; height, lines: the most that a title takes; an artist takes a line less
    """

    left: int
    width: int
    y: float
    anchor: float = 0.0
    title: int = 34
    artist: int = 18
    height: int = 92
    lines: int = 3
    align: float = 0.0


@dataclass(frozen=True)
class Names:
    """What of a name can be shown; false where nothing can."""

    title: Lettering | None
    artist: Lettering | None = None

    @classmethod
    def of(cls, title: str, artist: str = "") -> Self:
        """The names as far as there are fonts for them."""
        return cls(Lettering.of(title), Lettering.of(artist))

    def __bool__(self) -> bool:
        return self.title is not None or self.artist is not None

    def set(self, picture: Image.Image, place: Place) -> None:
        """Write them on a picture in RGB, with a soft shadow."""
        parts: list[tuple[Image.Image, Rgb]] = []
        for lettering, size, height, lines, bold, colour in (
            (self.title, place.title, place.height, place.lines, _TITLE_BOLD, WHITE),
            (self.artist, place.artist, 3 * place.artist, place.lines - 1, _ARTIST_BOLD, _GREY),
        ):
            if lettering is not None:
                block = lettering.fit((place.width, height), size, round(size * _SMALLEST), lines)
                parts.append((lettering.draw(block, place.width, align=place.align, bold=bold), colour))
        gap = round(place.artist * _GAP)
        height = sum(mask.height for mask, _ in parts) + gap * (len(parts) - 1)
        top = round(place.y - place.anchor * height)
        for mask, colour in parts:
            _shadow(picture, mask, (place.left, top), blur=max(2, place.title // 10))
            picture.paste(colour, (place.left, top), mask)
            top += mask.height + gap


def _shadow(picture: Image.Image, mask: Image.Image, at: tuple[int, int], blur: int) -> None:
    """Darken what lies around the letters, so that they stand out from it."""
    wide = Image.new("L", (mask.width + 4 * blur, mask.height + 4 * blur))
    wide.paste(mask, (2 * blur, 2 * blur))
    soft = wide.filter(ImageFilter.GaussianBlur(blur))
    picture.paste((0, 0, 0), (at[0] - 2 * blur, at[1] - 2 * blur), ImageChops.add(soft, soft, scale=1.4))
