"""The form of a song: which of its passages are alike, where a new one begins, and which one people want to hear."""
