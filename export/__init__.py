"""Files of other programs, from a `Song` and back: StepMania simfiles; beatmaps of osu! and Quaver, MIDI, pictures and
chip tunes one way. Knows `charter.notation`, and how to write a file whole; nothing else of ours.
"""
