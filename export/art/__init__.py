"""A song's pictures for the game: from its cover, else drawn from its own spectrogram and name; and a pack's banner.

Arrays and texts in, the bytes of picture files out; where they are written, and what was heard, is not known here.
"""
