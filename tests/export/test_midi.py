"""MIDI files that we write, by mido's reader: they sound with the audio, in the song's measures."""

import dataclasses
import io

import mido
import numpy as np
import pytest
from hypothesis import assume, given, settings

from charter.errors import ChartError
from charter.notation import Chart, Difficulty, Note, Pause, Song, Span, Tempo, Timing
from export.midi import save_midi
from export.midi.file import midi_bytes
from export.midi.timeline import Timeline
from tests.export.songs import HOLD, MINE, TAIL, TAP, full_song, songs, timings

PITCHES = (60, 64, 67, 72)


def read(song):
    return mido.MidiFile(file=io.BytesIO(midi_bytes(song)), charset="utf-8")


def song_of(*notes, **timing):
    tempos = timing.pop("tempos", (Tempo(0, 120.0),))
    return Song("Title", Timing(tempos, **timing), (Chart(Difficulty.HARD, 7, notes),))


def sounding(file):
    """(second, pitch, second of its end) of all notes, in order, by mido's own clock."""
    now, begun, found = 0.0, {}, []
    for message in file:
        now += message.time
        if message.type == "note_on":
            assert message.note not in begun
            begun[message.note] = now
        elif message.type == "note_off":
            found.append((begun.pop(message.note), message.note, now))
    assert not begun
    return sorted(found)


def events(track, kind):
    """(MIDI tick, message) of one kind in a track."""
    now = 0
    for message in track:
        now += message.time
        if message.type == kind:
            yield now, message


def signatures(file):
    return [(tick, note.numerator, note.denominator) for tick, note in events(file.tracks[0], "time_signature")]


# ---------------------------------------------------------------- time


@settings(max_examples=30)
@given(songs())
def test_notes_sound_at_the_seconds_of_the_audio(made):
    song, heard = made
    try:
        found = sounding(read(song))
    except ChartError:
        # Beat 0 lies before the audio, and the note in its first 64th.
        assume(False)
    assert [PITCHES.index(pitch) for _, pitch, _ in found] == [note.panel for note in heard]
    assert [start for start, _, _ in found] == pytest.approx([note.start for note in heard], abs=1e-4)
    held = [(end, note.end) for (_, _, end), note in zip(found, heard, strict=True) if note.end > note.start + 0.3]
    assert [end for end, _ in held] == pytest.approx([end for _, end in held], abs=1e-4)


@settings(max_examples=30)
@given(timings())
def test_every_tick_has_its_place(timing):
    """Ticks of a beat are 10 MIDI ticks apart where time passes evenly; none comes before the one before."""
    timeline = Timeline(timing)
    first = max(0, int(timing.ticks_at(0.0)) + 4)
    ticks = list(range(first, 48 * 54))
    places = timeline.at(ticks)
    assert np.diff(places).min() >= 0
    after = places[-48 * 5 :]  # every event and the longest warp are over
    assert set(np.diff(after)) == {10}


def test_beat_0_is_heard_where_the_offset_says():
    file = read(song_of(Note(0, 0, TAP), offset=-1.3))
    assert sounding(file)[0][0] == pytest.approx(1.3, abs=1e-5)
    # 2.6 beats at 120 BPM are three of a bar of its own, a little faster.
    assert signatures(file) == [(0, 3, 4), (3 * 480, 4, 4)]
    assert [mido.tempo2bpm(tempo.tempo) for _, tempo in events(file.tracks[0], "set_tempo")] == pytest.approx(
        [180 / 1.3, 120], abs=1e-3
    )


def test_without_an_offset_nothing_comes_first():
    file = read(song_of(Note(0, 0, TAP)))
    assert signatures(file) == [(0, 4, 4)]
    assert [(tick, tempo.tempo) for tick, tempo in events(file.tracks[0], "set_tempo")] == [(0, 500_000)]


@pytest.mark.parametrize("lead", [0.004, 0.02, 0.05, 0.2, 0.33, 1.0, 7.9, 30.0])
def test_the_lead_in_goes_at_a_tempo_that_sequencers_have(lead):
    """Most go from 20 to 999 BPM and lose the music beyond."""
    file = read(song_of(Note(0, 0, TAP), offset=-lead))
    assert sounding(file)[0][0] == pytest.approx(lead, abs=1e-5)
    tempos = [mido.tempo2bpm(tempo.tempo) for _, tempo in events(file.tracks[0], "set_tempo")]
    assert all(20 < tempo < 999 for tempo in tempos)


def test_a_song_that_begins_before_its_audio():
    song = song_of(Note(192, 0, TAP), Note(384, 1, TAP), offset=1.0)
    file = read(song)
    assert [start for start, _, _ in sounding(file)] == pytest.approx([1.0, 3.0], abs=1e-6)
    assert signatures(file) == [(0, 2, 4), (960, 4, 4)]
    with pytest.raises(ChartError, match="Title: the note on beat 1 stands before the start of the music"):
        midi_bytes(song_of(Note(48, 0, TAP), offset=1.0))


