"""The key of a song and the chord of each half bar."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.audio.chroma import PITCH_CLASSES

# Temperley's revision of Krumhansl and Kessler's profiles (Music Perception 17(1), 1999): C major and C minor.
_MAJOR = (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0)
_MINOR = (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0)
_SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10, 11))  # major; minor with both its sevenths
_TRIADS = ((0, 4, 7), (0, 3, 7))
_SHAPES = tuple((root, triad) for triad in _TRIADS for root in range(PITCH_CLASSES))
_CHANGE = 0.08  # what another chord costs, in cosines
_IN_KEY = 0.04  # what a chord of the key's own notes gains
_BASS = 0.25  # what the bass on its root gains a chord


class Harmony(NamedTuple):
    """A song's key and its chords.

    in_key: (12,) whether a pitch class belongs to the key; C is 0
    chords: for each stretch the pitch classes of its chord, root first
    """

    in_key: NDArray[np.bool_]
    chords: list[tuple[int, ...]]


def find_harmony(chroma: NDArray[np.floating], bass: NDArray[np.floating]) -> Harmony:
    """Key and chords of a song.

    chroma, bass: (stretches, 12) how much of each pitch class sounds above and in the bass; empty stretches are zeros
    """
    in_key = _key(chroma.sum(axis=0) + bass.sum(axis=0))
    shapes = np.zeros((len(_SHAPES), PITCH_CLASSES))
    roots = np.zeros((len(_SHAPES), PITCH_CLASSES))
    for number, (root, triad) in enumerate(_SHAPES):
        shapes[number, _notes(root, triad)] = (1.0, 0.9, 0.9)
        roots[number, root] = 1.0
    shapes /= np.linalg.norm(shapes, axis=1, keepdims=True)
    fits = _unit(chroma) @ shapes.T + _BASS * (_unit(bass) @ roots.T)
    fits += _IN_KEY * np.array([in_key[_notes(root, triad)].all() for root, triad in _SHAPES])
    return Harmony(in_key, [tuple(_notes(root, triad)) for root, triad in _best(fits)])


def _notes(root: int, triad: tuple[int, ...]) -> list[int]:
    """The pitch classes of a chord."""
    return [(root + step) % PITCH_CLASSES for step in triad]


def _key(totals: NDArray[np.floating]) -> NDArray[np.bool_]:
    """The notes of the key whose profile goes best with how much each pitch class sounds, (12,)."""
    best, in_key = -np.inf, np.ones(PITCH_CLASSES, dtype=np.bool_)
    if totals.std() < 1e-9:
        return in_key
    for profile, scale in zip((_MAJOR, _MINOR), _SCALES, strict=True):
        for tonic in range(PITCH_CLASSES):
            likeness = float(np.corrcoef(np.roll(profile, tonic), totals)[0, 1])
            if likeness > best:
                best = likeness
                in_key = np.isin(np.arange(PITCH_CLASSES), [(tonic + step) % PITCH_CLASSES for step in scale])
    return in_key


def _unit(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float64)


def _best(fits: NDArray[np.float64]) -> list[tuple[int, tuple[int, ...]]]:
    """The chords, (root, triad) for each stretch, that fit best and change seldom."""
    if not len(fits):
        return []
    stays = np.arange(fits.shape[1])
    best, sources = fits[0], []
    for fit in fits[1:]:
        moved = best.max() - _CHANGE
        sources.append(np.where(best >= moved, stays, int(best.argmax())))
        best = np.maximum(best, moved) + fit
    path = [int(best.argmax())]
    for source in reversed(sources):
        path.append(int(source[path[-1]]))
    return [_SHAPES[number] for number in reversed(path)]
