"""What each voice of a score does, frame by frame: volumes, pitches and drums' periods over CPU cycles."""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from export.chiptune.hardware import Region
from export.chiptune.score import LOUDEST, VIBRATO_DELAY_SECONDS, VIBRATO_HZ, Drum, Hit, Tone


class ToneFrames(NamedTuple):
    """A tonal voice, one entry a frame of each note and one where a note ends in silence; parallel arrays.

    cycles: CPU cycles, rising; volumes: 0 to 15; pitches: MIDI numbers; duties: of the pulse
    starts: whether a note starts here
    """

    cycles: NDArray[np.int64]
    volumes: NDArray[np.int64]
    pitches: NDArray[np.float64]
    duties: NDArray[np.int64]
    starts: NDArray[np.bool_]


class DrumFrames(NamedTuple):
    """The noise voice, one entry a frame of each drum and one where it ends; parallel arrays.

    cycles: CPU cycles, rising; volumes: 0 to 15; periods: rate index, with the chip's flag for the short sequence ($80)
    """

    cycles: NDArray[np.int64]
    volumes: NDArray[np.int64]
    periods: NDArray[np.int64]


def to_cycles(seconds: Sequence[float], region: Region) -> NDArray[np.int64]:
    """The CPU cycles nearest to times, none before power-on; same shape."""
    return np.maximum(np.rint(np.asarray(seconds, dtype=np.float64) * region.clock), 0).astype(np.int64)


class _Frames(NamedTuple):
    """Which frame of which note stands where. over: the entry that ends a note, with its last frame's number."""

    cycles: NDArray[np.int64]
    note: NDArray[np.int64]
    number: NDArray[np.int64]
    over: NDArray[np.bool_]

    @classmethod
    def of(cls, starts: NDArray[np.int64], ends: NDArray[np.int64], region: Region) -> "_Frames":
        following = np.append(starts[1:], np.iinfo(np.int64).max)
        cut = np.minimum(ends, following)
        length = np.maximum(cut - starts, 0)
        # The last frame starts before the end by a cycle at least, as its rounded start may lie on it.
        counts = np.ceil((length - 0.5) / region.frame_cycles).astype(np.int64)
        entries = np.where(counts > 0, counts + 1, 0)
        note = np.repeat(np.arange(len(starts)), entries)
        number = np.arange(entries.sum()) - np.repeat(np.cumsum(entries) - entries, entries)
        over = number == counts[note]
        cycles = np.where(over, cut[note], starts[note] + np.rint(number * region.frame_cycles).astype(np.int64))
        kept = ~over | (cut[note] < following[note])
        number = np.where(over, counts[note] - 1, number)
        return cls(cycles[kept], note[kept], number[kept], over[kept])


class _Tables(NamedTuple):
    """A list of numbers for each note, end to end."""

    values: NDArray[np.float64]
    offsets: NDArray[np.int64]  # (notes,)
    lengths: NDArray[np.int64]  # (notes,)

    @classmethod
    def of(cls, lists: Sequence[Sequence[float]]) -> "_Tables":
        lengths = np.array([len(numbers) for numbers in lists], dtype=np.int64)
        values = np.array(list(chain.from_iterable(lists)), dtype=np.float64)
        return cls(values, np.cumsum(lengths) - lengths, lengths)

    def at(self, note: NDArray[np.int64], index: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of each of these notes the number at its index."""
        return np.take(self.values, self.offsets[note] + index)


def _scaled(own: NDArray[np.float64], notes: Sequence[int], frames: _Frames) -> NDArray[np.int64]:
    """An instrument's volumes by its notes', 0 where a note is over; what sounds at all never rounds to silence."""
    volume = np.array(notes, dtype=np.int64)[frames.note]
    scaled = np.maximum(np.rint(own * volume / LOUDEST).astype(np.int64), 1)
    return np.where(frames.over | (own <= 0) | (volume <= 0), 0, np.minimum(scaled, LOUDEST))


def tone_frames(tones: Sequence[Tone], duration: float, region: Region) -> ToneFrames:
    """The frames of a pulse's or the triangle's notes; a note ends where the next starts, all end at ``duration``."""
    starts = to_cycles([tone.start for tone in tones], region)
    ends = to_cycles([min(tone.end, duration) for tone in tones], region)
    frames = _Frames.of(starts, ends, region)
    volumes = _Tables.of([tone.instrument.volumes for tone in tones])
    pitches = _Tables.of([tone.pitches for tone in tones])
    turn = frames.number % pitches.lengths[frames.note]
    vibrato = np.array([tone.instrument.vibrato for tone in tones], dtype=np.float64)[frames.note]
    elapsed = frames.number * region.frame_seconds - VIBRATO_DELAY_SECONDS
    sway = np.where(elapsed > 0, vibrato * np.sin(2 * np.pi * VIBRATO_HZ * elapsed), 0.0)
    own = volumes.at(frames.note, np.minimum(frames.number, volumes.lengths[frames.note] - 1))
    return ToneFrames(
        cycles=frames.cycles,
        volumes=_scaled(own, [tone.volume for tone in tones], frames),
        pitches=pitches.at(frames.note, turn) + sway,
        duties=np.array([int(tone.instrument.duty) for tone in tones], dtype=np.int64)[frames.note],
        starts=(frames.number == 0) & ~frames.over,
    )


def drum_frames(hits: Sequence[Hit], duration: float, region: Region) -> DrumFrames:
    """The frames of the noise voice's drums; a drum ends with its lists, or where the next one starts."""
    starts = to_cycles([hit.start for hit in hits], region)
    lengths = np.array([_drum_frames(hit.drum) for hit in hits], dtype=np.int64)
    over = to_cycles([duration], region)
    ends = np.minimum(starts + np.rint(lengths * region.frame_cycles).astype(np.int64), over)
    frames = _Frames.of(starts, ends, region)
    volumes = _Tables.of([hit.drum.volumes for hit in hits])
    periods = _Tables.of([hit.drum.periods for hit in hits])
    last = np.minimum(frames.number, lengths[frames.note] - 1)
    metallic = np.array([0x80 * hit.drum.metallic for hit in hits], dtype=np.int64)[frames.note]
    own = volumes.at(frames.note, last)
    return DrumFrames(
        cycles=frames.cycles,
        volumes=_scaled(own, [hit.volume for hit in hits], frames),
        periods=periods.at(frames.note, last).astype(np.int64) | metallic,
    )


def _drum_frames(drum: Drum) -> int:
    return min(len(drum.volumes), len(drum.periods))
