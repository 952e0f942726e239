"""StepMania's `.sm` and `.ssc`: the one place that knows these formats, for reading and for writing."""

from export.stepmania.radar import RadarValues, radar_values
from export.stepmania.read import read_song, read_timing
from export.stepmania.save import FORMATS, save_song
from export.stepmania.write import sm_text, ssc_text

__all__ = [
    "FORMATS",
    "RadarValues",
    "radar_values",
    "read_song",
    "read_timing",
    "save_song",
    "sm_text",
    "ssc_text",
]
