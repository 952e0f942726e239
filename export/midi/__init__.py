"""A song as a MIDI file for a sequencer."""

from export.midi.file import save_midi

__all__ = ["save_midi"]
