"""The arranger: hears pitches, chords and drums in a recording, and writes them down for a chip of five voices.

An `Audio` and its Timing in, an `export.chiptune` Score out; no network takes part, and no sound is made here.
"""

from charter.arrange.cover import cover

__all__ = ["cover"]
