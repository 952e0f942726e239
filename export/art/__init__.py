"""A song's pictures for the game: from its cover, else drawn from its own spectrogram and name; and a pack's banner."""
