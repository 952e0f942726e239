"""The picture of a sync bias."""

import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from charter.errors import OutputError, RequestError
from charter.notation import Timing
from charter.sync_picture import draw_sync

TIMING = Timing.constant(120, -0.5)


def envelope(seconds: int, shift: int = 0) -> np.ndarray:
    values = np.random.default_rng(2).random(1000 * seconds, dtype=np.float32)
    values[500 + shift :: 500] += 5
    return values


def size(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", data[16:24])


@pytest.mark.parametrize(
    ("rises", "timing"),
    [
        (envelope(200, 12), TIMING),
        (envelope(2), TIMING),
        (np.zeros(30_000, np.float32), TIMING),
        (np.zeros(0, np.float32), TIMING),
        (envelope(30), Timing.constant(97, -0.5)),
    ],
    ids=["a song", "two beats", "silence", "nothing", "a wrong BPM"],
)
def test_a_png_of_readable_size(tmp_path, rises, timing):
    path = tmp_path / "sync.png"
    draw_sync(path, rises, timing)
    width, height = size(path)
    assert 1000 <= width <= 1600
    assert 400 <= height <= 800
    assert [file.name for file in tmp_path.iterdir()] == ["sync.png"]


def test_pictures_show_the_shift(tmp_path):
    for shift in (0, 20):
        draw_sync(tmp_path / f"{shift}.png", envelope(60, shift), TIMING)
    assert (tmp_path / "0.png").read_bytes() != (tmp_path / "20.png").read_bytes()


def test_an_older_picture_is_replaced(tmp_path):
    path = tmp_path / "sync.png"
    path.write_text("an older picture")
    draw_sync(path, envelope(5), TIMING)
    assert size(path)


def test_a_place_that_cannot_be_written_to(tmp_path):
    with pytest.raises(OutputError, match=r"nowhere.*sync\.png: cannot be written \(its folder does not exist\)"):
        draw_sync(tmp_path / "nowhere" / "sync.png", envelope(5), TIMING)


def test_without_matplotlib_the_user_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(RequestError, match=r"needs matplotlib; pip install matplotlib"):
        draw_sync(tmp_path / "sync.png", envelope(5), TIMING)
    assert list(tmp_path.iterdir()) == []
