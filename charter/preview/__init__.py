"""A chart file as something to listen to: its song as a chip tune, its steps alone, or the song with ticks on them.

Which part is played and where it is written is decided here; arranging is `arrange`'s, the chip `export.chiptune`'s.
"""
