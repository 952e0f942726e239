"""A pack's banner: its name over its songs' jackets."""

import numpy as np
import pytest
from PIL import Image

from export.art.pack_banner import MOST_JACKETS, draw_pack_banner, spread
from tests.export.art.picture_file import encoded, opened

RED, GREEN, BLUE = (encoded(Image.new("RGB", (512, 512), colour)) for colour in ("red", "lime", "blue"))


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(opened(data).convert("RGB"), float)


@pytest.mark.parametrize("jackets", [[], [RED], [RED, GREEN, BLUE] * 4, [RED] * 5000, [b"broken"]])
def test_always_a_banner(jackets):
    banner = draw_pack_banner("My Pack", jackets)
    assert (opened(banner).format, opened(banner).size) == ("PNG", (418, 164))
    assert banner == draw_pack_banner("My Pack", jackets)


def test_all_jackets_are_seen():
    edge = pixels(draw_pack_banner("", [RED, GREEN, BLUE, RED]))[2:10].reshape(-1, 3)  # above the name
    seen = set(edge.argmax(axis=1).tolist())
    assert seen == {0, 1, 2}


def test_broken_jackets_are_left_out():
    assert draw_pack_banner("A", [b"broken", RED]) == draw_pack_banner("A", [RED])
    assert draw_pack_banner("A", [b"broken"]) == draw_pack_banner("A", [])


def test_the_name_is_written():
    named, nameless = (pixels(draw_pack_banner(name, [])).max(axis=2) for name in ("My Pack", ""))
    assert (named > 240).sum() > 500
    assert (nameless > 240).sum() == 0


def test_the_name_can_be_read_on_white():
    middle = pixels(draw_pack_banner("", [encoded(Image.new("RGB", (512, 512), "white"))]))[60:104]
    assert middle.max() < 118  # 4.5 to 1


@pytest.mark.parametrize("count", [0, 1, MOST_JACKETS, MOST_JACKETS + 1, 1000])
def test_a_spread(count):
    found = spread(range(count))
    assert len(found) == min(count, MOST_JACKETS)
    assert found == sorted(set(found))
    if count:
        assert (found[0], found[-1]) == (0, count - 1)
