"""Where the music starts and ends: sounds of known place, between silence, hiss and clicks."""

import numpy as np
import pytest

from charter.audio import AudibleSpan, Audio, audible_span
from charter.audio.loudness import silences

RATE = 22050
REACH = 0.05


def quiet(seconds: float, decibels: float = -200.0) -> np.ndarray:
    """Noise of that RMS level."""
    return 10 ** (decibels / 20) * np.random.default_rng(0).normal(size=round(seconds * RATE))


def music(seconds: float, level: float = 0.5) -> np.ndarray:
    return level * np.sin(2 * np.pi * 330 * np.arange(round(seconds * RATE)) / RATE)


def span_of(*parts: np.ndarray) -> AudibleSpan:
    span = audible_span(Audio(np.concatenate(parts).astype(np.float32), RATE))
    assert span is not None
    return span


def test_music_between_silence():
    assert span_of(quiet(2.5), music(10), quiet(3)) == pytest.approx((2.5, 12.5), abs=REACH)


def test_music_from_edge_to_edge():
    assert span_of(music(5.013)) == pytest.approx((0, 5.013), abs=1 / RATE)


def test_hiss_is_not_music_but_quiet_music_is():
    assert span_of(quiet(2, -60), music(10), quiet(2, -60)) == pytest.approx((2, 12), abs=REACH)
    assert span_of(music(2, 0.05), music(10)) == pytest.approx((0, 12), abs=REACH)


def test_level_of_the_whole_song_is_no_matter():
    loud = span_of(quiet(2, -60), music(10), quiet(2, -60))
    soft = span_of(*(0.02 * part for part in (quiet(2, -60), music(10), quiet(2, -60))))
    assert soft == loud


def test_click_in_front_of_silence_is_not_the_start():
    click = np.full(round(0.003 * RATE), 0.9)
    assert span_of(quiet(0.5), click, quiet(1.5), music(10)) == pytest.approx((2.003, 12.003), abs=REACH)


def test_count_in_is_the_start():
    stick = np.concatenate([music(0.08), quiet(0.42)])
    assert span_of(quiet(1), *[stick] * 4, music(10)).start == pytest.approx(1, abs=REACH)


@pytest.mark.parametrize("pause", [0.5, 4.0])
def test_pause_does_not_end_the_music(pause):
    assert span_of(music(5), quiet(pause), music(5), quiet(2)).end == pytest.approx(10 + pause, abs=REACH)


def test_fade_ends_where_it_is_no_longer_heard():
    seconds = 10.0
    decibels = np.linspace(0, -80, round(seconds * RATE))
    assert span_of(music(10), music(seconds) * 10 ** (decibels / 20)).end == pytest.approx(15, abs=0.2)


@pytest.mark.parametrize(
    "samples",
    [np.zeros(0), np.zeros(3 * RATE), quiet(3, -90), np.concatenate([np.ones(20), np.zeros(3 * RATE)])],
    ids=["no samples", "silence", "noise floor", "a click alone"],
)
def test_nothing_to_hear(samples):
    assert audible_span(Audio(samples.astype(np.float32), RATE)) is None


def test_silences_lie_between_the_sounds():
    audio = Audio(
        np.concatenate([music(5), quiet(4), music(3), quiet(0.5), music(3), quiet(2)]).astype(np.float32), RATE
    )
    assert silences(audio) == pytest.approx(np.array([[5.0, 9.0]]), abs=REACH)


def test_silence_alone_is_between_nothing():
    assert silences(Audio(quiet(3).astype(np.float32), RATE)).shape == (0, 2)
