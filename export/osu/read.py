"""The timing of a `.osu` file, of any mode and any version of the format."""

import math
import re
from pathlib import Path

from charter.errors import TimingError
from charter.notation import Timing
from export.osu.timing import LONGEST_BEAT_MS, SHORTEST_BEAT_MS, TimingPoint, timing_of

_HEADER = re.compile(r"osu file format v(\d{1,9})", re.IGNORECASE)
# Times of files before version 5 are 24 ms early, and osu! has put them right since.
_FIRST_EXACT_VERSION, _EARLY_MS = 5, 24.0
_LATEST_MS = 2.0**31  # times are 32-bit numbers in osu!
_UNINHERITED = 6  # the field's place in a line
_SHOWN_CHARACTERS = 40


def read_timing(path: Path) -> Timing:
    """The timing of a beatmap: the first uninherited timing point is beat 0.

    Raises TimingError that names the file and what is wrong with it.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise TimingError(f"{path}: cannot be read ({error.strerror or error})") from error
    try:
        return timing_of(_uninherited_points(text))
    except TimingError as error:
        raise TimingError(f"{path}: {error}") from error


def _uninherited_points(text: str) -> list[TimingPoint]:
    lines = [line.partition("//")[0].strip() for line in text.splitlines()]
    early = _early_ms(next((line for line in lines if line), ""))
    section = ""
    found = 0
    points = []
    for line in lines:
        if line.startswith("["):
            section = line
        elif line and section == "[TimingPoints]":
            found += 1
            time, beat, uninherited = _fields(line)
            if uninherited:
                points.append(_checked(time + early, beat))
    if not points:
        raise TimingError("has only inherited timing points: none sets a tempo" if found else "has no timing points")
    return points


def _early_ms(first_line: str) -> float:
    """By how much the times of a file are early, in ms, from its first line."""
    header = _HEADER.match(first_line)
    if header is None:
        raise TimingError("is no osu! beatmap (it does not start with 'osu file format v')")
    return _EARLY_MS if int(header[1]) < _FIRST_EXACT_VERSION else 0.0


def _fields(line: str) -> tuple[float, float, bool]:
    """(time in ms, beat length in ms, whether it sets a tempo) of a line."""
    fields = [field.strip() for field in line.split(",")]
    try:
        time, beat = float(fields[0]), float(fields[1])
    except (ValueError, IndexError):
        raise TimingError(f"{line[:_SHOWN_CHARACTERS]!r} is no timing point (expected time,beatLength,...)") from None
    # Old lines do not say what they are; there an inherited point is one whose beat length is negative.
    uninherited = fields[_UNINHERITED].startswith("1") if len(fields) > _UNINHERITED else not beat < 0
    return time, beat, uninherited


def _checked(time: float, beat: float) -> TimingPoint:
    if not abs(time) <= _LATEST_MS:
        raise TimingError(f"a timing point stands at {time:g} ms, which is no time in a song")
    if not (math.isfinite(beat) and beat > 0):
        raise TimingError(f"the beat of the timing point at {time:g} ms lasts {beat:g} ms; it must be above 0")
    return TimingPoint(time, min(max(beat, SHORTEST_BEAT_MS), LONGEST_BEAT_MS))
