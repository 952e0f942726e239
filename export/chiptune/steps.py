"""A chart made audible: each panel has its pitch and timbre, holds sustain, rolls repeat, mines are noise."""

from typing import NamedTuple

from charter.errors import ChartError
from charter.notation import HEADS, TICKS_PER_BEAT, Chart, Note, NoteKind, Timing, paired_holds
from export.chiptune.score import Drum, Duty, Hit, Instrument, Score, Tone

_TAP_SECONDS = 0.12
_HEARD_SECONDS = 0.03
_ROLL_TICKS = TICKS_PER_BEAT // 4
_BEHIND_SECONDS = 0.5  # for the last note to ring
_TAP_VOLUMES = (15, 14, 12, 11, 10, 8, 7, 5)
_HELD_VOLUMES = (15, 13, 12, 11, 10)

# Left, down, up, right: a major chord upwards, so that jumps are consonant and a staircase is heard as one.
PANEL_PITCHES = (60, 64, 67, 72)
_DUTIES = (Duty.QUARTER, Duty.HALF, Duty.HALF, Duty.EIGHTH)
_PULSE_1, _PULSE_2, _TRIANGLE = range(3)
# The voice that plays a panel, or where that is busy, the next: two feet and a hand are never left without.
_VOICES = (
    (_PULSE_1, _PULSE_2, _TRIANGLE),
    (_TRIANGLE, _PULSE_1, _PULSE_2),
    (_PULSE_2, _PULSE_1, _TRIANGLE),
    (_PULSE_2, _PULSE_1, _TRIANGLE),
)
_MINE = Drum(volumes=(9, 8, 6, 5, 3, 2, 1), periods=(11, 11, 12, 12, 13, 13, 13))


class _Step(NamedTuple):
    """What is heard of a note, or of one stroke of a roll; held: it sustains."""

    start: float
    end: float
    panel: int
    held: bool


def step_score(chart: Chart, timing: Timing) -> Score:
    """The notes of a chart as a tune of their own, in seconds of the music. What cannot be hit is silent.

    Raises ChartError for a chart without a note to hit.
    """
    steps = _steps(chart, timing)
    if not steps:
        raise ChartError("the chart has no notes to play")
    mines = [note.tick for note in chart.notes if note.kind is NoteKind.MINE]
    seconds = timing.seconds_at([tick for tick, can in zip(mines, timing.hittable(mines), strict=True) if can])
    # Two mines of a row are one noise.
    hits = tuple(Hit(float(second), _MINE) for second in sorted({*seconds}) if second >= 0)
    pulse_1, pulse_2, triangle = _shared_out(steps)
    end = max(*(step.end for step in steps), hits[-1].start if hits else 0.0)
    return Score(end + _BEHIND_SECONDS, pulse_1, pulse_2, triangle, hits)


def _steps(chart: Chart, timing: Timing) -> list[_Step]:
    """What is heard, by start; what lies before the audio starts is left out."""
    tails = {head: tail.tick for head, tail in paired_holds(chart.notes)}
    notes = [note for note in chart.notes if note.kind.is_hit]
    reachable = timing.hittable([note.tick for note in notes])
    strokes = [stroke for note, can in zip(notes, reachable, strict=True) if can for stroke in _strokes(note, tails)]
    starts = timing.seconds_at([start for start, _, _ in strokes])
    ends = timing.seconds_at([end for _, end, _ in strokes])
    steps = [
        _Step(float(start), float(end) if held else float(start) + _TAP_SECONDS, panel, held)
        for (first, last, panel), start, end in zip(strokes, starts, ends, strict=True)
        for held in [end - start > _TAP_SECONDS and last > first]
        if start >= 0
    ]
    return sorted(steps)


def _strokes(note: Note, tails: dict[Note, int]) -> list[tuple[int, int, int]]:
    """First tick, last tick and panel of all that is heard of a note."""
    if note.kind not in HEADS or note not in tails:
        return [(note.tick, note.tick, note.panel)]
    if note.kind is NoteKind.HOLD:
        return [(note.tick, tails[note], note.panel)]
    return [(tick, tick, note.panel) for tick in range(note.tick, tails[note] + 1, _ROLL_TICKS)]


def _shared_out(steps: list[_Step]) -> tuple[tuple[Tone, ...], ...]:
    """The tones of the two pulses and the triangle."""
    voices: tuple[list[Tone], ...] = ([], [], [])
    until = [0.0, 0.0, 0.0]
    for step in steps:
        voice = min(_VOICES[step.panel], key=lambda voice: max(until[voice] - step.start, 0.0))
        volumes = _HELD_VOLUMES if step.held else _TAP_VOLUMES
        instrument = Instrument(volumes, _DUTIES[step.panel])
        voices[voice].append(Tone(step.start, step.end, (PANEL_PITCHES[step.panel],), instrument))
        # A tap that was heard may be cut short by the next; a hold only where no voice is left.
        until[voice] = step.end if step.held else step.start + _HEARD_SECONDS
    return tuple(tuple(tones) for tones in voices)
