"""The picture of a song's form."""

import struct
import sys

import numpy as np
import pytest

from charter.errors import OutputError, RequestError
from charter.notation import PreviewWindow, Timing
from charter.section_picture import draw_form
from charter.sections.bars import Bars
from charter.sections.form import Form, form_of


def form(bars: int) -> Form:
    rng = np.random.default_rng(0)
    similar = rng.normal(size=(bars, bars)).astype(np.float32)
    return form_of(bars * 2.0 + 1, Bars.of(Timing.constant(120), bars * 2.0), similar, rng.normal(size=bars))


@pytest.mark.parametrize("bars", [0, 1, 3, 60, 300])
def test_a_png_of_readable_size(tmp_path, bars):
    draw_form(tmp_path / "form.png", form(bars), PreviewWindow(0.0, 1.0))
    data = (tmp_path / "form.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert 800 <= width <= 1400
    assert 1000 <= height <= 1600
    assert [file.name for file in tmp_path.iterdir()] == ["form.png"]


def test_the_passage_is_seen(tmp_path):
    song = form(40)
    for start in (10.0, 50.0):
        draw_form(tmp_path / f"{start}.png", song, PreviewWindow(start, 16.0))
    assert (tmp_path / "10.0.png").read_bytes() != (tmp_path / "50.0.png").read_bytes()


def test_a_place_that_cannot_be_written_to(tmp_path):
    with pytest.raises(OutputError, match=r"nowhere.*form\.png: cannot be written"):
        draw_form(tmp_path / "nowhere" / "form.png", form(8), PreviewWindow(0.0, 4.0))


def test_without_matplotlib_the_user_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(RequestError, match=r"needs matplotlib; pip install matplotlib"):
        draw_form(tmp_path / "form.png", form(8), PreviewWindow(0.0, 4.0))
