"""The ground floor: exact beats, timing, notes, charts and songs. Imports nothing of ours but the errors; no torch."""

from charter.notation.chart import (
    HEADS,
    HITS,
    PANELS,
    Chart,
    Note,
    NoteKind,
    Passage,
    PreviewWindow,
    Row,
    Song,
    paired_holds,
    sorted_notes,
)
from charter.notation.difficulty import Difficulty
from charter.notation.timing import (
    BEATS_PER_MEASURE,
    TICKS_PER_BEAT,
    TICKS_PER_MEASURE,
    Pause,
    Span,
    Tempo,
    Timing,
    to_beat,
    to_tick,
)

__all__ = [
    "BEATS_PER_MEASURE",
    "HEADS",
    "HITS",
    "PANELS",
    "TICKS_PER_BEAT",
    "TICKS_PER_MEASURE",
    "Chart",
    "Difficulty",
    "Note",
    "NoteKind",
    "Passage",
    "Pause",
    "PreviewWindow",
    "Row",
    "Song",
    "Span",
    "Tempo",
    "Timing",
    "paired_holds",
    "sorted_notes",
    "to_beat",
    "to_tick",
]
