"""The ground floor: exact beats, timing, notes, charts and songs, and what two feet make of them.

Frozen values and pure functions of these; imports nothing of ours but the errors, reads no file, and needs no torch.
"""

from charter.notation.chart import (
    HEADS,
    HITS,
    PANEL_NAMES,
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
from charter.notation.difficulty import EDIT, Difficulty, parse_slot, slot_label, slot_word
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
    "EDIT",
    "HEADS",
    "HITS",
    "PANELS",
    "PANEL_NAMES",
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
    "parse_slot",
    "slot_label",
    "slot_word",
    "sorted_notes",
    "to_beat",
    "to_tick",
]
