"""Things to try charter on, made by our own code: a song, and a picture of any chart. No part of what is installed."""
