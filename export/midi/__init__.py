"""A song as a MIDI file for a sequencer; `timeline` has all that MIDI's clock cannot say as it is."""

from export.midi.file import save_midi

__all__ = ["save_midi"]
