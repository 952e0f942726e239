"""Sound: files decoded and written, features for networks and pictures, and where in a recording the music is.

Seconds, samples and frames live here; beats, charts and networks are not known.
"""

from charter.audio.decode import Audio, decode
from charter.audio.loudness import AudibleSpan, audible_span

__all__ = ["AudibleSpan", "Audio", "audible_span", "decode"]
