"""A score's instruments as a module's: waves, volume envelope, vibrato."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from export.chiptune.hardware import Region
from export.chiptune.score import LOUDEST, VIBRATO_DELAY_SECONDS, VIBRATO_HZ, Drum, Duty, Instrument, Sample
from export.chiptune.xm.waves import Waves, drum_waves, pulse_waves, triangle_waves

FULL_VOLUME = 64
_MOST_POINTS = 12
_VIBRATO_CYCLE = 256  # what a module's vibrato rate counts to
_VIBRATO_SEMITONE = 64
_DEEPEST_VIBRATO = 15


class Envelope(NamedTuple):
    """Points of (the module's ticks from a note's start, volume 0 to 64), straight lines between; the last is held."""

    points: tuple[tuple[int, int], ...]


class Vibrato(NamedTuple):
    """A module's vibrato. sweep: ticks until full depth; depth: 64ths of a semitone; rate: 256ths of a cycle a tick."""

    sweep: int = 0
    depth: int = 0
    rate: int = 0


class TunedSound(NamedTuple):
    """What an instrument of the module plays: a pulse's or the triangle's, tuned by cents, or a drum or a sample."""

    sound: Instrument | Drum | Sample
    triangle: bool = False
    cents: float = 0.0


class XmInstrument(NamedTuple):
    """An instrument as the file has it."""

    name: str
    waves: Waves
    envelope: Envelope | None = None
    vibrato: Vibrato = Vibrato()


def instrument_of(voice: TunedSound, tick_seconds: float) -> XmInstrument:
    """A score's sound, with its course in ticks of about so many seconds."""
    sound = voice.sound
    if not isinstance(sound, Instrument):
        return XmInstrument("drum" if isinstance(sound, Drum) else "sample", drum_waves(sound))
    waves = triangle_waves(voice.cents) if voice.triangle else pulse_waves(sound.duty, voice.cents)
    volumes = [LOUDEST * (volume > 0) for volume in sound.volumes] if voice.triangle else sound.volumes
    name = "triangle" if voice.triangle else f"pulse {Duty(sound.duty).name.lower().replace('_', ' ')}"
    return XmInstrument(name, waves, _envelope(volumes, tick_seconds), _vibrato(sound.vibrato, tick_seconds))


def _envelope(volumes: Sequence[int], tick_seconds: float) -> Envelope:
    """Volumes, a frame each, as at most 12 points: the least needed ones left out."""
    frames = Region.NTSC.frame_seconds / tick_seconds
    ticks = np.unique(np.rint(np.arange(len(volumes)) * frames).astype(int))
    levels = np.interp(ticks / frames, np.arange(len(volumes)), volumes) * FULL_VOLUME / LOUDEST
    kept = list(range(len(ticks)))
    while len(kept) > 2:
        # What each point between two others adds to the straight line between these.
        x, y = ticks[kept], levels[kept]
        line = y[:-2] + (y[2:] - y[:-2]) * (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])
        missed = np.abs(y[1:-1] - line)
        least = int(np.argmin(missed))
        if missed[least] > 0.5 and len(kept) <= _MOST_POINTS:
            break
        del kept[least + 1]
    return Envelope(tuple((int(ticks[i]), round(float(levels[i]))) for i in kept))


def _vibrato(semitones: float, tick_seconds: float) -> Vibrato:
    if not semitones:
        return Vibrato()
    return Vibrato(
        sweep=min(round(VIBRATO_DELAY_SECONDS / tick_seconds), 255),
        depth=min(round(semitones * _VIBRATO_SEMITONE), _DEEPEST_VIBRATO),
        rate=round(VIBRATO_HZ * tick_seconds * _VIBRATO_CYCLE),
    )
