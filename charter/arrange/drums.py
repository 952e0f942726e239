"""Kicks, snares and hats: attacks of a band each, told apart by the bands that set in with them."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from charter.arrange.attacks import HOP_SECONDS, Band
from charter.arrange.listening import SlotSounds

_SPACING_SECONDS = 0.05
_TOGETHER_SECONDS = 0.02  # attacks of one drum in several bands
# Least height of a peak, in standard deviations, and as a share of the song's own strong ones.
_KICK_PEAK, _SNARE_PEAK, _HAT_PEAK = (2.5, 0.5), (2.2, 0.5), (1.0, 0.15)
# A kick sweeps down through the low bands and clicks; a bass note sets in at its own pitch only.
_KICK_WEIGHTS = {Band.LOW: 0.25, Band.BODY: 1.0, Band.VOICE: 0.25}
_STRONG_PERCENTILE = 90
_RING_SECONDS = (0.06, 0.16)  # after an attack, where an open hat still sounds
_RING_SHARE = 0.75


class DrumKind(IntEnum):
    """A drum of the kit."""

    KICK = 0
    SNARE = 1
    HAT = 2
    OPEN_HAT = 3


class DrumHit(NamedTuple):
    """A drum that is struck at the start of a slot."""

    slot: int
    kind: DrumKind


def find_drums(heard: SlotSounds) -> list[DrumHit]:
    """The drums of a song by slot; no drum twice in a slot."""
    flux = heard.by_band.flux
    together = _wide(flux)
    thump = sum(weight * together[:, band] for band, weight in _KICK_WEIGHTS.items())
    rattle = np.minimum(together[:, Band.CRACK] + 1, together[:, Band.AIR])
    kicks = _peaks(np.asarray(thump), *_KICK_PEAK)
    snares = _peaks(rattle, *_SNARE_PEAK)
    hats = _peaks(flux[:, Band.AIR], *_HAT_PEAK)
    hits = set()
    for kind, frames in ((DrumKind.KICK, kicks), (DrumKind.SNARE, snares), (DrumKind.HAT, hats)):
        slots = heard.grid.snapped(np.asarray(frames * HOP_SECONDS, dtype=np.float64))
        for slot, frame in zip(slots.tolist(), frames.tolist(), strict=True):
            if slot >= 0 and heard.audible[slot]:
                rings = kind is DrumKind.HAT and _rings(heard.by_band.levels[:, Band.AIR], frame)
                hits.add(DrumHit(slot, DrumKind.OPEN_HAT if rings else kind))
    return sorted(hits)


def _wide(flux: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each band's strongest attack about each frame."""
    reach = round(_TOGETHER_SECONDS / HOP_SECONDS / 2)
    padded = np.pad(flux, ((reach, reach), (0, 0)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=0).max(axis=-1))


def _peaks(flux: NDArray[np.float32], least: float, share: float) -> NDArray[np.int64]:
    """Frames of the attacks of one band that stand out."""
    peaks, found = find_peaks(flux, height=least, distance=round(_SPACING_SECONDS / HOP_SECONDS))
    if not len(peaks):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(peaks[found["peak_heights"] > share * np.percentile(found["peak_heights"], _STRONG_PERCENTILE)])


def _rings(levels: NDArray[np.float32], frame: int) -> bool:
    """Whether a hat is still loud a while after it was struck."""
    first, last = (frame + round(seconds / HOP_SECONDS) for seconds in _RING_SECONDS)
    top = float(levels[frame : frame + 6].max())
    after = levels[first:last]
    return bool(len(after)) and float(after.mean()) > _RING_SHARE * top
