"""Where a recording's music starts, where it pauses, and where it has faded."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.audio.decode import Audio

_BLOCK_SECONDS = 0.02  # a whole period of the lowest bass note, and finer than anyone hears a start
_LOUD_PERCENTILE = 95
_AUDIBLE_RATIO = 10 ** (-40 / 20)  # beside its loud passages, a fade or the hiss before a song is gone at -40 dB
_SILENCE = 10 ** (-70 / 20)  # below the noise floor of a tape, whatever the song's own level
_LONGEST_GAP_SECONDS = 1.0  # sounds further apart than two beats of a slow song are not one passage
_BLOCKS_AT_A_TIME = 10_000
_SHORTEST_PASSAGE_SECONDS = 0.25  # audible time; a click with its ring is shorter, a count-in of four sticks longer


class AudibleSpan(NamedTuple):
    """From the first sound of the music to the end of its fade, in seconds of the audio."""

    start: float
    end: float


def audible_span(audio: Audio) -> AudibleSpan | None:
    """Where the music is heard, or None in silence.

    A click that stands alone before or after the music does not count; pauses within the music do not end it.
    """
    music = [passage for passage in _passages(audio) if len(passage) * _BLOCK_SECONDS >= _SHORTEST_PASSAGE_SECONDS]
    if not music:
        return None
    block = _block(audio) / audio.rate
    return AudibleSpan(float(music[0][0]) * block, min(float(music[-1][-1] + 1) * block, audio.duration))


def silences(audio: Audio) -> NDArray[np.float64]:
    """Stretches of over a second in which nothing is heard, (n, 2): seconds from the last sound to the next."""
    block = _block(audio) / audio.rate
    between = [((before[-1] + 1) * block, behind[0] * block) for before, behind in pairwise(_passages(audio))]
    return np.array(between, dtype=np.float64).reshape(-1, 2)


def _passages(audio: Audio) -> list[NDArray[np.int64]]:
    """The audible blocks, those of one passage together; none in silence."""
    levels = _block_rms(audio.samples, _block(audio))
    levels_heard = levels[levels > _SILENCE]
    if not levels_heard.size:
        return []
    threshold = max(_SILENCE, _AUDIBLE_RATIO * float(np.percentile(levels_heard, _LOUD_PERCENTILE)))
    audible = np.flatnonzero(levels > threshold)
    breaks = np.flatnonzero(np.diff(audible) > _LONGEST_GAP_SECONDS / _BLOCK_SECONDS) + 1
    return np.split(audible, breaks)


def _block(audio: Audio) -> int:
    return max(1, round(_BLOCK_SECONDS * audio.rate))


def _block_rms(samples: NDArray[np.float32], block: int) -> NDArray[np.float64]:
    """Root mean square of each ``block`` samples, (blocks,); the last block may be shorter."""
    if not len(samples):
        return np.zeros(0)
    parts = []
    for start in range(0, len(samples), _BLOCKS_AT_A_TIME * block):  # squares of an hour at once would fill memory
        squares = np.square(samples[start : start + _BLOCKS_AT_A_TIME * block], dtype=np.float64)
        starts = np.arange(0, len(squares), block)
        parts.append(np.add.reduceat(squares, starts) / np.diff(starts, append=len(squares)))
    return np.sqrt(np.concatenate(parts))
