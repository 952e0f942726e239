"""The picture of what sounds around the beats, and the curve of a chart's density."""

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from charter.batch.density import density_curve
from charter.batch.timing_picture import timing_picture
from charter.notation import Pause, Tempo, Timing
from charter.tempo.bias import beat_windows

TIMING = Timing.constant(120, -0.5)


def envelope(seconds: int, shift: int = 0) -> np.ndarray:
    values = np.random.default_rng(2).random(1000 * seconds, dtype=np.float32)
    values[500 + shift :: 500] += 5
    return values


def pixels(picture: str) -> np.ndarray:
    image = Image.open(BytesIO(base64.b64decode(picture, validate=True)))
    assert image.format == "PNG"
    return np.asarray(image.convert("L"))


def test_it_is_small_and_the_same_from_run_to_run():
    picture = timing_picture(envelope(200), TIMING)
    assert pixels(picture).shape == (61, 240)
    assert len(picture) < 8000
    assert picture == timing_picture(envelope(200), TIMING)


@pytest.mark.parametrize("shift", [-30, 0, 20])
def test_the_stripe_stands_where_the_sound_is(shift):
    rows = pixels(timing_picture(envelope(100, shift), TIMING)).mean(axis=1)
    assert rows.argmax() == pytest.approx(30 - shift / 2, abs=1)  # later is higher, 2 ms a pixel


def test_a_wrong_bpm_slants():
    drifting = pixels(timing_picture(envelope(100), Timing.constant(120.05, -0.5)))
    tops = drifting[:, 3:-3].argmax(axis=0)
    assert tops[:20].mean() - tops[-20:].mean() > 15  # the sound comes later and later


def test_left_to_right_is_the_whole_recording():
    values = envelope(100)
    late = Timing.constant(120, -50.0)  # the first beat is halfway
    columns = pixels(timing_picture(values, late)).max(axis=0)
    assert columns[: len(columns) // 2 - 2].max() < 10
    assert columns[len(columns) // 2 + 2 : -2].min() > 100


@pytest.mark.parametrize(
    ("values", "timing"),
    [
        (np.zeros(0, np.float32), TIMING),
        (envelope(3), Timing.constant(120, -60.0)),
        (np.zeros(60, np.float32), TIMING),
    ],
    ids=["nothing", "beats after the end", "a moment"],
)
def test_no_beat_no_picture(values, timing):
    assert timing_picture(values, timing) == ""


@pytest.mark.parametrize(
    ("values", "timing"),
    [
        (np.zeros(30_000, np.float32), TIMING),
        (envelope(2), Timing.constant(40, -0.5)),
        (envelope(20), Timing((Tempo(0, 120.0), Tempo(480, 100_000.0)), -0.5)),
        (envelope(30), Timing((Tempo(0, 150.0),), -0.5, stops=(Pause(480, 20.0),))),
    ],
    ids=["silence", "one beat", "a gimmick", "a long stop"],
)
def test_what_there_is_is_drawn(values, timing):
    height, width = pixels(timing_picture(values, timing)).shape
    assert height == 61
    assert 1 <= width <= 240


def test_shades_are_relative_to_their_stretch():
    windows = beat_windows(envelope(40), TIMING)
    shades = windows.shades(np.array([0.0, 10.0, 20.1, 20.2, 40.0]))
    assert shades.shape == (4, 121)
    assert shades.min() == 0
    assert shades[[0, 1, 3], 60] == pytest.approx(1)
    assert not shades[2].any()  # holds no beat


def test_density_by_stretches_of_four_seconds():
    seconds = np.array([-0.1, 0.0, 1.0, 3.99, 4.0, 9.0, 11.99, 12.0])
    assert density_curve(seconds, 10.0) == (0.75, 0.25, 0.5)
    assert density_curve(np.zeros(0), 4.0) == (0.0,)
    assert density_curve(seconds, 0.0) == ()
    assert density_curve(np.linspace(0, 3, 1) + 0.5, 3.0) == (0.25,)
