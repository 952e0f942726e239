"""Recordings with a person's beats, as examples for the beat net."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from charter.notation import BEATS_PER_MEASURE, TICKS_PER_BEAT, Timing
from datasets.cache import Heard

# A passage at over 1.45 times or under 0.7 of the song's usual tempo is a trick of the scroll, not a beat to hear.
SLOWEST_BEAT, FASTEST_BEAT = 1.45, 0.7


@dataclass(frozen=True, eq=False)
class BeatExample:
    """A recording and its beats; without any, one that has none.

    mel: (frames, mels, windows); beats: (beats,) seconds, rising; downbeat: (beats,) it begins a measure
    known: (spans, 2) seconds, from and to; what lies outside is not to be learnt from
    """

    name: str
    mel: NDArray[np.float16]
    beats: NDArray[np.float64]
    downbeat: NDArray[np.bool_]
    known: NDArray[np.float64]


def beat_example(name: str, timing: Timing, heard: Heard) -> BeatExample | None:
    """The beats of a chart's timing where its music sounds, or None in silence.

    timing: beat to seconds of the audio, sync lag included.
    """
    if heard.span is None:
        return None
    beats, downbeat = beats_within(timing, heard.span.start, heard.span.end)
    if len(beats) < 2 * BEATS_PER_MEASURE:
        return None
    length = np.diff(beats)
    ordered = np.sort(length)
    usual = ordered[np.searchsorted(np.cumsum(ordered), length.sum() / 2)]  # the median, each beat by its length
    steady = (length > FASTEST_BEAT * usual) & (length < SLOWEST_BEAT * usual)
    known = np.stack([beats[:-1], beats[1:]], axis=1)[steady]
    return BeatExample(name, heard.mel, beats, downbeat, _joined(known))


def beats_within(timing: Timing, start: float, end: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The beats heard from ``start`` to ``end`` (seconds): when, and whether each begins a measure.

    Beats that a warp passes over in no time count once.
    """
    first, last = timing.ticks_at([start, end]) / TICKS_PER_BEAT
    numbers = np.arange(np.ceil(first), np.floor(last) + 1, dtype=np.int64)
    seconds = timing.seconds_at(numbers * TICKS_PER_BEAT)
    new = np.diff(seconds, prepend=-np.inf) > 1e-3
    inside = new & (seconds >= start) & (seconds <= end)
    return seconds[inside], (numbers % BEATS_PER_MEASURE == 0)[inside]


def _joined(spans: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spans in order, those that touch made one."""
    if not len(spans):
        return spans
    opens = np.append(True, spans[1:, 0] > spans[:-1, 1])
    closes = np.append(opens[1:], True)
    return np.stack([spans[opens, 0], spans[closes, 1]], axis=1)
