"""A score as a FastTracker II module: five channels of notes, and a sixth for the tempo."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from charter.errors import ChartError
from charter.notation.timing import Timing
from export.chiptune.driver import PULSE_STEPS, TRIANGLE_STEPS, within_reach
from export.chiptune.hardware import Region
from export.chiptune.score import LOUDEST, Instrument, Score, Tone
from export.chiptune.xm.file import Cell, Pattern, module
from export.chiptune.xm.grid import TICK_TEMPO_SECONDS, TICKS_PER_ROW, Grid, grid_of
from export.chiptune.xm.instruments import FULL_VOLUME, TunedSound, instrument_of
from export.chiptune.xm.waves import FIRST_NOTE, MIDDLE_NOTE, NOTES, TUNINGS, playable_cents

_MOST_PATTERNS, _MOST_INSTRUMENTS = 256, 128
_PATTERN_ROWS = 64  # of a sixteenth
_TEMPO_CHANNEL = 5
_SET_TEMPO, _EXTENDED, _CUT, _DELAY = 0x0F, 0x0E, 0xC0, 0xD0
_VOLUME = 0x10  # of silence, in the volume column
_WIDEST_ARPEGGIO = 15


class _Note(NamedTuple):
    """A note of a channel. end: infinite for what ends by itself; note: 0 to 95; arpeggio: the effect's parameter."""

    start: float
    end: float
    note: int
    voice: TunedSound
    volume: int
    arpeggio: int = 0


class _Placed(NamedTuple):
    """A note on the module's ticks."""

    on: int
    off: int
    note: _Note


def xm_bytes(score: Score, timing: Timing) -> bytes:
    """A score as an .xm file whose rows are the timing's sixteenths; the score's second 0 is the timing's.

    A row has six ticks. A note starts on the tick nearest to it, within 16 ms, and sounds within 3.2 cents of its
    pitch. Where notes of a voice stand closer than a row, rows are half as long; of two that share even such a row the
    first is kept. An arpeggio has its first three pitches. Voices add up linearly, as trackers mix.

    Raises ChartError where the tune needs more than the format's 256 patterns or 128 instruments.
    """
    grid, breaks = _fitting(timing, score.duration)
    channels = _within_instruments(_channels(score))
    placed = [_placed(notes, grid) for notes in channels]
    halves = 2 if any(_crowded(notes, TICKS_PER_ROW) for notes in placed) else 1
    speed = TICKS_PER_ROW // halves
    voices = list(dict.fromkeys(note.voice for notes in channels for note in notes))
    numbers = {voice: number for number, voice in enumerate(voices, 1)}
    rows = [[Cell()] * (_TEMPO_CHANNEL + 1) for _ in range(halves * len(grid.tempos))]
    for channel, notes in enumerate(placed):
        _write(rows, channel, notes, numbers, speed)
    before = 0
    for row, tempo in enumerate(grid.tempos.tolist()):
        if tempo != before:
            rows[halves * row][_TEMPO_CHANNEL] = Cell(effect=_SET_TEMPO, parameter=tempo)
        before = tempo
    patterns: list[Pattern] = [rows[halves * begin : halves * end] for begin, end in pairwise(breaks)]
    tick_seconds = TICK_TEMPO_SECONDS / float(np.median(grid.tempos))
    instruments = [instrument_of(voice, tick_seconds) for voice in voices]
    return module(score.title, patterns, instruments, speed, int(grid.tempos[0]))


def check_fits(timing: Timing, duration: float) -> None:
    """Raises ChartError where a tune of so many seconds needs more than the format's 256 patterns."""
    _fitting(timing, duration)


def _fitting(timing: Timing, duration: float) -> tuple[Grid, list[int]]:
    """The rows, and those of them where patterns begin, with the end. Raises ChartError where they are too many."""
    grid = grid_of(timing, duration)
    breaks = _breaks(grid)
    if len(breaks) - 1 > _MOST_PATTERNS:
        fitting = grid.ticks[TICKS_PER_ROW * breaks[_MOST_PATTERNS]] / 60
        raise ChartError(
            f"the tune needs {len(breaks) - 1} patterns, and an XM holds {_MOST_PATTERNS}: about {fitting:.0f} minutes "
            "of it; choose a shorter passage"
        )
    return grid, breaks


def _breaks(grid: Grid) -> list[int]:
    """The rows where patterns begin, and the end: at measures where there are any within a pattern's length."""
    total = len(grid.tempos)
    breaks = [0]
    while breaks[-1] < total:
        furthest = breaks[-1] + _PATTERN_ROWS
        if furthest >= total:
            breaks.append(total)
            continue
        measures = np.flatnonzero(grid.measures[breaks[-1] + 1 : furthest + 1])
        breaks.append(breaks[-1] + 1 + int(measures[-1]) if len(measures) else furthest)
    return breaks


def _channels(score: Score) -> list[list[_Note]]:
    drums = [_Note(hit.start, math.inf, MIDDLE_NOTE, TunedSound(hit.drum), _volume(hit.volume)) for hit in score.noise]
    samples = [
        _Note(trigger.start, math.inf, MIDDLE_NOTE, TunedSound(trigger.sample), FULL_VOLUME) for trigger in score.dmc
    ]
    return [
        _tones(score.pulse_1, PULSE_STEPS),
        _tones(score.pulse_2, PULSE_STEPS),
        _tones(score.triangle, TRIANGLE_STEPS),
        drums,
        samples,
    ]


