"""A song to try charter on: composed for it, played by plain additive synthesis, the same on every run.

    python -m examples.song song.ogg

It is in A minor: intro, verse, chorus, break, chorus and an ending that fades. Its timing is known exactly.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

from examples.voices import SAMPLE_RATE, Sound, hertz_of, kick, noise, snare, tone

TITLE = "Four Panels at Dawn"
ARTIST = "charter"
SUFFIXES = (".ogg", ".wav")
BPM = 138.0
FIRST_BEAT_SECONDS = 0.25

_EIGHTH = 30 / BPM
_BAR = 8 * _EIGHTH
_TAIL_SECONDS = 3.0
_PEAK = 0.89
_CHORDS = {"Am": "A3 C4 E4", "F": "A3 C4 F4", "C": "G3 C4 E4", "G": "G3 B3 D4", "Em": "G3 B3 E4", "E": "G#3 B3 E4"}
_ROOTS = {"Am": "A1", "F": "F1", "C": "C2", "G": "G1", "Em": "E1", "E": "E1"}


class Section(NamedTuple):
    """A passage of whole bars.

    chords: one a bar; melody: notes (``-`` rests), each with its length in eighths
    kick, snare, hat, bass: what repeats in every bar, a character each 16th; ``x`` strikes, ``o`` rings
    lead, chord: gains
    """

    name: str
    chords: str
    melody: str
    kick: str
    snare: str
    hat: str
    bass: str
    lead: float
    chord: float

    @property
    def bars(self) -> int:
        """Its length in bars."""
        return len(self.chords.split())


_HOOK = (
    "A4 3 C5 3 F5 2  G5 3 F5 1 D5 2 B4 2  E5 3 D5 1 E5 2 G5 2  A5 4 E5 2 C5 2  A4 3 C5 3 F5 2  G5 3 A5 1 B5 2 G5 2  "
)
_RIFF = "A4 1 - 1 C5 1 B4 1 - 1 A4 1 E4 2  A4 1 - 1 C5 1 B4 1 - 1 A4 1 F4 2  G4 1 - 1 C5 1 "
_OFF, _FOUR, _BACK = "." * 16, "x...x...x...x...", "....x.......x..."
_DRIVE, _OPEN = "..x...x...x...x.", "x.o.x.o.x.o.x.oo"

SECTIONS = (
    Section("intro", "Am F C G", "A4 2 C5 2 E5 4  A4 2 C5 2 F5 4  G4 2 C5 2 E5 4  D5 2 B4 2 G4 4",
            "x.......x.......", _OFF, "....x.......x...", _OFF, 0.6, 0.7),
    Section("verse", "Am F C G Am F C G",
            _RIFF + "B4 1 - 1 C5 1 E5 2  D5 3 B4 1 G4 2 B4 2  " + _RIFF + "D5 1 - 1 E5 1 G5 2  D5 2 E5 2 F5 2 G5 2",
            "x.......x.x.....", _BACK, "x.x.x.x.x.x.x.x.", "x..x..x.x..x..x.", 0.65, 0.6),
    Section("chorus", "F G Em Am F G C E", _HOOK + "C6 3 B5 1 G5 2 E5 2  G#5 4 B5 2 E5 2",
            _FOUR, _BACK, _OPEN, _DRIVE, 0.85, 0.75),
    Section("break", "F C Am E", "C5 4 A4 4  G4 4 E5 4  C5 4 A4 4  B4 4 G#4 4",
            "x...............", _OFF, _OFF, _OFF, 0.7, 0.8),
    Section("chorus", "F G Em Am F G Am Am", _HOOK + "C6 3 B5 1 A5 2 E5 2  A5 6 - 2",
            _FOUR, _BACK, _OPEN, "..xx..xx..xx..xx", 0.95, 0.8),
    Section("ending", "F G Am Am", "A4 3 C5 3 F5 2  G5 3 D5 3 B4 2  A4 8  - 8",
            "x.......x.......", _OFF, "....x.......x...", _OFF, 0.65, 0.75),
)  # fmt: skip


def render() -> Sound:
    """The song, (frames, 2) at SAMPLE_RATE, below full scale; beat 0 is at FIRST_BEAT_SECONDS."""
    bars = sum(section.bars for section in SECTIONS)
    shape = (round((FIRST_BEAT_SECONDS + bars * _BAR + _TAIL_SECONDS) * SAMPLE_RATE), 2)
    drums, tonal, lead = (np.zeros(shape, np.float32) for _ in range(3))
    start = FIRST_BEAT_SECONDS
    for section in SECTIONS:
        _play_drums(drums, section, start)
        _play_chords(tonal, section, start)
        _play_melody(lead, section, start)
        start += section.bars * _BAR
    mix = drums + tonal * _ducking(shape[0])[:, None] + _echoed(lead)
    fade_from = round((start - 2 * _BAR) * SAMPLE_RATE)
    mix[fade_from:] *= np.linspace(1, 0, shape[0] - fade_from, dtype=np.float32)[:, None] ** 2
    mix = np.tanh(mix)
    return np.asarray(mix * (_PEAK / np.abs(mix).max()), dtype=np.float32)


def _play_drums(bus: Sound, section: Section, start: float) -> None:
    """Kick, snare and hat, with a crash where the section is loud and a roll into the section after it."""
    if section.snare != _OFF:
        _add(bus, noise(1.6, decay=3, bright=True) * 0.22, start, pan=0.2)
    for bar in range(section.bars):
        for step in range(16):
            at = start + bar * _BAR + step * _EIGHTH / 2
            if section.kick[step] == "x":
                _add(bus, kick() * 0.95, at)
            if section.snare[step] == "x":
                _add(bus, snare() * 0.6, at, pan=-0.05)
            if section.hat[step] != ".":
                ring = 14 if section.hat[step] == "o" else 55
                _add(bus, noise(0.25, decay=ring, bright=True) * (0.2 if step % 4 else 0.3), at, pan=0.35)
    if section.name in ("intro", "verse", "break"):
        steps = 16 if section.name == "break" else 4
        for step in range(steps):
            at = start + section.bars * _BAR - (steps - step) * _EIGHTH / 2
            _add(bus, snare() * (0.15 + 0.4 * step / steps), at, pan=0.15)


def _play_chords(bus: Sound, section: Section, start: float) -> None:
    """A held chord left and right in every bar, struck off the beat where the bass drives, and the bass."""
    for bar, chord in enumerate(section.chords.split()):
        at = start + bar * _BAR
        notes = [hertz_of(note) for note in _CHORDS[chord].split()]
        for hertz in notes:
            for pan, detune in ((-0.9, 0.997), (0.9, 1.003)):
                _add(bus, tone(hertz * detune, _BAR, 1.0, 0.02) * (0.13 * section.chord), at, pan=pan)
        if section.hat == _OPEN:
            for beat in range(4):
                for hertz in notes:
                    stab = tone(hertz * 2, _EIGHTH * 0.7, 1.0, 0.003) * (0.1 * section.chord)
                    _add(bus, stab, at + (2 * beat + 1) * _EIGHTH, pan=-0.6 + 0.4 * beat)
        for step in range(16):
            if section.bass[step] == "x":
                _add(bus, tone(hertz_of(_ROOTS[chord]), _EIGHTH * 0.9, 1.3, 0.004) * 0.3, at + step * _EIGHTH / 2)


def _play_melody(bus: Sound, section: Section, start: float) -> None:
    """The lead: two detuned voices, half left and half right."""
    words = section.melody.split()
    for note, eighths in zip(words[::2], map(int, words[1::2]), strict=True):
        if note != "-":
            for pan, detune in ((-0.5, 0.9985), (0.5, 1.0015)):
                voice = tone(hertz_of(note) * detune, eighths * _EIGHTH * 0.95, 0.75, 0.006)
                _add(bus, voice * (0.2 * section.lead), start, pan=pan)
        start += eighths * _EIGHTH


def _ducking(frames: int) -> Sound:
    """A gain, (frames,), that makes room for the kick at every beat."""
    beats = (np.arange(frames) / SAMPLE_RATE - FIRST_BEAT_SECONDS) / (2 * _EIGHTH) % 1
    return np.asarray(1 - 0.45 * np.exp(-beats * 7), dtype=np.float32)


def _echoed(bus: Sound) -> Sound:
    """The bus with three dotted-eighth echoes that change sides."""
    wet, delay = bus.copy(), round(1.5 * _EIGHTH * SAMPLE_RATE)
    for echo in (1, 2, 3):
        wet[echo * delay :] += bus[: -echo * delay, ::-1] * 0.3**echo
    return wet


def _add(bus: Sound, sound: Sound, at: float, *, pan: float = 0.0) -> None:
    """Put a mono sound on a stereo bus, its start at ``at`` seconds; pan from -1 (left) to 1, of constant power."""
    first = round(at * SAMPLE_RATE)
    sound = sound[: len(bus) - first]
    angle = (pan + 1) * np.pi / 4
    bus[first : first + len(sound), 0] += sound * np.float32(np.cos(angle))
    bus[first : first + len(sound), 1] += sound * np.float32(np.sin(angle))


def write(path: Path) -> None:
    """Render into a sound file; its suffix, of `SUFFIXES`, names the format."""
    path.parent.mkdir(parents=True, exist_ok=True)
    song = render()
    with soundfile.SoundFile(path, "w", SAMPLE_RATE, channels=2) as file:
        file.title, file.artist = TITLE, ARTIST
        # Second by second: libsndfile's Vorbis encoder overflows its stack on one write of minutes.
        for start in range(0, len(song), SAMPLE_RATE):
            file.write(song[start : start + SAMPLE_RATE])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=f"Write {TITLE!r} to a sound file.")
    parser.add_argument("out", type=Path, metavar="OUT", help="a file name that ends in .ogg or .wav")
    asked = parser.parse_args()
    if asked.out.suffix.lower() not in SUFFIXES:
        parser.error(f"{asked.out}: a song is written as {' or '.join(SUFFIXES)}; what is the file's name?")
    write(asked.out)
