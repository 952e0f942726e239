"""osu!, the one place that knows `.osu`: the timing is read, osu!mania beatmaps of four keys are written."""

from export.osu.archive import save_osz
from export.osu.read import read_timing
from export.osu.write import osu_text

__all__ = ["osu_text", "read_timing", "save_osz"]
