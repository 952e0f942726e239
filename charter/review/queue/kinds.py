"""The kinds of jobs: who waits for them, how long they may take, what they ask of a worker and what is kept of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from charter.review.queue import covers, exports, passages, songs_in
from charter.review.store.tables import Job

Ask = Callable[[Session, Job, Path], dict[str, Any]]
Keep = Callable[[Session, Job, dict[str, Any]], dict[str, Any]]


class Lane(StrEnum):
    """Where jobs wait: in neither do they wait for those of the other."""

    ARTIST = "artist"  # somebody looks on
    DRAFTS = "drafts"  # songs by the hundred


@dataclass(frozen=True)
class Kind:
    """One kind of job.

    most_seconds: that it may take; ask: the worker's request, from the tables and the data folder
    keep: puts the worker's answer into the tables; the job's result
    is_quick: a few seconds, for which an artist waits with hands in the lap
    makes_song: the song is not there before it, and not there if it fails
    """

    lane: Lane
    most_seconds: float
    ask: Ask
    keep: Keep
    is_quick: bool = False
    makes_song: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "intake": Kind(Lane.DRAFTS, 1800.0, songs_in.ask_intake, songs_in.keep_song, makes_song=True),
        "take in": Kind(Lane.DRAFTS, 900.0, songs_in.ask_take_in, songs_in.keep_song, makes_song=True),
        "hear": Kind(Lane.ARTIST, 900.0, songs_in.ask_hear, songs_in.keep_sound),
        "redo": Kind(Lane.ARTIST, 300.0, passages.ask_redo, passages.keep_redo, is_quick=True),
        "chiptune": Kind(Lane.ARTIST, 1800.0, covers.ask_chiptune, covers.keep_chiptune),
        "export": Kind(Lane.ARTIST, 3600.0, exports.ask_export, exports.keep_export),
    }
)
MOST_CHECK_SECONDS = 120.0


def kinds_of(lane: Lane) -> tuple[str, ...]:
    """The kinds whose jobs wait in a lane."""
    return tuple(name for name, kind in KINDS.items() if kind.lane is lane)


QUICK = tuple(name for name, kind in KINDS.items() if kind.is_quick)
MAKES_SONG = tuple(name for name, kind in KINDS.items() if kind.makes_song)
