"""Quaver maps that we write, as YAML with the fields and types of Quaver's own classes."""

import dataclasses

import numpy as np
import pytest
import yaml
from hypothesis import given, settings

from charter.errors import ChartError
from charter.notation import Chart, Note, Pause, Song, Span, Timing
from export.presses import pressed
from export.quaver import qua_text
from tests.export.songs import HOLD, ROLL, TAIL, TAP, full_song, songs

# Of Quaver.API: Maps/Qua.cs and Maps/Structures.
FIELDS = {
    **dict.fromkeys(("AudioFile", "BackgroundFile", "BannerFile", "Mode", "Title", "Artist", "Source", "Tags"), str),
    **dict.fromkeys(("Creator", "DifficultyName", "Description", "Genre"), str),
    **dict.fromkeys(("SongPreviewTime", "MapId", "MapSetId"), int),
    **dict.fromkeys(("EditorLayers", "CustomAudioSamples", "SoundEffects"), list),
    **dict.fromkeys(("TimingPoints", "SliderVelocities", "HitObjects"), list),
    "BPMDoesNotAffectScrollVelocity": bool,
    "InitialScrollVelocity": float,
}
POINT = {"StartTime": float, "Bpm": float, "Hidden": bool}
OBJECT = {"StartTime": int, "Lane": int, "EndTime": int, "KeySounds": list}


def read(song):
    ((name, chart, played),) = pressed(song)
    return yaml.safe_load(qua_text(song, chart, name, played))


def one_chart(*notes, title="Title", timing=Timing.constant(120.0)):  # noqa: B008 - a frozen value
    return dataclasses.replace(full_song(), title=title, timing=timing, charts=(Chart(None, 3, notes, "Words"),))


def test_every_field_is_quavers():
    found = read(one_chart(Note(0, 0, TAP), Note(48, 1, HOLD), Note(96, 1, TAIL)))
    assert {name: type(value) for name, value in found.items()} == FIELDS
    for things, fields in ((found["TimingPoints"], POINT), (found["HitObjects"], OBJECT)):
        for thing in things:
            assert {name: type(value) for name, value in thing.items()}.items() <= fields.items()
    assert (found["Mode"], found["DifficultyName"], found["Description"]) == ("Keys4", "Edit", "Words")
    assert (found["AudioFile"], found["BackgroundFile"], found["BannerFile"]) == ("music.ogg", "back.png", "banner.png")
    assert (found["Title"], found["Artist"], found["Creator"]) == ("Title", "Someone", "charter")
    assert found["SongPreviewTime"] == 12_346


def test_lanes_and_holds():
    notes = (Note(0, 0, TAP), Note(48, 3, ROLL), Note(96, 3, TAIL))
    assert read(one_chart(*notes))["HitObjects"] == [
        {"StartTime": 0, "Lane": 1, "KeySounds": []},
        {"StartTime": 500, "Lane": 4, "EndTime": 1000, "KeySounds": []},
    ]


@settings(max_examples=20)
@given(songs())
def test_notes_are_hit_when_they_are(made):
    song, heard = made
    if not heard:
        return
    found = [
        (note["StartTime"], note["Lane"], note.get("EndTime", note["StartTime"])) for note in read(song)["HitObjects"]
    ]
    assert [lane - 1 for _, lane, _ in found] == [note.panel for note in heard]
    times = np.array([(start, end) for start, _, end in found])
    assert times == pytest.approx(np.array([(note.start, note.end) for note in heard]) * 1000, abs=0.5001)


def test_points_bring_the_lines_back_to_beats_and_measures():
    timing = Timing(Timing.constant(120.0).tempos, -0.25, stops=(Pause(72, 0.3),), warps=(Span(192, 192),))
    assert read(one_chart(Note(0, 0, TAP), timing=timing))["TimingPoints"] == [
        {"StartTime": 250.0, "Bpm": 120.0},
        {"StartTime": 1300.0, "Bpm": 120.0, "Hidden": True},
        {"StartTime": 1550.0, "Bpm": 120.0, "Hidden": True},
        {"StartTime": 2550.0, "Bpm": 120.0},
    ]


def test_notes_before_the_music_are_refused():
    song = one_chart(Note(0, 0, TAP), timing=Timing.constant(120.0, 0.5))
    with pytest.raises(ChartError, match=r"Title, Edit: a \.qua file cannot hold notes before the start of the music"):
        read(song)


@pytest.mark.parametrize(
    "title", ["yes", "1: 2", "- a", "# b", "'", '"', "{x}", "夜明け", "ضوء", "\U0001f3b5", "a" * 300]
)
def test_words_are_read_back(title):
    assert read(one_chart(Note(0, 0, TAP), title=title))["Title"] == title


def test_control_characters_do_not_break_the_file():
    assert read(one_chart(Note(0, 0, TAP), title="a\nHitObjects: []\x00\ud800b"))["Title"] == "a HitObjects: [] ?b"


def test_a_subtitle_follows_the_title():
    song = dataclasses.replace(one_chart(Note(0, 0, TAP)), subtitle="(Cut)")
    assert read(song)["Title"] == "Title (Cut)"


def test_a_song_without_a_name():
    assert read(Song("", Timing.constant(120.0), (Chart(None, 1, (Note(0, 0, TAP),)),)))["Title"] == ""
