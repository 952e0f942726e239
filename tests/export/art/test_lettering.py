"""Names set in type: which font, which lines, and rather nothing than what cannot be read."""

import unicodedata

import numpy as np
import pytest
from PIL import features
from PIL.ImageFont import Layout

from export.art.fonts import BUILT_IN
from export.art.lettering import Block, Lettering

LONG = "Character Select - Super Mario Bros. 2 Extended"
needs_raqm = pytest.mark.skipif(not features.check("raqm"), reason="this Pillow joins no letters")


def ink(lettering: Lettering, block: Block, width: int, align: float = 0.0) -> np.ndarray:
    return np.asarray(lettering.draw(block, width, align=align, bold=0.02))


# Which font


@pytest.mark.usefixtures("dejavu")
def test_plain_latin_looks_alike_everywhere():
    assert set(Lettering.of("Four Panels at Dawn").faces.values()) == {BUILT_IN}


@pytest.mark.parametrize("text", ["Привет мир", "Horkýže Slíže", "CANDY☆", "αβγ abc"])
def test_one_font_for_the_whole_name(dejavu, text):
    assert set(Lettering.of(text).faces.values()) == {dejavu}


@pytest.mark.usefixtures("no_fonts")
@pytest.mark.parametrize("text", ["リア充爆発しろ！", "Привет", "مرحبا", "हिन्दी", "feat. 初音ミク"])  # noqa: RUF001
def test_no_name_rather_than_boxes(text):
    assert Lettering.of(text) is None


@pytest.mark.usefixtures("no_fonts")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Tvojho Brata Brat Má Brata", "Tvojho Brata Brat Ma Brata"),
        ("Ｐ名".replace("名", "LAN ９"), "PLAN 9"),  # noqa: RUF001
        ("Party 🎉 time", "Party time"),
        ("CANDY☆", "CANDY"),
        (unicodedata.normalize("NFD", "Café"), "Cafe"),
    ],
)
def test_what_may_be_left_out(text, shown):
    assert Lettering.of(text).text == shown


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "🎉", "\ufffe", "\u200b\u200e"])
@pytest.mark.usefixtures("no_fonts")
def test_nothing_to_set(text):
    assert Lettering.of(text) is None


@pytest.mark.usefixtures("no_fonts")
def test_control_characters_leave_no_trace():
    assert Lettering.of("A\nB\u202ec\x00 \t d\ud800").text == "A Bc d"


@pytest.mark.usefixtures("dejavu")
def test_letters_that_nothing_joins(monkeypatch):
    monkeypatch.setattr(features, "check", lambda name: name != "raqm")
    assert Lettering.of("مرحبا") is None
    assert Lettering.of("x̂") is None
    assert Lettering.of("Привет") is not None


@needs_raqm
@pytest.mark.usefixtures("dejavu")
def test_arabic_stands_at_the_right_and_is_joined():
    lettering = Lettering.of("مرحبا يا عالم")
    assert lettering.layout == Layout.RAQM
    block = lettering.fit((400, 50), 30, 12, 1)
    columns = ink(lettering, block, 400).any(axis=0)
    assert not columns[:150].any()
    assert columns[380:].any()
    apart = Lettering(lettering.text, lettering.faces, Layout.BASIC)
    assert not np.array_equal(ink(lettering, block, 400), ink(apart, block, 400))


@pytest.mark.usefixtures("dejavu")
def test_two_fonts_in_one_line(monkeypatch, dejavu):
    """Where none has all: here a Cyrillic letter, and one that only Pillow's own may show."""
    has = type(dejavu).has
    monkeypatch.setattr(type(dejavu), "has", lambda face, one: has(face, one) and (face == BUILT_IN or one != "Q"))
    lettering = Lettering.of("ЯQ")
    assert (lettering.faces["Я"], lettering.faces["Q"]) == (dejavu, BUILT_IN)
    columns = ink(lettering, Block(("ЯQ",), 40), 200).any(axis=0)
    assert 40 < np.flatnonzero(columns).max() < 80


# Which lines


@pytest.fixture
def plain(no_fonts) -> type[Lettering]:
    return Lettering


def test_a_short_name_is_large(plain):
    assert plain.of("Orbit").fit((300, 100), 40, 16, 3) == Block(("Orbit",), 40)


def test_first_it_shrinks(plain):
    block = plain.of("Four Panels at Dawn").fit((330, 100), 40, 16, 3)
    assert block.lines == ("Four Panels at Dawn",)
    assert 28 < block.size < 40


def test_then_it_breaks_into_even_lines(plain):
    block = plain.of(LONG).fit((330, 100), 40, 16, 3)
    assert block.lines == ("Character Select - Super", "Mario Bros. 2 Extended")
    assert block.size > 24


def test_at_last_it_ends_in_an_ellipsis(plain):
    block = plain.of(LONG).fit((150, 100), 40, 16, 2)
    assert block.size == 16
    assert len(block.lines) == 2
    assert block.lines[-1].endswith("…")
    assert LONG.startswith(" ".join(block.lines)[:-1])


def test_file_names_break_too(plain):
    block = plain.of("my_song_title_final_version_of_the_mix").fit((200, 100), 30, 16, 3)
    assert len(block.lines) > 1
    assert "".join(block.lines) == "my_song_title_final_version_of_the_mix"


@pytest.mark.usefixtures("dejavu")
@pytest.mark.parametrize(
    "text",
    [LONG, "W" * 400, "iiii " * 60, "Это очень длинное название песни " * 3, "a" * 60 + " b", "x_" * 90, "…", "-"],
)
@pytest.mark.parametrize(("width", "height", "lines"), [(222, 92, 3), (1600, 150, 2), (456, 86, 1)])
def test_every_name_stays_within_its_box(text, width, height, lines):
    lettering = Lettering.of(text)
    largest = min(height // 2, 60)
    block = lettering.fit((width, height), largest, round(largest * 0.45), lines)
    assert 1 <= len(block.lines) <= lines
    assert block.height <= height
    drawn = ink(lettering, block, width)
    assert drawn.shape == (block.height, width)
    assert drawn.any()
    assert not drawn[:, -1].any()  # nothing is cut off


@pytest.mark.usefixtures("no_fonts")
def test_a_line_begins_with_no_comma(monkeypatch):
    """Japanese breaks anywhere, but not before what closes and not behind what opens."""
    monkeypatch.setattr("export.art.fonts.Face.has", lambda face, one: True)
    lettering = Lettering.of("あ「い」う、え。お" * 6)
    for width in range(60, 300, 7):
        lines = lettering.fit((width, 200), 20, 20, 12).lines
        assert not any(line[0] in "」、。" or line[-1] == "「" for line in lines)


def test_centred(plain):
    lettering = plain.of("Orbit")
    columns = np.flatnonzero(ink(lettering, Block(("Orbit",), 40), 301, align=0.5).any(axis=0))
    assert columns.min() == pytest.approx(300 - columns.max(), abs=4)


def test_bold_is_bolder(plain):
    lettering = plain.of("Orbit")
    thin, thick = (lettering.draw(Block(("Orbit",), 40), 200, align=0, bold=bold) for bold in (0, 0.03))
    assert np.asarray(thick, float).sum() > 1.2 * np.asarray(thin, float).sum()
