"""What was left out of a corpus, and why."""

from enum import Enum
from pathlib import Path
from typing import NamedTuple


class SkipReason(Enum):
    """Why a file or a chart is left out; the value is what a person reads."""

    UNREADABLE = "unreadable"
    BAD_TIMING = "bad timing"
    OTHER_SIMFILE = "another simfile of its folder is read"
    NO_SINGLE_CHART = "no dance-single chart"
    NO_AUDIO = "no audio"
    SAME_AUDIO = "same audio twice"
    EDIT_SLOT = "Edit slot"
    EMPTY_CHART = "empty chart"
    BROKEN_NOTATION = "broken notation"
    STUB = "stub"
    DUPLICATE_DIFFICULTY = "duplicate difficulty"


class Skipped(NamedTuple):
    """A file that was left out, or with ``chart`` (e.g. ``Hard 9``) one chart of it."""

    path: Path
    chart: str | None
    reason: SkipReason
    detail: str
