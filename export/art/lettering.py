"""Names set in type: in a font that has their letters, as large as fits, on as few lines as do."""

import unicodedata
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from PIL import Image, ImageDraw, features
from PIL.ImageFont import FreeTypeFont, Layout

from export.art.fonts import BUILT_IN, Face, faces_for, language_of
from export.art.script import ELLIPSIS, clean, is_complex, is_right_to_left, pieces, without_marks

_MEASURE = 100  # the size that widths are measured in
_SLACK = 1.02  # between that and a width in another size, which is rounded to pixels by the letter
_FINE = 3  # letters are drawn so many times as large, then reduced: smooth, and as bold as is wanted
_LEADING = 1.16  # of a line, in sizes
_MOST_CHARACTERS = 300  # longer ones are cut in any picture
_SHRINK = 0.93  # from one size that is tried to the next


@dataclass(frozen=True)
class Block:
    """A text as lines of one size (pixels)."""

    lines: tuple[str, ...]
    size: int

    @property
    def height(self) -> int:
        """Pixels from the top of the first line to the bottom of the last."""
        return round(len(self.lines) * self.size * _LEADING)


@dataclass(frozen=True)
class Lettering:
    """A text with a font for each of its characters."""

    text: str
    faces: Mapping[str, Face]
    layout: Layout

    @classmethod
    def of(cls, text: str) -> "Lettering | None":
        """None where there is nothing to set, or no way to set it right: no font, or letters that nothing joins.

        Pictographs that no font has are left out, and accents where only the plain letters are there.
        """
        shown = clean(text)[:_MOST_CHARACTERS]
        faces = _faces(shown)
        if any(one not in faces for one in shown):
            shown = clean("".join(one if one in faces else without_marks(one) for one in shown))
            faces = _faces(shown)
            shown = clean("".join(one for one in shown if one in faces or unicodedata.category(one)[0] != "S"))
        if not shown or any(one not in faces for one in shown):
            return None
        if not is_complex(shown):
            return cls(shown, faces, Layout.BASIC)
        # Letters are joined within a font, and fonts cannot be put in order from right to left.
        may_join = features.check("raqm") and len({faces[one] for one in shown}) == 1
        return cls(shown, faces, Layout.RAQM) if may_join else None

    def fit(self, box: tuple[int, int], largest: int, smallest: int, most_lines: int) -> Block:
        """The lines for a box (width, height): first smaller letters, then more lines, then an ellipsis.

        All but the last are in pixels. A box has room for one line of the largest size, and for all of the smallest.
        """
        width, height = box
        for count in range(1, most_lines + 1):
            # As long as more lines can follow, only a little smaller: two lines of large letters read better than one.
            least = smallest if count == most_lines else max(smallest, round(largest * 0.72**count))
            size = min(largest, int(height / count / _LEADING))
            while size >= least:
                if self._wrapped(self.text, width / size, count):
                    return Block(self._balanced(width / size, count), size)
                size = min(size - 1, int(size * _SHRINK))
        return Block(self._cut(width / smallest, most_lines), smallest)

    def draw(self, block: Block, width: int, *, align: float, bold: float) -> Image.Image:
        """The lines as a mask, mode ``L``, ``width`` by the block's height.

        align: 0 (left, or right for what is read from there) to 0.5 (centred)
        bold: how much thicker the strokes of Pillow's own font get, which has no bold cut, in sizes
        """
        mask = Image.new("L", (width * _FINE, block.height * _FINE))
        pen = ImageDraw.Draw(mask)
        size = block.size * _FINE
        stroke = round(size * bold)
        if is_right_to_left(self.text):
            align = 1 - align
        for number, line in enumerate(block.lines):
            lengths = [self._font(face, size).getlength(run) for face, run in self._runs(line)]
            x = stroke + max(align * (width * _FINE - sum(lengths) - 2 * stroke), 0)
            baseline = (number * _LEADING + 0.9) * size
            for (face, run), length in zip(self._runs(line), lengths, strict=True):
                own_stroke = 0 if face.file else stroke
                pen.text((x, baseline), run, 255, self._font(face, size), "ls", stroke_width=own_stroke)
                x += length
        return mask.reduce(_FINE)

    def _runs(self, line: str) -> list[tuple[Face, str]]:
        """The line in stretches of one font."""
        return [(face, "".join(run)) for face, run in groupby(line, key=self._face)]

    def _face(self, character: str) -> Face:
        return self.faces.get(character, BUILT_IN)

    def _font(self, face: Face, size: int) -> FreeTypeFont:
        return face.at(size, self.layout)

    def _length(self, line: str) -> float:
        """In sizes."""
        runs = self._runs(line.strip())
        return _SLACK * sum(self._font(face, _MEASURE).getlength(run) for face, run in runs) / _MEASURE

    def _wrapped(self, text: str, width: float, count: int) -> tuple[str, ...]:
        """As many pieces to a line as fit; empty where they take more than ``count`` lines. width: in sizes."""
        lines = [""]
        for piece in pieces(text):
            if self._length(lines[-1] + piece) <= width:
                lines[-1] += piece
            elif self._length(piece) <= width and len(lines) < count:
                lines.append(piece)
            else:
                return ()
        return tuple(line.strip() for line in lines)

    def _balanced(self, width: float, count: int) -> tuple[str, ...]:
        """The lines as even as they get: within the least width that does."""
        tried = (self._wrapped(self.text, share * width, count) for share in (0.5, 0.6, 0.7, 0.8, 0.9))
        return next((lines for lines in tried if lines), None) or self._wrapped(self.text, width, count)

    def _cut(self, width: float, count: int) -> tuple[str, ...]:
        """As much of the text as fits, with an ellipsis."""
        starts = [self.text[:stop].rstrip() + ELLIPSIS for stop in range(len(self.text))]
        # The first that does not fit: all before it do.
        first = bisect(range(len(starts)), 0, key=lambda stop: not self._wrapped(starts[stop], width, count))
        return self._wrapped(starts[max(first - 1, 0)], width, count) or (ELLIPSIS,)


def _faces(text: str) -> dict[str, Face]:
    """A font for each character that any font has: one for all if it can be, else as few as will do."""
    wanted = frozenset(text) | {ELLIPSIS}
    language = language_of(text)
    having: dict[Face, frozenset[str]] = {}
    asked = wanted
    while asked:
        for face in faces_for(asked, language):
            having[face] = frozenset(one for one in wanted if face.has(one))
            if having[face] == wanted:
                return dict.fromkeys(wanted, face)
        left = wanted.difference(*having.values())
        if left == asked:
            break
        asked = left
    found: dict[str, Face] = {}
    for face, ones in sorted(having.items(), key=lambda item: -len(item[1])):
        found = dict.fromkeys(ones, face) | found
    return found