def test_a_stop_is_a_longer_bar():
    song = song_of(Note(96, 0, TAP), Note(97, 0, TAP), Note(192, 1, TAP), stops=(Pause(96, 0.5),))
    file = read(song)
    assert [start for start, _, _ in sounding(file)] == pytest.approx([1.0, 1.5 + 1 / 96, 2.5], abs=1e-6)
    assert signatures(file) == [(0, 5, 4), (5 * 480, 4, 4)]
    assert len(list(events(file.tracks[0], "set_tempo"))) == 1


def test_a_stop_too_short_for_a_note_slows_one_tick():
    song = song_of(Note(96, 0, TAP), Note(97, 1, TAP), Note(192, 2, TAP), stops=(Pause(96, 0.004),))
    file = read(song)
    assert [start for start, _, _ in sounding(file)] == pytest.approx([1.0, 1.004 + 1 / 96, 2.004], abs=1e-5)
    assert signatures(file) == [(0, 4, 4)]


def test_a_warp_is_a_shorter_bar():
    file = read(song_of(Note(96, 0, TAP), Note(144, 1, TAP), Note(192, 2, TAP), warps=(Span(97, 95),)))
    assert [start for start, _, _ in sounding(file)] == pytest.approx([1.0, 1 + 1 / 96], abs=1e-6)
    whole = read(song_of(Note(192, 2, TAP), warps=(Span(96, 48),)))
    assert signatures(whole) == [(0, 3, 4), (3 * 480, 4, 4)]


def test_the_drift_of_whole_microseconds_is_taken_back():
    """Tempos are rounded; what a stretch of ten minutes loses by that, the next does not inherit."""
    tempos = (Tempo(0, 174.3), *(Tempo(48 * 174 * minute, 174.3 + minute / 100) for minute in range(1, 11)))
    timing = Timing(tempos, offset=-0.1)
    song = Song("t", timing, (Chart(None, 1, tuple(Note(tempo.tick, 0, TAP) for tempo in tempos)),))
    wanted = [float(timing.seconds_at(tempo.tick)) for tempo in tempos]
    assert [start for start, _, _ in sounding(read(song))] == pytest.approx(wanted, abs=1e-4)


def test_a_chart_with_its_own_timing_sounds_by_it():
    song = song_of(Note(48, 0, TAP), Note(96, 1, HOLD), Note(144, 1, TAIL), offset=-0.7)
    own = dataclasses.replace(song.charts[0], timing=Timing.constant(95.0, -1.0))
    found = sounding(read(dataclasses.replace(song, charts=(own,))))
    beat = 60 / 95
    assert [(start, end) for start, _, end in found][1] == pytest.approx((1 + 2 * beat, 1 + 3 * beat), abs=6e-4)
    early = dataclasses.replace(own, timing=Timing.constant(95.0, 1.0))
    with pytest.raises(ChartError, match=r"Title: a note at -0\.368 s stands before the start of the music"):
        midi_bytes(dataclasses.replace(song, charts=(early,)))


def test_a_tempo_that_midi_lacks_is_refused():
    with pytest.raises(ChartError, match=r"Title: a \.mid file cannot hold a tempo of 3 BPM; the slowest is 3\.58"):
        midi_bytes(song_of(Note(0, 0, TAP), tempos=(Tempo(0, 3.0),)))


# ---------------------------------------------------------------- tracks


def test_a_track_for_every_chart(tmp_path):
    song = full_song(title="夜明け\nの")
    path = save_midi(song, tmp_path, "a.mid")
    file = mido.MidiFile(path, charset="utf-8")
    names = [message.name for track in file.tracks for message in track if message.type == "track_name"]
    assert names == ["夜明け の", "Beginner", "Easy", "Medium", "Hard", "Challenge", "Edit", "Edit (2)"]
    assert [message.text for message in file.tracks[0] if message.type == "text"] == ["Someone", "charter"]
    assert (file.type, file.ticks_per_beat) == (1, 480)
    channels = [{message.channel for message in track if message.type == "note_on"} for track in file.tracks[1:]]
    assert channels == [{0}, {1}, {2}, {3}, {4}, {5}, {6}]
    assert path.read_bytes() == midi_bytes(song)


def test_a_pitch_for_every_panel_and_no_mines():
    notes = [Note(48 * panel, panel, TAP) for panel in range(4)] + [Note(240, 0, MINE)]
    assert [pitch for _, pitch, _ in sounding(read(song_of(*notes)))] == list(PITCHES)


def test_taps_are_short_and_holds_are_held():
    song = song_of(Note(0, 0, TAP), Note(2, 0, TAP), Note(48, 1, HOLD), Note(144, 1, TAIL))
    lengths = [end - start for start, _, end in sounding(read(song))]
    assert lengths == pytest.approx([2 / 96, 6 / 96, 1.0], abs=1e-6)


def test_no_charts():
    file = read(Song("Title", Timing.constant(120.0, -2.0)))
    assert len(file.tracks) == 1
    assert signatures(file) == [(0, 4, 4)]
