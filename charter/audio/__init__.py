"""Sound: decoding any audio file to mono samples, and where in it the music is."""

from charter.audio.decode import Audio, decode
from charter.audio.loudness import AudibleSpan, audible_span

__all__ = ["AudibleSpan", "Audio", "audible_span", "decode"]
