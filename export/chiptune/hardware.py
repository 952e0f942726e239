"""The consoles that a 2A03 (or its PAL sister, the 2A07) stands in: clocks and frames."""

from enum import Enum


class Region(Enum):
    """A television standard; its value names it on the command line."""

    NTSC = "ntsc"
    PAL = "pal"

    @property
    def clock(self) -> float:
        """CPU cycles a second."""
        # NTSC: the master crystal of 236.25 / 11 MHz by 12; PAL: 26.6017125 MHz by 16.
        return 236.25e6 / 11 / 12 if self is Region.NTSC else 26.6017125e6 / 16

    @property
    def frame_cycles(self) -> float:
        """CPU cycles from one picture to the next, at which a program usually serves the chip."""
        return 29780.5 if self is Region.NTSC else 33247.5

    @property
    def frame_seconds(self) -> float:
        """Seconds from one picture to the next."""
        return self.frame_cycles / self.clock
