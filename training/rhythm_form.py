"""The form of a song as its charts tell it, where there is no audio: people write alike passages alike."""

import numpy as np
from numpy.typing import NDArray

from charter.notation import TICKS_PER_MEASURE, Chart, Timing
from charter.sections.bars import STEPS_PER_BAR, Bars
from charter.sections.form import Form, form_of
from charter.sections.likeness import blended, self_similarity
from datasets.songs import LabelledSong

_AFTER_LAST_NOTE = 0.8  # seconds that the music goes on, in the median of the train split


def end_of_charts(song: LabelledSong) -> float:
    """About where the music ends, in seconds, by the last note of all charts."""
    last = max(chart.notes[-1].tick for chart in song.charts.values() if chart.notes)
    return float(song.timing.seconds_at(last)) + _AFTER_LAST_NOTE


def rhythm_form(song: LabelledSong) -> Form:
    """The form that follows from where each chart has rows, and from how much the hardest has to hit."""
    duration = end_of_charts(song)
    bars = Bars.of(song.timing, duration)
    rhythms = [_rhythm(chart, song.timing, bars) for chart in song.charts.values()]
    hardest = song.charts[max(song.charts)]
    hits = [note.tick for note in hardest.notes if note.kind.is_hit]
    bar, _ = _places(hits, bars)
    intensity = np.bincount(bar, minlength=len(bars)).astype(np.float64)
    similar = blended(self_similarity(np.concatenate(rhythms, axis=1)))
    return form_of(duration, bars, similar, intensity)


def _rhythm(chart: Chart, timing: Timing, bars: Bars) -> NDArray[np.float32]:
    """Which sixteenths of each bar have a row, each chart counting alike: (bars, 16)."""
    rhythm = np.zeros((len(bars), STEPS_PER_BAR), dtype=np.float32)
    rhythm[_places(chart.hit_ticks(timing), bars)] = 1.0
    return rhythm / max(float(np.sqrt(rhythm.sum())), 1.0)


def _places(ticks: list[int], bars: Bars) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bar of each tick and its nearest sixteenth; without those ahead of the first bar or behind the last."""
    measures = np.array(ticks, dtype=np.float64) / TICKS_PER_MEASURE
    measures = measures[(measures >= bars.measures[0]) & (measures < bars.measures[-1])]
    bar = np.searchsorted(bars.measures, measures, side="right") - 1
    part = (measures - bars.measures[bar]) / np.diff(bars.measures)[bar]
    return bar, np.minimum(np.rint(part * STEPS_PER_BAR).astype(np.int64), STEPS_PER_BAR - 1)
