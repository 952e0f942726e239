"""osu! beatmaps: the one place that knows `.osu`, of which only the timing is read."""

from export.osu.read import read_timing

__all__ = ["read_timing"]
