"""Things to try charter on, made by our own code."""
