"""StepMania's `.sm` and `.ssc`: the one place that knows these formats, for reading and for writing."""

from export.stepmania.read import read_song, read_timing

__all__ = ["read_song", "read_timing"]
