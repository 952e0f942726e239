"""The bars of a recording: its measures, or several of them where they are very short or very many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from charter.audio.features import sample_steps
from charter.audio.spec import AudioSpec
from charter.notation import TICKS_PER_MEASURE, Timing

STEPS_PER_BAR = 16
SHORTEST_BAR_SECONDS = 1.0  # below it, a chart's tempo is a trick of the scroll or counts at twice the speed
MOST_BARS = 1024  # every bar is compared with every other: more would cost memory by their square
_SHORTEST_SECONDS = 1e-3  # a measure that a warp passes over
_BARS_AT_A_TIME = 32
_MARGIN_SECONDS = 0.1  # more than a frame: a step between two frames needs both
_MOST_MEASURES = 100_000  # as many as an hour and a half at 999 BPM has beats; more are a slip of the pen


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars from the first downbeat of the audio to its end.

    measures: (bars + 1,) the number of the measure with which each begins, below 0 before beat 0, and of that behind
    edges: (bars + 1,) seconds; where the last bar is cut off by the end of the audio, its edge lies there
    steps: (bars, 16) seconds of equal parts of each, up to where it would end uncut
    """

    measures: NDArray[np.int64]
    edges: NDArray[np.float64]
    steps: NDArray[np.float64]

    @classmethod
    def of(cls, timing: Timing, duration: float) -> "Bars":
        """The bars of ``duration`` seconds of audio; where these hold no downbeat, there are none."""
        first, last = timing.ticks_at([0.0, duration]) / TICKS_PER_MEASURE
        numbers = np.arange(np.ceil(first - 1e-6), min(last, first + _MOST_MEASURES), dtype=np.int64)
        seconds = timing.seconds_at(numbers * TICKS_PER_MEASURE)
        numbers = numbers[np.diff(seconds, append=duration) > _SHORTEST_SECONDS]
        together = _measures_per_bar(len(numbers), duration)
        numbers = numbers[numbers % together == 0]
        measures = np.append(numbers, numbers[-1:] + together)
        starts = measures[: len(numbers), None]
        parts = (np.arange(STEPS_PER_BAR) + 0.5) / STEPS_PER_BAR
        ticks = (starts + np.diff(measures)[:, None] * parts) * TICKS_PER_MEASURE
        edges = np.append(timing.seconds_at(numbers * TICKS_PER_MEASURE), duration)
        return cls(measures, edges, timing.seconds_at(ticks))

    def __len__(self) -> int:
        """How many bars."""
        return len(self.steps)

    @property
    def lengths(self) -> NDArray[np.float64]:
        """Seconds that each bar lasts; (bars,)."""
        return np.diff(self.edges)


def _measures_per_bar(measures: int, duration: float) -> int:
    """1, or the least power of two that makes bars long and few enough."""
    together = 1
    while together < measures and (
        measures > together * MOST_BARS or duration / measures * together < SHORTEST_BAR_SECONDS
    ):
        together *= 2
    return together


def bar_steps(mel: NDArray[np.floating], spec: AudioSpec, bars: Bars) -> NDArray[np.float32]:
    """Log-mel features of each bar's steps: (frames, mels, windows) -> (bars * 16, mels, windows)."""
    widths = np.diff(bars.steps, axis=1, append=bars.steps[:, -1:] * 2 - bars.steps[:, -2:-1])
    sampled = [np.zeros((0, *mel.shape[1:]), dtype=np.float32)]
    rate = spec.frames_per_second
    for start in range(0, len(bars), _BARS_AT_A_TIME):  # hours of features at once would need gigabytes
        seconds, around = (part[start : start + _BARS_AT_A_TIME].ravel() for part in (bars.steps, widths))
        first = max(int((seconds[0] - around[0] - _MARGIN_SECONDS) * rate), 0)
        last = max(int((seconds[-1] + around[-1] + _MARGIN_SECONDS) * rate), first + 1)
        sampled.append(sample_steps(mel[first:last], spec, seconds - first / rate, np.maximum(around, 0.0)))
    return np.concatenate(sampled)
