"""The steps at which a network listens: ticks of the beat grid, or frames of equal length.

A grid maps a song's ticks to the steps of the network's input and output. On the beat grid "a quarter" is always the
same number of steps, whatever the tempo; the frame grid is what GenéLive! and DDC use.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from charter.errors import TimingError
from charter.notation import BEATS_PER_MEASURE, TICKS_PER_BEAT, TICKS_PER_MEASURE, Timing

PHRASE_MEASURES = 4
MOST_BEATS = 100_000  # over an hour at 1000 BPM; a grid beyond that is a slip of the pen, and gigabytes


class GridKind(StrEnum):
    """What a step is."""

    BEATS = "beats"
    FRAMES = "frames"


class Guide(StrEnum):
    """What the network is told of the beat."""

    NONE = "none"
    BEAT = "beat"  # one channel: a beat falls on this step (GenéLive!'s beat guide)
    BAR = "bar"  # place in the measure and the phrase, tempo, place in the song


@dataclass(frozen=True, eq=False)
class Grid:
    """Steps over one song.

    kind: what a step is
    timing: the song's tempo map
    ticks: (steps,) position of each step, in (fractional) ticks
    seconds: (steps,) time of each step; widths: (steps,) its length in seconds
    """

    kind: GridKind
    timing: Timing
    ticks: NDArray[np.float64]
    seconds: NDArray[np.float64]
    widths: NDArray[np.float64]

    @classmethod
    def of_beats(cls, timing: Timing, duration: float, steps_per_beat: int) -> "Grid":
        """``steps_per_beat`` steps a beat from beat 0 through the measure in which the audio (seconds) ends."""
        last = max(float(timing.ticks_at(duration)), 1.0)
        if last > MOST_BEATS * TICKS_PER_BEAT:
            beats = last / TICKS_PER_BEAT
            raise TimingError(
                f"its timing puts {beats:.0f} beats in front of the audio's end; is a BPM or offset wrong?"
            )
        measures = int(np.ceil(last / TICKS_PER_MEASURE))
        ticks = np.arange(measures * BEATS_PER_MEASURE * steps_per_beat, dtype=np.float64)
        ticks *= TICKS_PER_BEAT / steps_per_beat
        widths = np.asarray(60 / (timing.bpm_at(ticks) * steps_per_beat), dtype=np.float64)
        return cls(GridKind.BEATS, timing, ticks, timing.seconds_at(ticks), widths)

    @classmethod
    def of_frames(cls, timing: Timing, duration: float, step_seconds: float, steps_per_token: int = 1) -> "Grid":
        """Equal steps from the start of the audio through the token in which it ends."""
        tokens = int(np.ceil(duration / (step_seconds * steps_per_token)))
        seconds = np.arange(tokens * steps_per_token, dtype=np.float64) * step_seconds
        return cls(GridKind.FRAMES, timing, timing.ticks_at(seconds), seconds, np.full(len(seconds), step_seconds))

    def __len__(self) -> int:
        """How many steps."""
        return len(self.seconds)

    def steps_of(self, ticks: ArrayLike) -> NDArray[np.int64]:
        """The step nearest to each tick; -1 for ticks off the grid. Same shape."""
        ticks = np.asarray(ticks, dtype=np.float64)
        if self.kind is GridKind.BEATS:
            steps = np.rint(ticks / (self.ticks[1] - self.ticks[0])).astype(np.int64)
        else:
            steps = np.rint(self.timing.seconds_at(ticks) / self.widths[0]).astype(np.int64)
        return np.where((steps >= 0) & (steps < len(self)), steps, -1)


def guide_size(guide: Guide) -> int:
    """Channels of `guide_channels`."""
    return {Guide.NONE: 0, Guide.BEAT: 1, Guide.BAR: 16 + PHRASE_MEASURES + 3}[guide]


def guide_channels(grid: Grid, guide: Guide, steps_per_token: int) -> NDArray[np.float32]:
    """What the network is told of the beat, (tokens, channels), a token being ``steps_per_token`` steps."""
    tokens = len(grid) // steps_per_token
    channels = np.zeros((tokens, guide_size(guide)), dtype=np.float32)
    if guide is Guide.BEAT:
        beats = np.arange(0, grid.ticks[-1] + 1, TICKS_PER_BEAT)
        steps = grid.steps_of(beats)
        channels[np.minimum(steps[steps >= 0] // steps_per_token, tokens - 1), 0] = 1.0
    elif guide is Guide.BAR:
        ticks = grid.ticks[: tokens * steps_per_token : steps_per_token]
        rows = np.arange(tokens)
        channels[rows, (ticks // (TICKS_PER_MEASURE / 16)).astype(int) % 16] = 1.0
        channels[rows, 16 + (ticks // TICKS_PER_MEASURE).astype(int) % PHRASE_MEASURES] = 1.0
        channels[:, -3] = np.log2(np.clip(grid.timing.bpm_at(ticks), 30, 600) / 140)
        # Intros and endings are charted more sparsely: eight measures of nearness to either end.
        channels[:, -2] = np.exp(-ticks / (8 * TICKS_PER_MEASURE))
        channels[:, -1] = np.exp(-(grid.ticks[-1] - ticks) / (8 * TICKS_PER_MEASURE))
    return channels
