"""FastTracker II modules: the tune as patterns of notes and the chip's sounds as samples, for any tracker to edit."""

from export.chiptune.xm.module import check_fits, xm_bytes

__all__ = ["check_fits", "xm_bytes"]
