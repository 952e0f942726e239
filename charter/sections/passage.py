"""The passage that plays while a song is being chosen: the one that people would want to hear.

A conditional logit over windows of whole bars: each gets a score from a few measured features, and the exponentials of
the scores share out one. The weights come from the windows that people gave to their songs: `python -m training
passage` fits and prints them. What is picked is not the likeliest window but the one that shares most with what
people may have picked: the best intersection over union to be expected.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from charter.notation import PreviewWindow
from charter.sections.form import Form
from charter.sections.likeness import repetition

LENGTHS = (5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 28, 32)  # bars
USUAL_SECONDS, LONGEST_SECONDS = 18.0, 30.0
_REPEATED = (2, 4, 8, 16)  # bars at the window's start that are looked for elsewhere
_MIDDLE = 0.4  # of the song, where people's windows begin in the mean
_EDGE_SECONDS = (10.0, 8.0)  # how far the beginning reaches into the song, and the ending
_HIGH = 0.98  # the quantile of all similarities that stands for a repetition
_MOST_WINDOWS = 1000  # the likeliest; the others have next to no share

# As `python -m training passage` prints them.
WEIGHTS = {
    "place": 1.324,
    "place squared": -4.551,
    "beginning": -0.679,
    "ending": -0.011,
    "length": 0.819,
    "length squared": -2.168,
    "short": -0.298,
    "8 bars": 1.340,
    "16 bars": 1.244,
    "fours": 0.449,
    "eights": 0.929,
    "rank": 0.781,
    "times played": -0.185,
    "share": 2.296,
    "again 2": 0.033,
    "before 2": -2.749,
    "behind 2": 0.692,
    "again 4": 0.705,
    "before 4": -1.099,
    "behind 4": 0.918,
    "again 8": 1.448,
    "before 8": 0.261,
    "behind 8": 0.459,
    "again 16": 0.493,
    "before 16": 0.707,
    "behind 16": -0.124,
}


@dataclass(frozen=True, eq=False)
class Windows:
    """Passages to choose from. first, bars: (windows,) where they begin and how long they are, in bars.

    starts, ends: (windows,) seconds
    """

    first: NDArray[np.int64]
    bars: NDArray[np.int64]
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]

    @classmethod
    def of(cls, form: Form) -> "Windows":
        """Every passage of whole bars whose length people use.

        Where the song has too few bars for one, or its bars are too long, passages of about the usual time.
        """
        count = len(form.bars)
        if not count:
            nothing = np.zeros(0, dtype=np.int64)
            return cls(nothing, nothing, nothing.astype(np.float64), nothing.astype(np.float64))
        bar = float(np.median(form.bars.lengths))
        usual = min(max(round(USUAL_SECONDS / bar), 1), count)
        lengths = [length for length in LENGTHS if length <= count and length * bar <= LONGEST_SECONDS] or [usual]
        first = np.concatenate([np.arange(count - length + 1) for length in lengths])
        bars = np.repeat(lengths, [count - length + 1 for length in lengths])
        return cls(first, bars, form.bars.edges[first], form.bars.edges[first + bars])

    def __len__(self) -> int:
        """How many."""
        return len(self.first)


def pick_passage(form: Form) -> PreviewWindow:
    """The passage to play: from a downbeat on, and within the audio. Where there is no bar, the audio's beginning."""
    windows = Windows.of(form)
    if not len(windows):
        return PreviewWindow(0.0, min(USUAL_SECONDS, form.duration))
    measured = features(form, windows)
    scores = np.sum([WEIGHTS[name] * values for name, values in measured.items()], axis=0)
    picked = likeliest_overlap(windows, scores)
    start = max(float(windows.starts[picked]), 0.0)
    return PreviewWindow(start, min(float(windows.ends[picked]), form.duration) - start)


