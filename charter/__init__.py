"""charter: a song goes in, a rhythm-game chart set comes out."""

__version__ = "0.7.0"
