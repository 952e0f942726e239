"""Tempo: from a recording to its Timing."""

from charter.tempo.comb import estimate

__all__ = ["estimate"]