def features(form: Form, windows: Windows) -> dict[str, NDArray[np.float64]]:
    """What is measured of windows, by name, (windows,) each.

    again, before, behind: how alike the bars from the window's start on are to others, to earlier and to later ones
    """
    measured = _place_and_length(form, windows) | _sections(form, windows)
    for length in _REPEATED:
        again = _repeated(form.similar, length)
        earlier, later = np.tril(again), np.triu(again)
        by_bar = {
            "again": again.max(axis=1),
            "before": earlier.max(axis=1),
            "behind": later.max(axis=1),
        }
        measured |= {f"{name} {length}": values[windows.first] for name, values in by_bar.items()}
    return measured


def _place_and_length(form: Form, windows: Windows) -> dict[str, NDArray[np.float64]]:
    seconds = windows.ends - windows.starts
    place = windows.starts / form.duration
    length = np.log(seconds / USUAL_SECONDS)
    return {
        "place": place,
        "place squared": np.square(place - _MIDDLE),
        "beginning": np.exp(-windows.starts / _EDGE_SECONDS[0]),
        "ending": np.exp(-(form.bars.edges[-1] - windows.ends) / _EDGE_SECONDS[1]),
        "length": length,
        "length squared": np.square(length),
        "short": np.maximum(0.0, 12.0 - seconds),
        "8 bars": (windows.bars == 8).astype(np.float64),
        "16 bars": (windows.bars == 16).astype(np.float64),
        "fours": (windows.bars % 4 == 0).astype(np.float64),
        "eights": (windows.bars % 8 == 0).astype(np.float64),
    }


def _sections(form: Form, windows: Windows) -> dict[str, NDArray[np.float64]]:
    """Of the section at a window's start: how intense it is among all, how often it is played, and its share."""
    intensity = np.array([section.intensity for section in form.sections])
    lengths = np.array([section.end - section.start for section in form.sections])
    kinds = np.array([section.label for section in form.sections])
    same = kinds[:, None] == kinds
    by_section = {
        "rank": (lengths * (intensity < intensity[:, None])).sum(axis=1) / lengths.sum(),
        "times played": np.log(same.sum(axis=1)),
        "share": (lengths * same).sum(axis=1) / lengths.sum(),
    }
    # A window that begins on a section's last bar takes a run-up to the next.
    starts = np.array([section.start for section in form.sections])
    second = form.bars.edges[np.minimum(windows.first + 1, len(form.bars) - 1)]
    section = np.maximum(np.searchsorted(starts, second, side="right") - 1, 0)
    return {name: values[section] for name, values in by_section.items()}


def _repeated(similar: NDArray[np.float32], length: int) -> NDArray[np.float64]:
    """How well the ``length`` bars from each on are played from each other on: (bars, bars), 0 to about 1."""
    bars = len(similar)
    above = np.triu_indices(bars, 2)
    usual = float(np.median(similar))
    spread = float(np.quantile(similar[above], _HIGH)) - usual if above[0].size else 0.0
    if spread < 1e-6:
        return np.zeros((bars, bars))
    return np.maximum(repetition((similar - usual) / spread, length), 0.0)


def likeliest_overlap(windows: Windows, scores: NDArray[np.float64]) -> int:
    """The window with the best overlap to be expected, where ``scores``, (windows,), say what people pick."""
    kept = np.argsort(-scores, kind="stable")[:_MOST_WINDOWS]
    starts, ends = windows.starts[kept], windows.ends[kept]
    expected = overlap(starts[:, None], ends[:, None], starts, ends) @ softmax(scores[kept])
    return int(kept[expected.argmax()])


def overlap(
    starts: NDArray[np.float64], ends: NDArray[np.float64], others: NDArray[np.float64], other_ends: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Intersection over union of windows, in seconds; of any shapes that fit each other."""
    shared = np.maximum(np.minimum(ends, other_ends) - np.maximum(starts, others), 0.0)
    return np.asarray(shared / np.maximum(ends - starts + other_ends - others - shared, 1e-9))
