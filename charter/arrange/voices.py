"""The melodic lines of an arrangement: lead, a second line, bass."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import percentile_filter

from charter.arrange.line import LineNote, Manners, follow
from charter.arrange.listening import SlotSounds
from charter.arrange.pitch import LOWEST, PITCHES
from charter.audio.chroma import PITCH_CLASSES
from export.chiptune.score import LOUDEST, Instrument, Tone

_LEAD = Manners(rest=0.22, start=1.9)
_SECOND = Manners(rest=0.25, start=1.5)
_BASS = Manners(rest=0.15, start=1.6, leap=0.02, far=0.02)
# How likely a line is at a pitch: MIDI numbers with weights, straight lines between them.
_LEAD_REGISTER = ((51, 0.0), (57, 0.6), (64, 0.95), (67, 1.0), (84, 1.0), (90, 0.75), (96, 0.5))
_SECOND_REGISTER = ((47, 0.0), (52, 0.8), (57, 1.0), (74, 1.0), (81, 0.8), (88, 0.0))
_BASS_REGISTER = ((24, 0.7), (28, 1.0), (43, 1.0), (50, 0.7), (57, 0.0))
# Weights of a note that is out of key, in key, in the chord, and the chord's root.
_FREE, _ROOTED = (0.7, 1.0, 1.1, 1.1), (0.5, 0.85, 1.0, 1.3)

# Points for a start: for each standard deviation of an attack, and for a pitch that rises by a loud note's strength.
_ATTACK_POINTS, _MOST_ATTACK, _RISE_POINTS = 0.4, 5.0, 1.2
_BASS_ATTACKS = 0.6  # share of an attack's points that is left to the bass
# A held bass is struck again where rise times attack exceeds this; how far apart, and at which divisions of the beat.
_RESTRIKE, _RESTRIKE_SECONDS, _RESTRIKE_COST = 0.2, 0.1, 0.1
# A line is as strong as its own voice gets, half over the song and half over what is around.
_LOUD_PERCENTILE, _LOCAL_SECONDS, _LOCAL_SHARE = 80, 6.0, 0.5
_SHORTEST_SECONDS = 0.06
_QUIETEST = 4
_GAP_SECONDS = 0.025  # between two notes of one pitch
_GAIN_POWER = 0.6  # between the song's dynamics and none: the chip has 15 steps of level


def lead_line(heard: SlotSounds) -> list[LineNote]:
    """The voice that a listener would sing."""
    strengths = _strengths(heard, _LEAD_REGISTER)
    return _without_blips(follow(strengths, _starts(heard, heard.attacks), heard.grid.lengths, _LEAD), heard)


def second_line(heard: SlotSounds, lead: list[LineNote]) -> list[LineNote]:
    """The strongest voice beside the lead."""
    strengths = _strengths(heard, _SECOND_REGISTER)
    for note in lead:
        # What is left of the lead in its octaves and its twelfth is no voice of its own.
        for step, left in ((0, 0.0), (12, 0.3), (-12, 0.3), (19, 0.5), (-1, 0.5), (1, 0.5)):
            if 0 <= note.pitch + step < PITCHES:
                strengths[note.first : note.end, note.pitch + step] *= left
    return _without_blips(follow(strengths, _starts(heard, heard.attacks), heard.grid.lengths, _SECOND), heard)


def bass_line(heard: SlotSounds) -> list[LineNote]:
    """The lowest voice: few pitches, struck again where they set in again."""
    strengths = _strengths(heard, _BASS_REGISTER, _ROOTED)
    # Kicks set in with every note and between; so attacks count for less, and repeats are found afterwards.
    starts = _starts(heard, heard.bass_attacks * _BASS_ATTACKS)
    line = _without_blips(follow(strengths, starts, heard.grid.lengths, _BASS), heard)
    return [part for note in line for part in _restruck(note, heard)]


def _restruck(note: LineNote, heard: SlotSounds) -> list[LineNote]:
    """A note, split where its pitch sets in again on the sixteenths."""
    edges, grid = heard.grid.edges, heard.grid
    parts = [note]
    for slot in range(note.first + 1, note.end):
        sets_in = heard.rises[slot, note.pitch] * min(float(heard.bass_attacks[slot]), _MOST_ATTACK) > _RESTRIKE
        apart = min(edges[slot] - edges[parts[-1].first], edges[note.end] - edges[slot]) >= _RESTRIKE_SECONDS
        if sets_in and apart and grid.costs[slot] <= _RESTRIKE_COST:
            parts[-1] = parts[-1]._replace(end=slot)
            parts.append(note._replace(first=slot))
    return parts


def tones(line: list[LineNote], heard: SlotSounds, instrument: Instrument) -> tuple[Tone, ...]:
    """A line as notes of a voice, as loud as the song is."""
    edges = heard.grid.edges
    voice = []
    for number, note in enumerate(line):
        start, end = float(edges[note.first]), float(edges[note.end])
        repeats = number + 1 < len(line) and line[number + 1].first == note.end and line[number + 1].pitch == note.pitch
        if repeats:  # the triangle has no attack: without a gap two notes of a pitch are one
            end -= min(_GAP_SECONDS, (end - start) / 4)
        pitches = (float(note.pitch + LOWEST),)
        voice.append(Tone(start, end, pitches, instrument, volume(heard, note.first, note.end)))
    return tuple(voice)


def volume(heard: SlotSounds, first: int, end: int) -> int:
    """How loud the chip plays what stands from one slot to another, 4 to 15."""
    gain = float(heard.gains[first:end].mean()) ** _GAIN_POWER
    return int(max(_QUIETEST, min(LOUDEST, round(LOUDEST * gain))))


def _register(points: tuple[tuple[int, float], ...]) -> NDArray[np.float32]:
    """Weights of all pitches, (PITCHES,); 0 beyond the first and last point if they are."""
    places, weights = zip(*points, strict=True)
    return np.asarray(np.interp(np.arange(PITCHES) + LOWEST, places, weights), dtype=np.float32)


def _strengths(
    heard: SlotSounds, register: tuple[tuple[int, float], ...], fits: tuple[float, float, float, float] = _FREE
) -> NDArray[np.float32]:
    """Activations weighted by register and harmony, (slots, PITCHES), about 1 for the loud notes of a few seconds."""
    strengths = heard.pitches * _register(register) * _fitting(heard, fits)
    top = strengths.max(axis=1)
    if not top.any():
        return strengths
    overall = float(np.percentile(top[top > 0], _LOUD_PERCENTILE))
    around = percentile_filter(top, _LOUD_PERCENTILE, round(_LOCAL_SECONDS / float(heard.grid.lengths.mean())))
    return np.asarray(strengths / (_LOCAL_SHARE * around + (1 - _LOCAL_SHARE) * overall)[:, None], dtype=np.float32)


def _fitting(heard: SlotSounds, fits: tuple[float, float, float, float]) -> NDArray[np.float32]:
    """Weights by key and chord, (slots, PITCHES): a strong note out of key is played, a weak one is not."""
    out_of_key, in_key, in_chord, root = fits
    by_stretch = np.empty((len(heard.harmony.chords), PITCH_CLASSES), dtype=np.float32)
    by_stretch[:] = np.where(heard.harmony.in_key, in_key, out_of_key)
    for weights, chord in zip(by_stretch, heard.harmony.chords, strict=True):
        weights[list(chord)] = in_chord
        weights[chord[0]] = root
    return by_stretch[:, (np.arange(PITCHES) + LOWEST) % PITCH_CLASSES][heard.grid.harmonies]


def _starts(heard: SlotSounds, attacks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points for a note of each pitch to start in each slot, (slots, PITCHES)."""
    points = _ATTACK_POINTS * np.clip(attacks, 0, _MOST_ATTACK) - heard.grid.costs
    return np.asarray(points[:, None] + _RISE_POINTS * np.minimum(heard.rises, 1), dtype=np.float32)


def _without_blips(line: list[LineNote], heard: SlotSounds) -> list[LineNote]:
    """A line without notes too short to be heard as such; the note before one holds over it."""
    edges = heard.grid.edges
    kept: list[LineNote] = []
    for note in line:
        if edges[note.end] - edges[note.first] >= _SHORTEST_SECONDS:
            kept.append(note)
        elif kept and kept[-1].end == note.first:
            kept[-1] = kept[-1]._replace(end=note.end)
    return kept
