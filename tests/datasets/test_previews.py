"""Which preview windows people chose, and which a program left there."""

import pytest

from charter.notation import PreviewWindow, Timing
from datasets.previews import is_chosen

TIMING = Timing.constant(120, -0.2)  # beat 100 is heard at 50.2 s


@pytest.mark.parametrize(
    ("start", "length", "chosen"),
    [
        (61.3, 14.2, True),
        (61.3, 12.0, True),
        (50.2, 16.0, True),  # by its length
        (50.2, 12.0, False),  # what the game writes
        (49.0, 12.0, False),  # likewise, before the offset was mended
        (100.03, 12.0, False),
        (30.0, 12.0, False),
        (0.0, 12.0, False),
        (-3.0, 12.0, False),
        (61.3, 0.0, False),
        (110.0, 12.5, False),  # beyond the audio
        (107.6, 12.45, True),
    ],
)
def test_what_is_chosen(start, length, chosen):
    assert is_chosen(PreviewWindow(start, length), TIMING, 120.0) is chosen


def test_a_song_without_a_window():
    assert not is_chosen(None, TIMING, 120.0)
