"""The passage that plays while a song is being chosen."""

import numpy as np

from charter.notation import TICKS_PER_MEASURE, Chart, PreviewWindow, Timing

LENGTH_SECONDS = 15.0


def preview_window(chart: Chart, timing: Timing, duration: float) -> PreviewWindow:
    """The busiest passage of a chart that starts on a measure and ends within the audio (``duration`` seconds)."""
    hits = timing.seconds_at(chart.hit_ticks(timing))
    length = min(LENGTH_SECONDS, duration)
    measures = np.arange(0, chart.notes[-1].tick + 1, TICKS_PER_MEASURE)
    starts = timing.seconds_at(measures)
    starts = starts[(starts >= 0) & (starts + length <= duration)]
    if not starts.size:
        return PreviewWindow(0.0, length)
    rows = np.searchsorted(hits, starts + length) - np.searchsorted(hits, starts)
    return PreviewWindow(float(starts[rows.argmax()]), length)
