"""The arranger: hears pitches, chords and drums in a recording, and writes them down for a chip of five voices."""

from charter.arrange.cover import cover

__all__ = ["cover"]