def _volume(volume: int) -> int:
    return round(volume * FULL_VOLUME / LOUDEST)


def _tones(tones: Sequence[Tone], steps: int) -> list[_Note]:
    triangle = steps == TRIANGLE_STEPS
    notes = []
    for tone in tones:
        # An arpeggio of a module has its lowest pitch and at most two above.
        pitches = within_reach(np.array(tone.pitches[:3], dtype=np.float64), steps, Region.NTSC).tolist()
        lowest = min(pitches)
        note = round(lowest)
        cents = 100 * (lowest - note)
        while note - FIRST_NOTE >= NOTES:
            note -= 12
        above = sorted({_offset(pitch - lowest) for pitch in pitches} - {0})
        arpeggio = sum(offset << shift for offset, shift in zip(above, (4, 0), strict=False))
        voice = TunedSound(tone.instrument, triangle, cents)
        volume = FULL_VOLUME if triangle else _volume(tone.volume)
        notes.append(_Note(tone.start, tone.end, note - FIRST_NOTE, voice, volume, arpeggio))
    return notes


def _offset(semitones: float) -> int:
    offset = round(semitones)
    return offset if offset <= _WIDEST_ARPEGGIO else offset % 12


def _within_instruments(channels: list[list[_Note]]) -> list[list[_Note]]:
    """The same notes with tunings coarse enough for the instruments that a module may have, an instrument for each."""
    tunings = TUNINGS
    while tunings:
        coarse = [[note._replace(voice=_tuned(note.voice, tunings)) for note in notes] for notes in channels]
        if len({note.voice for notes in coarse for note in notes}) <= _MOST_INSTRUMENTS:
            return coarse
        tunings //= 2
    count = len({note.voice._replace(cents=0.0) for notes in channels for note in notes})
    raise ChartError(
        f"the tune has {count} different instruments, and an XM holds {_MOST_INSTRUMENTS}; choose a shorter passage"
    )


def _tuned(voice: TunedSound, tunings: int) -> TunedSound:
    tonal = isinstance(voice.sound, Instrument)
    return voice._replace(cents=playable_cents(voice.cents, tunings)) if tonal else voice


def _placed(notes: Sequence[_Note], grid: Grid) -> list[_Placed]:
    between = (grid.ticks[1:] + grid.ticks[:-1]) / 2
    on = np.searchsorted(between, [note.start for note in notes]).tolist()
    off = np.searchsorted(between, [note.end for note in notes]).tolist()
    last = len(grid.ticks) - 1
    return [
        _Placed(begin, max(end, begin + 1), note)
        for begin, end, note in zip(on, off, notes, strict=True)
        if begin < last
    ]


def _crowded(notes: Sequence[_Placed], speed: int) -> bool:
    """Whether a row is asked to start two notes, or to end one before its middle's start of another."""
    return any(
        one.on // speed == following.on // speed or _meet(one, following, speed) for one, following in pairwise(notes)
    )


def _meet(one: _Placed, following: _Placed, speed: int) -> bool:
    """Whether a note ends in the row where the next one starts later: a row has one effect."""
    return one.off < following.on and one.off // speed == following.on // speed


def _write(
    rows: list[list[Cell]], channel: int, notes: Sequence[_Placed], numbers: dict[TunedSound, int], speed: int
) -> None:
    """A channel's notes into the rows."""
    kept = [*notes[:1], *(one for before, one in pairwise(notes) if before.on // speed < one.on // speed)]
    following = [*(one.on for one in kept), speed * len(rows)][1:]
    for placed, limit in zip(kept, following, strict=True):
        note = placed.note
        row, delay = divmod(placed.on, speed)
        effect = (_EXTENDED, _DELAY | delay) if delay else (0, note.arpeggio)
        rows[row][channel] = Cell(note.note + 1, numbers[note.voice], _VOLUME + note.volume, *effect)
        off = _off(placed, limit, speed)
        if note.arpeggio:
            for later in range(row + 1, off // speed):
                rows[later][channel] = Cell(parameter=note.arpeggio)
        if off < limit:
            ends, cut = divmod(off, speed)
            cell = rows[ends][channel]
            rows[ends][channel] = cell._replace(effect=_EXTENDED, parameter=_CUT | cut) if cut else Cell(volume=_VOLUME)


def _off(placed: _Placed, limit: int, speed: int) -> int:
    """The tick nearest to a note's end where its row has room to end it; ``limit`` where the next note must do that."""
    for distance in range(limit):
        for tick in (placed.off - distance, placed.off + distance):
            if tick >= limit:
                return limit
            if tick > placed.on and _has_room(tick, placed, limit // speed, speed):
                return tick
    return limit


def _has_room(tick: int, placed: _Placed, following: int, speed: int) -> bool:
    """Whether the row of a tick can end a note there; ``following``: the row of the next note."""
    row, cut = divmod(tick, speed)
    own_row, delay = divmod(placed.on, speed)
    if row == following:
        return False
    return not cut or not (placed.note.arpeggio or (row == own_row and delay))
