"""A song of clicks on beats, heard as the server hears it, and its charts."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from charter.notation import Chart, Difficulty, Note, NoteKind, Song, Timing

RATE = 44100
SECONDS = 20
BPM = 120.0
OFFSET = -0.5


@pytest.fixture(scope="session")
def click_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 s at 120 BPM from 0.5 s on: a click on every beat over a soft chord."""
    at = np.arange(SECONDS * RATE) / RATE
    samples = np.asarray(sum(0.05 * np.sin(2 * np.pi * hertz * at) for hertz in (110, 220, 277.18)))
    click = 0.8 * np.exp(-np.arange(800) / 120) * np.sign(np.sin(np.arange(800)))
    for beat in range(38):
        start = round((beat * 60 / BPM - OFFSET) * RATE)
        samples[start : start + 800] += click
    path = tmp_path_factory.mktemp("clicks") / "clicks.ogg"
    soundfile.write(path, samples.astype(np.float32), RATE, format="OGG", subtype="VORBIS")
    return path


@pytest.fixture(scope="session")
def song() -> Song:
    """A chart on every beat, with a hold, and one that is full of notes."""
    taps = [Note(48 * beat, beat % 4, NoteKind.TAP) for beat in range(8, 32)]
    hold = [Note(0, 0, NoteKind.HOLD), Note(96, 0, NoteKind.TAIL), Note(192, 2, NoteKind.MINE)]
    crowd = tuple(Note(tick, panel, NoteKind.TAP) for tick in range(0, 1824, 3) for panel in range(4))
    charts = (Chart(Difficulty.HARD, 8, (*hold, *taps)), Chart(Difficulty.CHALLENGE, 20, crowd))
    return Song(title="Clicks", timing=Timing.constant(BPM, OFFSET), charts=charts)
