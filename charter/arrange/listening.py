"""A recording as an arranger hears it: pitches, attacks, harmony and loudness, all by the slots of the song's grid."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from charter.arrange.attacks import HOP_SECONDS as ATTACK_HOP_SECONDS
from charter.arrange.attacks import Attacks, Band, hear_attacks
from charter.arrange.grid import SlotGrid
from charter.arrange.harmony import Harmony, find_harmony
from charter.arrange.pitch import HOP_SECONDS, LOWEST, PITCHES, hear_pitches
from charter.audio import Audio
from charter.audio.chroma import PITCH_CLASSES
from charter.notation import Timing

_AUDIBLE_DB, _SILENCE_DB = -32.0, -60.0  # below the song's loud passages; below full scale
_RISE_SECONDS = 0.06  # around a moment, over which a pitch is compared
_ATTACK_REACH_SECONDS = 0.018
_ROW_ATTACK = 1.0  # standard deviations that a chart's row adds: a person heard an attack there
_BASS_TOP, _CHORD_LOW, _CHORD_HIGH = 52, 48, 84  # MIDI
_LOUD_PERCENTILE = 95


@dataclass(frozen=True, eq=False)
class SlotSounds:
    """What is heard in each slot of a grid.

    pitches: (slots, PITCHES) activations; rises: (slots, PITCHES) how much each sets in at the slot's start
    attacks: (slots,) attacks of melodies at the slots' starts, bass_attacks: those of low notes; standard deviations
    gains: (slots,) loudness from 0 (silent) to 1 (as loud as the song gets)
    chord_presence: (stretches,) how much sounds in the middle register, about 1 at most
    by_band: the attacks in all bands, by their own frames
    """

    grid: SlotGrid
    pitches: NDArray[np.float32]
    rises: NDArray[np.float32]
    attacks: NDArray[np.float32]
    bass_attacks: NDArray[np.float32]
    gains: NDArray[np.float64]
    harmony: Harmony
    chord_presence: NDArray[np.float64]
    by_band: Attacks

    @property
    def audible(self) -> NDArray[np.bool_]:
        """(slots,) whether the music sounds at all."""
        return self.gains > 0


def listen(audio: Audio, timing: Timing, rows: Iterable[int]) -> SlotSounds:
    """Hear a recording on the grid of its timing. rows: ticks at which a chart has steps, and so attacks are likely."""
    grid = SlotGrid.of(timing, audio.duration)
    heard = hear_pitches(audio)
    by_band = hear_attacks(audio)
    starts = grid.edges[:-1]
    pitches = _means(heard.activations, starts, grid.edges[1:])
    after = _means(heard.activations, starts, starts + _RISE_SECONDS)
    before = _means(heard.activations, starts - _RISE_SECONDS, starts)
    gains = _gains(by_band, grid)
    pitches[gains == 0] = 0
    attacks = by_band.strongest((Band.VOICE, Band.CRACK), starts, _ATTACK_REACH_SECONDS)
    slots = grid.snapped(timing.seconds_at(list(rows)))
    attacks[np.unique(slots[slots >= 0])] += _ROW_ATTACK
    chroma, bass = _by_stretch(pitches, grid)
    presence = chroma.sum(axis=1)
    loud = np.percentile(presence, _LOUD_PERCENTILE) if len(presence) else 0.0
    return SlotSounds(
        grid=grid,
        pitches=pitches,
        rises=np.maximum(after - before, 0),
        attacks=attacks,
        bass_attacks=by_band.strongest((Band.LOW, Band.BODY), starts, _ATTACK_REACH_SECONDS),
        gains=gains,
        harmony=find_harmony(chroma, bass),
        chord_presence=presence / max(loud, 1e-9),
        by_band=by_band,
    )


def _means(frames: NDArray[np.float32], starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float32]:
    """Mean of frames between two times, (n, columns) of (n,) and (n,) seconds; nothing sounds outside the recording."""
    integral = np.concatenate([np.zeros((1, frames.shape[1])), np.cumsum(frames, axis=0, dtype=np.float64)])

    def integral_at(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        place = np.clip(seconds / HOP_SECONDS + 0.5, 0, len(frames))  # frame i covers [i, i + 1) of the integral
        low = np.minimum(place.astype(np.int64), len(frames) - 1)
        part = (place - low)[:, None]
        return np.asarray(integral[low] * (1 - part) + integral[low + 1] * part)

    total = integral_at(ends) - integral_at(starts)
    return np.asarray(total * HOP_SECONDS / (ends - starts)[:, None], dtype=np.float32)


def _gains(by_band: Attacks, grid: SlotGrid) -> NDArray[np.float64]:
    """Loudness of each slot, 0 to 1; 0 where the music is silent."""
    middles = (grid.edges[:-1] + grid.edges[1:]) / 2
    level = np.interp(middles, np.arange(len(by_band.loudness)) * ATTACK_HOP_SECONDS, by_band.loudness)
    loud = float(np.percentile(by_band.loudness, _LOUD_PERCENTILE))
    audible = (level > loud + _AUDIBLE_DB) & (level > _SILENCE_DB)
    return np.asarray(np.where(audible, np.minimum(10 ** ((level - loud) / 20), 1), 0.0))


def _by_stretch(pitches: NDArray[np.float32], grid: SlotGrid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean activation of each pitch class in each stretch of harmony, above and in the bass: two of (stretches, 12)."""
    numbers = np.arange(PITCHES) + LOWEST
    stretches = int(grid.harmonies[-1]) + 1
    sums = np.zeros((stretches, PITCHES))
    np.add.at(sums, grid.harmonies, pitches * grid.lengths[:, None])
    sums /= np.bincount(grid.harmonies, grid.lengths, stretches)[:, None]
    chroma, bass = np.zeros((stretches, PITCH_CLASSES)), np.zeros((stretches, PITCH_CLASSES))
    for column, number in enumerate(numbers):
        if _CHORD_LOW <= number <= _CHORD_HIGH:
            chroma[:, number % PITCH_CLASSES] += sums[:, column]
        if number <= _BASS_TOP:
            bass[:, number % PITCH_CLASSES] += sums[:, column]
    return chroma, bass
