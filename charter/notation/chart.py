"""Notes, charts and songs: what a simfile says, as frozen values."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from charter.notation.difficulty import Difficulty
from charter.notation.timing import Timing

PANEL_NAMES = ("left", "down", "up", "right")  # in a file's order
PANELS = len(PANEL_NAMES)


class NoteKind(Enum):
    """What stands on one panel of one row; the value is StepMania's character."""

    TAP = "1"
    HOLD = "2"
    TAIL = "3"
    ROLL = "4"
    MINE = "M"
    LIFT = "L"
    FAKE = "F"
    KEYSOUND = "K"

    @property
    def is_hit(self) -> bool:
        """Whether a foot has to come down for it: a tap, or the head of a hold or roll."""
        return self in HITS


HEADS = frozenset({NoteKind.HOLD, NoteKind.ROLL})
HITS = HEADS | {NoteKind.TAP}


class Note(NamedTuple):
    """One symbol on one panel. Sorted notes are in file order."""

    tick: int
    panel: int
    kind: NoteKind


class Row(NamedTuple):
    """All notes of one tick, by panel."""

    tick: int
    notes: tuple[Note, ...]

    @property
    def hits(self) -> tuple[Note, ...]:
        """The notes that a foot has to hit."""
        return tuple(note for note in self.notes if note.kind.is_hit)


@dataclass(frozen=True)
class Chart:
    """The notes of one difficulty.

    difficulty: None for the Edit slot, which has no level
    notes: in file order (tick, then panel), at most one on each panel of a tick
    timing: the chart's own, where it differs from its song's (split timing)
    """

    difficulty: Difficulty | None
    meter: int
    notes: tuple[Note, ...]
    description: str = ""
    credit: str = ""
    timing: Timing | None = None

    def rows(self) -> list[Row]:
        """The notes, gathered by tick."""
        return [Row(tick, tuple(notes)) for tick, notes in groupby(self.notes, key=lambda note: note.tick)]

    def hit_ticks(self, timing: Timing) -> list[int]:
        """Ticks of the rows that have to be hit and can be, in order."""
        ticks = sorted({note.tick for note in self.notes if note.kind.is_hit})
        return [tick for tick, can in zip(ticks, timing.hittable(ticks), strict=True) if can]


class Passage(NamedTuple):
    """From tick ``start`` up to, and without, tick ``end``."""

    start: int
    end: int

    def holds(self, tick: int) -> bool:
        """Whether a tick lies in it."""
        return self.start <= tick < self.end


class PreviewWindow(NamedTuple):
    """The passage that plays while a song is being chosen, in seconds."""

    start: float
    length: float


@dataclass(frozen=True)
class Song:
    """A song with its charts.

    music: the audio's file name beside the simfile
    preview: the passage of it that plays while a song is chosen; preview_music: the audio that plays then instead, from
    its start, for as long as the passage
    """

    title: str
    timing: Timing
    charts: tuple[Chart, ...] = ()
    artist: str = ""
    subtitle: str = ""
    genre: str = ""
    credit: str = ""
    music: str = ""
    preview_music: str = ""
    banner: str = ""
    background: str = ""
    jacket: str = ""
    preview: PreviewWindow | None = None

    def chart(self, difficulty: Difficulty) -> Chart | None:
        """The chart of a difficulty, or None."""
        return next((chart for chart in self.charts if chart.difficulty is difficulty), None)

    def timing_of(self, chart: Chart) -> Timing:
        """The chart's own timing, or the song's."""
        return chart.timing or self.timing


def paired_holds(notes: Iterable[Note]) -> list[tuple[Note, Note]]:
    """Heads of holds and rolls with their tails, by tail; notes in file order. What has no partner is left out."""
    heads: dict[int, Note] = {}
    pairs = []
    for note in notes:
        if note.kind in HEADS:
            heads[note.panel] = note
        elif note.kind is NoteKind.TAIL and note.panel in heads:
            pairs.append((heads.pop(note.panel), note))
    return pairs


def sorted_notes(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes in file order."""
    return tuple(sorted(notes, key=lambda note: (note.tick, note.panel)))
