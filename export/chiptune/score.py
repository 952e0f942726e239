"""Who plays what, when: notes for the chip's five voices."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

LOUDEST = 15
VIBRATO_HZ, VIBRATO_DELAY_SECONDS = 5.5, 1 / 3
_EARLY_SECONDS = 0.02  # a drum so little before a passage is on its first beat
_LEFT_SECONDS = 0.1  # of a tone, that are worth beginning a passage with


class Duty(IntEnum):
    """Which part of a pulse's period is high; the value is the register's."""

    EIGHTH = 0
    QUARTER = 1
    HALF = 2
    THREE_QUARTERS = 3  # sounds as a quarter does


class Instrument(NamedTuple):
    """How a pulse or triangle plays a note.

    volumes: of each frame (1/60 s, in PAL 1/50) from the note's start, 0 to 15; the last one is held to its end
    duty: of a pulse; the triangle has one shape, and one loudness, so that only a volume of 0 counts there
    vibrato: semitones to either side, from a third of a second on
    """

    volumes: tuple[int, ...]
    duty: Duty = Duty.HALF
    vibrato: float = 0.0


class Drum(NamedTuple):
    """How the noise voice plays a drum, frame by frame, until the shorter list ends.

    volumes: 0 to 15; periods: index into the chip's 16 rates, 0 the brightest
    metallic: the short sequence of 93 steps (the chip's mode flag), which has a pitch
    """

    volumes: tuple[int, ...]
    periods: tuple[int, ...]
    metallic: bool = False


class Sample(NamedTuple):
    """A sound for the DMC. data: 1-bit deltas, 16n + 1 bytes (at most 4081); rate: index into the chip's 16 rates."""

    data: bytes
    rate: int


class Tone(NamedTuple):
    """A note of a pulse or of the triangle.

    start, end: seconds; pitches: MIDI numbers (69 is 440 Hz); several take turns, a frame each: an arpeggio
    volume: 1 to 15, by which the instrument's volumes are scaled
    """

    start: float
    end: float
    pitches: tuple[float, ...]
    instrument: Instrument
    volume: int = LOUDEST


class Hit(NamedTuple):
    """A drum of the noise voice. start: seconds."""

    start: float
    drum: Drum
    volume: int = LOUDEST


class Trigger(NamedTuple):
    """A sample of the DMC, which has one loudness. start: seconds."""

    start: float
    sample: Sample


@dataclass(frozen=True)
class Score:
    """A tune: for each voice its notes, by start. A note ends where the next one of its voice starts, if not before.

    duration: seconds
    """

    duration: float
    pulse_1: tuple[Tone, ...] = ()
    pulse_2: tuple[Tone, ...] = ()
    triangle: tuple[Tone, ...] = ()
    noise: tuple[Hit, ...] = ()
    dmc: tuple[Trigger, ...] = ()
    title: str = ""
    artist: str = ""

    def between(self, start: float, end: float) -> "Score":
        """What sounds from ``start`` to ``end`` (seconds), ``start`` its second 0.

        A tone that sounds at the start begins there, unless it is as good as over.
        """

        def tones(notes: tuple[Tone, ...]) -> tuple[Tone, ...]:
            return tuple(
                note._replace(start=max(note.start - start, 0.0), end=min(note.end, end) - start)
                for note in notes
                if note.start < end and (note.start >= start or note.end >= start + _LEFT_SECONDS)
            )

        def moved(second: float) -> float | None:
            """Where a drum falls, which is struck once; None for one outside."""
            return max(second - start, 0.0) if start - _EARLY_SECONDS <= second < end else None

        return replace(
            self,
            duration=end - start,
            pulse_1=tones(self.pulse_1),
            pulse_2=tones(self.pulse_2),
            triangle=tones(self.triangle),
            noise=tuple(hit._replace(start=at) for hit in self.noise if (at := moved(hit.start)) is not None),
            dmc=tuple(hit._replace(start=at) for hit in self.dmc if (at := moved(hit.start)) is not None),
        )
