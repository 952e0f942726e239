"""A sound as a stream of blocks: a passage of it, and short sounds laid over it."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class PlacedSound(NamedTuple):
    """A mono sound, (n,), whose first sample falls on frame ``frame`` of another."""

    frame: int
    sound: NDArray[np.float32]


def overlaid(blocks: Iterable[NDArray[np.float32]], sounds: Sequence[PlacedSound]) -> Iterator[NDArray[np.float32]]:
    """The blocks, (frames, channels) each, with the sounds added to all their channels.

    sounds: by frame; what of them reaches beyond the last block is left out
    """
    first = at = 0
    for block in blocks:
        end = at + len(block)
        mixed = block.copy()
        while first < len(sounds) and sounds[first].frame + len(sounds[first].sound) <= at:
            first += 1
        for frame, sound in sounds[first:]:
            if frame >= end:
                break
            start = max(frame, at)
            piece = sound[start - frame : end - frame]
            mixed[start - at : start - at + len(piece)] += piece[:, None]
        yield mixed
        at = end


def passage(blocks: Iterable[NDArray[np.float32]], start: int, end: int | None) -> Iterator[NDArray[np.float32]]:
    """Of a sound in blocks, (frames, …) each, the frames from ``start`` up to ``end``; no later block is asked for."""
    at = 0
    end = sys.maxsize if end is None else end
    for block in blocks:
        piece = block[max(start - at, 0) : max(end - at, 0)]
        at += len(block)
        if len(piece):
            yield piece
        if at >= end:
            return
