"""Chords as the chip plays them: arpeggios a frame to the note, struck in the song's rhythm."""

import numpy as np

from charter.arrange.listening import SlotSounds
from charter.arrange.voices import volume
from charter.audio.chroma import PITCH_CLASSES
from charter.notation import TICKS_PER_BEAT
from export.chiptune.instruments import CHORD
from export.chiptune.score import Tone

_LEAST_PRESENCE = 0.2
_STRUCK = 1.5  # standard deviations of an attack that strikes the chord anew
_SPACING_SECONDS = 0.12
_LOWEST = 57  # MIDI, of an arpeggio's notes: below the lead, above the bass


def chord_strikes(heard: SlotSounds) -> list[tuple[int, int]]:
    """Stretches of slots, each one strike of a chord: at changes of chord, and at attacks on the eighths between."""
    grid = heard.grid
    presence = heard.chord_presence[grid.harmonies]
    sounding = heard.audible & (presence >= _LEAST_PRESENCE)
    changes = np.diff(grid.harmonies, prepend=-1) > 0
    eighth = np.abs(grid.ticks / (TICKS_PER_BEAT // 2) - np.round(grid.ticks / (TICKS_PER_BEAT // 2))) < 1e-3
    turns = changes | (np.diff(sounding, prepend=False) != 0)
    strikes: list[int] = []
    for slot in np.flatnonzero(turns | (eighth & (heard.attacks >= _STRUCK))).tolist():
        if turns[slot] or grid.edges[slot] - grid.edges[strikes[-1]] >= _SPACING_SECONDS:
            strikes.append(slot)
    ends = [*strikes[1:], len(sounding)]
    return [(first, end) for first, end in zip(strikes, ends, strict=True) if sounding[first]]


def chord_tone(heard: SlotSounds, first: int, end: int) -> Tone:
    """The chord of a stretch of slots, in close position."""
    chord = heard.harmony.chords[int(heard.grid.harmonies[first])]
    pitches = sorted(_LOWEST + (note - _LOWEST) % PITCH_CLASSES for note in chord)
    edges = heard.grid.edges
    return Tone(
        start=float(edges[first]),
        end=float(edges[end]),
        pitches=tuple(map(float, pitches)),
        instrument=CHORD,
        volume=volume(heard, first, end),
    )
