"""Grids: steps and ticks are inverse to each other on every timing, and the guide says where the beat is."""

import numpy as np
import pytest

from charter.model.config import PlacementConfig
from charter.model.grid import Grid, GridKind, Guide, guide_channels, guide_size
from charter.model.placement import make_grid
from charter.notation import Pause, Tempo, Timing

STEADY = Timing.constant(120, offset=-0.5)
CHANGING = Timing((Tempo(0, 120), Tempo(144, 90)), offset=0.25, stops=(Pause(240, 1.5),), delays=(Pause(96, 0.3),))


@pytest.mark.parametrize("timing", [STEADY, CHANGING], ids=["steady", "changing"])
@pytest.mark.parametrize("steps_per_beat", [4, 12, 24])
def test_steps_of_the_beat_grids_ticks(timing, steps_per_beat):
    grid = Grid.of_beats(timing, 10.0, steps_per_beat)
    assert grid.steps_of(grid.ticks).tolist() == list(range(len(grid)))
    assert grid.seconds == pytest.approx(timing.seconds_at(grid.ticks))
    spacing = 48 / steps_per_beat
    assert grid.steps_of(grid.ticks + 0.4 * spacing).tolist() == list(range(len(grid)))
    assert grid.steps_of([-spacing, grid.ticks[-1] + spacing]).tolist() == [-1, -1]


@pytest.mark.parametrize("timing", [STEADY, CHANGING], ids=["steady", "changing"])
def test_steps_of_the_frame_grids_ticks(timing):
    grid = Grid.of_frames(timing, 9.0, 0.01)
    assert len(grid) == 900
    hittable_once = np.concatenate([[True], np.diff(grid.ticks) > 0])  # in a pause all frames share a tick
    steps = np.arange(len(grid))
    assert (grid.steps_of(grid.ticks) == steps)[hittable_once].mean() > 0.99
    beats = np.arange(0, 480, 48)
    assert grid.seconds[grid.steps_of(beats)[1:]] == pytest.approx(timing.seconds_at(beats[1:]), abs=0.005 + 1e-9)
    assert grid.steps_of([10_000, -10_000]).tolist() == [-1, -1]


def test_the_beat_grid_reaches_the_end_of_the_audio_in_whole_measures():
    for seconds in (0.1, 1.9, 2.1, 8.4, 8.6, 100.0):
        grid = Grid.of_beats(STEADY, seconds, 24)
        assert len(grid) % 96 == 0
        assert grid.ticks[0] == 0
        end = grid.seconds[-1] + grid.widths[-1]
        assert end >= seconds - 1e-9
        assert end <= max(seconds, 0.5) + 2 + 1e-9


def test_widths_follow_the_tempo():
    grid = Grid.of_beats(CHANGING, 10.0, 24)
    assert grid.widths[grid.steps_of([0, 143, 144, 400])] == pytest.approx(60 / (np.array([120, 90, 90, 90]) * 24))


def test_configs_choose_their_grid():
    beats = make_grid(PlacementConfig(), STEADY, 10.0)
    assert beats.kind is GridKind.BEATS
    frames = make_grid(PlacementConfig(grid=GridKind.FRAMES, hops_per_step=2), STEADY, 10.0)
    assert (frames.kind, len(frames)) == (GridKind.FRAMES, 504)  # 84 tokens of 6


@pytest.mark.parametrize("guide", list(Guide))
@pytest.mark.parametrize(
    "grid", [Grid.of_beats(STEADY, 10, 24), Grid.of_frames(STEADY, 10, 0.01)], ids=["beats", "frames"]
)
def test_shape_of_the_guide(guide, grid):
    channels = guide_channels(grid, guide, 7)
    assert channels.shape == (len(grid) // 7, guide_size(guide))
    assert channels.dtype == np.float32
    assert np.isfinite(channels).all()


def test_beat_guide_marks_the_beats():
    grid = Grid.of_beats(CHANGING, 10.0, 24)
    assert np.flatnonzero(guide_channels(grid, Guide.BEAT, 6)[:, 0]).tolist() == list(range(0, len(grid) // 6, 4))
    frames = Grid.of_frames(STEADY, 4.0, 0.01)
    assert np.flatnonzero(guide_channels(frames, Guide.BEAT, 1)[:, 0]).tolist() == list(range(50, 400, 50))


def test_bar_guide_counts_sixteenths_and_measures():
    grid = Grid.of_beats(STEADY, 20.0, 24)
    channels = guide_channels(grid, Guide.BAR, 6)
    tokens = np.arange(len(grid) // 6)
    assert channels[:, :16].argmax(axis=1).tolist() == (tokens % 16).tolist()
    assert channels[:, 16:20].argmax(axis=1).tolist() == (tokens // 16 % 4).tolist()
    assert (channels[:, :20].sum(axis=1) == 2).all()


def test_bar_guide_tells_the_tempo_and_the_nearness_of_the_ends():
    grid = Grid.of_beats(CHANGING, 60.0, 24)
    channels = guide_channels(grid, Guide.BAR, 6)
    assert channels[[0, -1], -3] == pytest.approx(np.log2(np.array([120, 90]) / 140))
    start, end = channels[:, -2], channels[:, -1]
    assert (np.diff(start) < 0).all()
    assert (np.diff(end) > 0).all()
    assert start[0] == pytest.approx(1)
    assert end[-1] == pytest.approx(1, abs=0.01)


def test_bar_guide_of_frames_before_beat_0():
    grid = Grid.of_frames(Timing.constant(60, offset=-3), 8.0, 0.01)
    channels = guide_channels(grid, Guide.BAR, 1)
    assert channels[300, 0] == 1
    assert channels[299, 15] == 1
    assert np.isfinite(channels).all()
