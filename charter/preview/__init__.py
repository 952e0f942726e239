"""A chart file as something to listen to: its song as a chip tune, its steps alone, or the song with ticks on them."""
