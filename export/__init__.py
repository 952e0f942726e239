"""Files of other programs, from a `Song` and back: StepMania simfiles; beatmaps of osu! and Quaver, MIDI, pictures and
chip tunes one way. Knows `charter.notation`, and how to write a file whole; nothing else of ours.

A format of several modules is a folder; what formats share (`presses`, `stretches`, `texts`, `names`) stands beside
them, and `formats` is the list of them by name.
"""
