"""Songs as placement examples: features on the network's grid, and which steps carry a row in each human chart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.audio.features import sample_steps
from charter.model.config import PlacementConfig
from charter.model.grid import Grid, guide_channels
from charter.model.placement import make_grid
from charter.notation import Chart, Difficulty, Timing
from datasets.cache import Heard

UNKNOWN = -1  # the difficulty of a chart whose label means nothing here


class Rhythm(NamedTuple):
    """When the rows of a chart fall: its difficulty, or `UNKNOWN`, and ticks, (rows,), rising."""

    difficulty: int
    ticks: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PlacementExample:
    """One song, ready to be cropped.

    mel: (steps, mels, windows); guide: (tokens, channels); music: (steps,) the music is audible there
    again: as mel, of the recording played a little faster or slower, or None where it was heard once
    rows: (charts, steps) a row of that chart stands there; ticks: of those rows, an array per chart
    difficulty: (charts,) 0..4 or `UNKNOWN`; density: (charts,) rows per second of music; bpm: mean tempo of the music
    """

    name: str
    grid: Grid
    mel: NDArray[np.float16]
    again: NDArray[np.float16] | None
    guide: NDArray[np.float32]
    music: NDArray[np.bool_]
    rows: NDArray[np.bool_]
    ticks: tuple[NDArray[np.int64], ...]
    difficulty: NDArray[np.int64]
    density: NDArray[np.float32]
    bpm: float


def rhythms(charts: Mapping[Difficulty, Chart], timing: Timing) -> list[Rhythm]:
    """The rhythms of a song's charts."""
    return [Rhythm(int(level), np.array(chart.hit_ticks(timing), dtype=np.int64)) for level, chart in charts.items()]


class Replay(NamedTuple):
    """What is heard of a recording that is played ``speed`` times as fast."""

    heard: Heard
    speed: float


def placement_example(
    name: str,
    timing: Timing,
    charts: Iterable[Rhythm],
    heard: Heard,
    config: PlacementConfig,
    *,
    replay: Replay | None = None,
) -> PlacementExample | None:
    """The example of one song, or None where it has nothing to learn from (silence, or no row on the grid).

    timing: beat to seconds of the audio, sync lag included; replay: of the same audio
    """
    if heard.span is None:
        return None
    grid = make_grid(config, timing, heard.duration)
    rows, ticks, kept = [], [], []
    for difficulty, hits in charts:
        steps = grid.steps_of(hits)
        carries = np.zeros(len(grid), dtype=np.bool_)
        carries[steps[steps >= 0]] = True
        if carries.any():
            rows.append(carries)
            ticks.append(hits[steps >= 0])
            kept.append(difficulty)
    if not rows:
        return None
    again = None
    if replay is not None:
        sound, speed = replay
        again = sample_steps(sound.mel, config.audio, grid.seconds / speed, grid.widths / speed).astype(np.float16)
    seconds_of_music = heard.span.end - heard.span.start
    return PlacementExample(
        name=name,
        grid=grid,
        mel=sample_steps(heard.mel, config.audio, grid.seconds, grid.widths).astype(np.float16),
        again=again,
        guide=guide_channels(grid, config.guide, config.steps_per_token),
        music=(grid.seconds >= heard.span.start - grid.widths) & (grid.seconds <= heard.span.end),
        rows=np.array(rows),
        ticks=tuple(ticks),
        difficulty=np.array(kept, dtype=np.int64),
        density=np.array([r.sum() / seconds_of_music for r in rows], dtype=np.float32),
        bpm=timing.mean_bpm(heard.span.start, heard.span.end),
    )
