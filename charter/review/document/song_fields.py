"""The fields of a song that people change, checked; and beat 0 moved so that all sounds when it did."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from charter.errors import RequestError, TimingError
from charter.notation import TICKS_PER_BEAT, Pause, Song, Span, Tempo, Timing
from charter.review.document.codec import LAST_TICK, TEXT_FIELDS, timing_json, timing_of
from charter.review.document.text import checked_line

_LONGEST_TEXT = 300
_MOST_EVENTS = 20_000
_LONGEST_SONG_SECONDS = 6 * 3600.0
_SLOWEST, _FASTEST = 0.01, 1e8  # BPM; games jump over beats by tempos of millions
_SAME_SECONDS = 1e-6
FIELDS = (*TEXT_FIELDS, "timing", "preview")


def checked_field(name: str, value: Any) -> Any:
    """A field's new value as it is to be stored. Raises RequestError or TimingError that says what is wrong with it."""
    if name in TEXT_FIELDS:
        return checked_line(value, f"the {name}", _LONGEST_TEXT)
    if name == "preview":
        return None if value is None else _checked_preview(value)
    if name == "timing":
        return _checked_timing(value)
    raise RequestError(f"songs have no field {name[:40]!r}; they have {', '.join(FIELDS)}")


def _checked_preview(value: Any) -> list[float]:
    numbers: list[Any] = value if isinstance(value, list) else []
    if len(numbers) != 2 or not all(type(number) in (int, float) and math.isfinite(number) for number in numbers):
        raise RequestError("the preview is [start, length] in seconds, or null for none")
    start, length = float(numbers[0]), float(numbers[1])
    if not (0 <= start <= _LONGEST_SONG_SECONDS and 0 < length <= _LONGEST_SONG_SECONDS):
        raise RequestError(f"the preview starts at {start:g} s and lasts {length:g} s; it is to lie within the song")
    return [start, length]


def _checked_timing(value: Any) -> dict[str, Any]:
    timing = timing_of(value)
    _check_timing(timing)
    return timing_json(timing)


def check_timings(song: Song, file: str | Path) -> None:
    """Check a song that comes in. Raises TimingError that names the file, for what no song has."""
    for timing in (song.timing, *(chart.timing for chart in song.charts if chart.timing is not None)):
        try:
            _check_timing(timing)
        except TimingError as error:
            raise TimingError(f"{file}: {error}") from error


def _check_timing(timing: Timing) -> None:
    events = (timing.tempos, timing.stops, timing.delays, timing.warps, timing.fakes)
    if sum(map(len, events)) > _MOST_EVENTS:
        raise TimingError(f"the timing has more than {_MOST_EVENTS} events")
    if abs(timing.offset) > _LONGEST_SONG_SECONDS:
        raise TimingError(f"the offset is {timing.offset:g} s; is it in milliseconds?")
    for tick, bpm in timing.tempos:
        if not _SLOWEST <= bpm <= _FASTEST:
            raise TimingError(
                f"the BPM on beat {tick / TICKS_PER_BEAT:g} is {bpm:g}; from {_SLOWEST:g} to {_FASTEST:g} is taken"
            )
    for tick, seconds in (*timing.stops, *timing.delays):
        if seconds > _LONGEST_SONG_SECONDS:
            raise TimingError(f"the stop on beat {tick / TICKS_PER_BEAT:g} lasts {seconds:g} s; is it in milliseconds?")
    lengths = (span.ticks for span in (*timing.warps, *timing.fakes))
    if max((*(event[0] for kind in events for event in kind), *lengths), default=0) > LAST_TICK:
        raise TimingError(f"the timing goes on behind beat {LAST_TICK / TICKS_PER_BEAT:g}")


def shifted_fields(fields: Mapping[str, Any], ticks: int) -> dict[str, Any]:
    """A song's fields after beat 0 moved ``ticks`` earlier. Raises TimingError as `shifted_timing`."""
    return {**fields, "timing": timing_json(shifted_timing(timing_of(fields["timing"]), ticks))}


def shifted_timing(timing: Timing, ticks: int) -> Timing:
    """The same timing of the same music, with all that was on tick t on tick t + ``ticks``.

    The first tempo reaches back to the new beat 0. Raises TimingError where something would stand before it or behind
    the last tick, or it would be hours from the music.
    """
    first = timing.tempos[0]
    moved = Timing(
        (first, *(Tempo(_later(tick, ticks, lowest=1), bpm) for tick, bpm in timing.tempos[1:])),
        # Rounded far below what is heard, so that a shift and back leave the offset that was.
        round(timing.offset + ticks * 60 / (first.bpm * TICKS_PER_BEAT), 12),
        tuple(Pause(_later(tick, ticks), seconds) for tick, seconds in timing.stops),
        tuple(Pause(_later(tick, ticks), seconds) for tick, seconds in timing.delays),
        tuple(Span(_later(tick, ticks), length) for tick, length in timing.warps),
        tuple(Span(_later(tick, ticks), length) for tick, length in timing.fakes),
    )
    if abs(moved.offset) > _LONGEST_SONG_SECONDS:
        raise TimingError(f"beat 0 cannot be moved there: it would be {abs(moved.offset):g} s away from the music")
    probes = np.array([max(0, -ticks), *(tempo.tick for tempo in timing.tempos[1:])])
    if np.abs(timing.seconds_at(probes) - moved.seconds_at(probes + ticks)).max() > _SAME_SECONDS:
        raise TimingError("beat 0 cannot be moved there: what is timed would no longer sound when it did")
    return moved


def _later(tick: int, ticks: int, *, lowest: int = 0) -> int:
    if not lowest <= tick + ticks <= LAST_TICK:
        where = "before it" if ticks < 0 else "behind the last beat that a chart may have"
        raise TimingError(
            f"beat 0 cannot be moved there: a change of tempo, a stop or a warp on beat {tick / TICKS_PER_BEAT:g} "
            f"would be {where}"
        )
    return tick + ticks
