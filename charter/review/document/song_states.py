"""How far a song has come."""

from typing import Literal

SongState = Literal["waiting", "working", "ready", "failed", "cancelled"]

WAITING: SongState = "waiting"
WORKING: SongState = "working"
READY: SongState = "ready"
FAILED: SongState = "failed"
CANCELLED: SongState = "cancelled"
UNMADE: frozenset[str] = frozenset({FAILED, CANCELLED})  # nothing more comes of it by itself
