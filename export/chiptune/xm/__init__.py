"""FastTracker II modules: the tune as patterns of notes and the chip's sounds as samples, for any tracker to edit."""

from export.chiptune.xm.module import xm_bytes

__all__ = ["xm_bytes"]
