"""Tempo: from a recording to its Timing."""
