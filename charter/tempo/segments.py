"""Few tempo segments that keep every beat in its place."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from charter.notation import BEATS_PER_MEASURE, TICKS_PER_BEAT, Pause, Tempo, Timing

TOLERANCE_SECONDS = 0.015
_LONGEST_SEGMENT_BEATS = 4096  # bounds the search
_NEAR_BEATS = 4  # on either side, whose median interval is the usual one
_SAME_TEMPO = 0.02  # with a longer interval between, tempos nearer than this are one tempo and a stop
_LEAST_STOP_SECONDS = 0.06


def fewest_segments(beats: NDArray[np.float64], tolerance: float = TOLERANCE_SECONDS) -> list[int]:
    """Indices of the beats at which straight lines through beats meet, the first and the last included.

    Every beat lies within ``tolerance`` seconds of its line, and no choice of such beats has fewer lines.
    """
    count = len(beats)
    fewest = np.full(count, count, dtype=np.int64)
    came_from = np.zeros(count, dtype=np.int64)
    fewest[0] = 0
    for start in range(count - 1):
        reachable = start + _reachable(beats[start : start + _LONGEST_SEGMENT_BEATS], tolerance)
        better = reachable[fewest[reachable] > fewest[start] + 1]
        fewest[better] = fewest[start] + 1
        came_from[better] = start
    knots = [count - 1]
    while knots[-1] > 0:
        knots.append(int(came_from[knots[-1]]))
    return knots[::-1]


def _reachable(beats: NDArray[np.float64], tolerance: float) -> NDArray[np.int64]:
    """Which later beats a line from the first one can end on."""
    steps = np.arange(1, len(beats))
    rise = beats[1:] - beats[0]
    # A line of this slope passes each beat so far within the tolerance: the bounds only close in.
    lowest = np.maximum.accumulate((rise - tolerance) / steps)
    highest = np.minimum.accumulate((rise + tolerance) / steps)
    slope = rise / steps
    inside = np.append(True, (slope[1:] >= lowest[:-1]) & (slope[1:] <= highest[:-1]))
    return np.flatnonzero(inside) + 1


def changing_timing(beats: NDArray[np.float64], downbeat: int) -> Timing:
    """The timing with the fewest segments on these beats; where they pause and go on as before, there is a stop.

    beats: seconds, rising; downbeat: the index of one that begins a measure, 0..3. Beat 0 is a downbeat at or before
    the first beat.
    """
    steps, pauses = _steps_and_pauses(beats)
    numbers = np.concatenate([[0], np.cumsum(steps)])
    flowing = beats - np.concatenate([[0.0], np.cumsum(pauses)])
    every = np.interp(np.arange(numbers[-1] + 1), numbers, flowing)
    knots = fewest_segments(every)
    early = -downbeat % BEATS_PER_MEASURE
    tempos = [
        Tempo((start + early) * TICKS_PER_BEAT, float(60 * (end - start) / (every[end] - every[start])))
        for start, end in pairwise(knots)
    ]
    first = Tempo(0, tempos[0].bpm)
    stops = tuple(Pause(int(numbers[i] + early) * TICKS_PER_BEAT, float(pauses[i])) for i in np.flatnonzero(pauses))
    return Timing((first, *tempos[1:]), -(float(beats[0]) - early * 60 / first.bpm), stops)


def _steps_and_pauses(beats: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """How many beats each interval stands for, and for how many seconds the music pauses in it."""
    length = np.diff(beats)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(length, _NEAR_BEATS, mode="edge"), 2 * _NEAR_BEATS + 1)
    before, after = np.median(around[:, :_NEAR_BEATS], axis=1), np.median(around[:, _NEAR_BEATS + 1 :], axis=1)
    usual = (before + after) / 2
    whole = np.maximum(1, np.floor(length / usual + 1e-6))
    excess = length - whole * usual
    is_pause = (np.abs(before / after - 1) < _SAME_TEMPO) & (excess > np.maximum(_LEAST_STOP_SECONDS, 0.15 * usual))
    # What is no pause is stretched: as many beats as come nearest to the usual.
    steps = np.where(is_pause, whole, np.maximum(1, np.rint(length / usual)))
    return steps.astype(np.int64), np.where(is_pause, excess, 0.0)
