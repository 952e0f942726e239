"""The preview windows that people gave to their songs, told from those that a program put there."""

from charter.notation import TICKS_PER_BEAT, PreviewWindow, Timing

_DEFAULT_SECONDS = 12.0  # what the game and its editors write where nobody chose
_DEFAULT_BEAT = 100  # where they let it begin
_DEFAULT_STARTS = (30.0, 100.0)  # and where other tools do, in seconds
# The default start was often computed before the timing was mended.
_NEAR_DEFAULT_BEAT, _NEAR_DEFAULT_START = 2.0, 0.1  # seconds
_FIRST_SECONDS = 0.1
_BEYOND_SECONDS = 0.1


def is_chosen(preview: PreviewWindow | None, timing: Timing, duration: float) -> bool:
    """Whether a person chose this window, of a song with this timing and ``duration`` seconds of audio.

    Not chosen are windows at the very start, empty ones, those that reach beyond the audio, and the defaults of the
    game and its editors: 12 seconds from beat 100, or from a round second, on.
    """
    if preview is None or preview.length <= 0 or preview.start <= _FIRST_SECONDS:
        return False
    if preview.start + preview.length > duration + _BEYOND_SECONDS:
        return False
    if preview.length != _DEFAULT_SECONDS:
        return True
    default = float(timing.seconds_at(_DEFAULT_BEAT * TICKS_PER_BEAT))
    near_constant = any(abs(preview.start - start) < _NEAR_DEFAULT_START for start in _DEFAULT_STARTS)
    return abs(preview.start - default) >= _NEAR_DEFAULT_BEAT and not near_constant
