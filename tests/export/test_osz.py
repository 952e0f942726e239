"""Beatmaps that we write, read by slider, and our own reader of their timing."""

import dataclasses
import os
import re
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from slider import Beatmap
from slider.beatmap import HoldNote

from charter.errors import ChartError
from charter.notation import Chart, Difficulty, Note, Pause, Song, Span, Tempo, Timing
from export.osu import osu_text, read_timing, save_osz
from export.presses import pressed
from tests.export.songs import FAKE, HOLD, LIFT, MINE, MUSIC, TAIL, TAP, full_song, songs, with_music

# slider 0.8.4 looks for a comma between a hold's end and its sample, where osu! and slider's own writer have a colon.
HOLD_END = re.compile(r"^(\d+,\d+,-?\d+,128,0,-?\d+):", re.MULTILINE)


def beatmap(song):
    ((name, chart, played),) = pressed(song)
    return Beatmap.parse(HOLD_END.sub(r"\1,", osu_text(song, chart, name, played, music="audio.ogg")))


def song_of(*notes, **timing):
    tempos = timing.pop("tempos", (Tempo(0, 120.0),))
    return Song("Title", Timing(tempos, **timing), (Chart(Difficulty.HARD, 7, notes),), music=MUSIC)


def read_back(song):
    """(milliseconds, column, end) of every object."""
    found = []
    for thing in beatmap(song)._hit_objects:  # hit_objects() leaves holds out
        end = thing.end_time if isinstance(thing, HoldNote) else thing.time
        column = int(thing.position.x * 4 // 512)
        found.append((thing.time.total_seconds() * 1000, column, end.total_seconds() * 1000))
    return found


def timing_lines(song):
    """The lines of the timing points, as numbers."""
    ((name, chart, played),) = pressed(song)
    text = osu_text(song, chart, name, played, music="audio.ogg")
    lines = text.split("[TimingPoints]\n")[1].split("\n\n")[0].splitlines()
    return [tuple(float(value) for value in line.split(",")) for line in lines]


# ---------------------------------------------------------------- notes


@settings(max_examples=30)
@given(songs())
def test_notes_are_hit_when_they_are(made):
    song, heard = made
    if not heard:
        with pytest.raises(ChartError, match="Wild: no chart has a note to hit"):
            pressed(song)
        return
    found = np.array(read_back(song))
    assert found[:, 1].astype(int).tolist() == [note.panel for note in heard]
    assert found[:, [0, 2]] == pytest.approx(np.array([(note.start, note.end) for note in heard]) * 1000, abs=0.5001)


def test_columns_and_kinds():
    notes = [Note(48 * panel, panel, TAP) for panel in range(4)]
    notes += [Note(240, 0, MINE), Note(240, 1, LIFT), Note(240, 2, FAKE), Note(288, 3, HOLD), Note(336, 3, TAIL)]
    ((name, chart, played),) = pressed(song_of(*notes))
    text = osu_text(song_of(*notes), chart, name, played, music="a.ogg")
    assert text.split("[HitObjects]\n")[1].splitlines() == [
        "64,192,0,1,0,0:0:0:0:",
        "192,192,500,1,0,0:0:0:0:",
        "320,192,1000,1,0,0:0:0:0:",
        "448,192,1500,1,0,0:0:0:0:",
        "448,192,3000,128,0,3500:0:0:0:0:",
    ]


def test_a_head_without_a_tail_is_a_tap():
    assert read_back(song_of(Note(0, 0, HOLD))) == [(0, 0, 0)]


def test_a_hold_that_a_warp_swallows_is_a_tap():
    song = song_of(Note(48, 0, HOLD), Note(96, 0, TAIL), warps=(Span(49, 60),))
    ((_, _, played),) = pressed(song)
    assert [(press.start, press.end) for press in played] == [(500, 510)]
    still = dataclasses.replace(song, timing=Timing((Tempo(0, 120.0),), delays=(Pause(48, 1),), warps=(Span(48, 96),)))
    assert [press.end for press in pressed(still)[0][2]] == [None]


def test_notes_that_fall_together_are_refused():
    song = song_of(Note(48, 2, TAP), Note(96, 2, TAP), delays=(Pause(48, 1.0),), warps=(Span(48, 48),))
    with pytest.raises(ChartError, match="Title, Hard: two notes on the up panel fall together on beat 2"):
        pressed(song)


def test_a_note_inside_a_hold_is_refused():
    with pytest.raises(ChartError, match="left panel fall together on beat 1"):
        pressed(song_of(Note(0, 0, HOLD), Note(48, 0, TAP), Note(96, 0, TAIL)))


def test_a_chart_is_written_by_its_own_timing():
    song = song_of(Note(48, 0, TAP))
    own = dataclasses.replace(song.charts[0], timing=Timing.constant(60, -2.0))
    assert read_back(dataclasses.replace(song, charts=(own,))) == [(3000, 0, 3000)]
    assert timing_lines(dataclasses.replace(song, charts=(own,)))[0][:2] == (2000, 1000)


# ---------------------------------------------------------------- timing points


def test_beat_0_is_the_first_point():
    assert timing_lines(song_of(Note(0, 0, TAP), offset=-1.25)) == [(1250, 500, 4, 0, 0, 60, 1, 0)]
    assert timing_lines(song_of(Note(0, 0, TAP), offset=0.25))[0][0] == -250


def test_after_a_stop_the_beat_lines_are_the_songs():
    """It stops within a measure: the first line there is no bar's, and a second point begins the next measure."""
    lines = timing_lines(song_of(Note(0, 0, TAP), stops=(Pause(96, 0.3),)))
    assert [(line[0], line[7]) for line in lines] == [(0, 0), (1300, 8), (2300, 0)]


def test_a_stop_off_the_beat_has_points_at_beat_and_measure():
    lines = timing_lines(song_of(Note(0, 0, TAP), stops=(Pause(72, 0.3),)))
    assert [(line[0], line[7]) for line in lines] == [(0, 0), (1050, 8), (1300, 8), (2300, 0)]


def test_after_a_warp_too():
    lines = timing_lines(song_of(Note(0, 0, TAP), warps=(Span(96, 96),)))
    assert [(line[0], line[7]) for line in lines] == [(0, 0), (1000, 0)]


def test_the_scroll_keeps_the_pace_of_the_usual_tempo():
    song = song_of(
        Note(0, 0, TAP), Note(48 * 32, 0, TAP), tempos=(Tempo(0, 120.0), Tempo(192, 240.0), Tempo(384, 120.0))
    )
    lines = timing_lines(song)
    assert [line[:2] + line[6:7] for line in lines] == [(0, 500, 1), (2000, 250, 1), (2000, -200, 0), (3000, 500, 1)]


def test_a_tempo_that_changes_nothing_is_no_point():
    song = song_of(Note(0, 0, TAP), tempos=(Tempo(0, 120.0), Tempo(100, 120.0)))
    assert len(timing_lines(song)) == 1


def test_our_reader_finds_the_same_timing(tmp_path):
    timing = Timing((Tempo(0, 150.0), Tempo(192 * 4, 100.0), Tempo(192 * 9, 173.0)), offset=-0.75)
    song = Song("t", timing, (Chart(Difficulty.EASY, 1, (Note(0, 0, TAP),)),))
    ((name, chart, played),) = pressed(song)
    (tmp_path / "a.osu").write_text(osu_text(song, chart, name, played, music="a.ogg"), encoding="utf-8")
    ticks = np.arange(0, 192 * 20, 24)
    assert read_timing(tmp_path / "a.osu").seconds_at(ticks) == pytest.approx(timing.seconds_at(ticks), abs=1e-3)


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("title", "shown", "plain"),
    [
        ("Café", "Café", "Cafe"),
        ("a:b;c\\d #x //", "a:b;c\\d #x //", "a:b;c\\d #x //"),
        ("夜明けの四枚", "夜明けの四枚", "untitled"),
        ("one\n[HitObjects]\r\n\x00two\u2028three", "one [HitObjects]   two three", None),
        ("", "", "untitled"),
    ],
)
def test_titles(title, shown, plain):
    read = beatmap(dataclasses.replace(song_of(Note(0, 0, TAP)), title=title, artist=title))
    assert (read.title_unicode, read.artist_unicode) == (shown, shown)
    assert read.title.isascii()
    assert read.artist.isascii()
    assert plain is None or read.title == plain
    assert len(read.hit_objects()) == 1


def test_general_fields(tmp_path):
    maps = Beatmap.from_osz_path(save_osz(full_song(), with_music(tmp_path), "a.osz"))
    assert list(maps) == ["Beginner", "Easy", "Medium", "Hard", "Challenge", "Edit", "Edit (2)"]
    for read in maps.values():
        assert (read.mode, read.circle_size, read.audio_filename) == (3, 4, "audio.ogg")
        assert read.preview_time.total_seconds() == 12.346
        assert (read.creator, read.tags) == ("charter", ["test"])
    strict = [read.overall_difficulty for read in maps.values()]
    assert strict[:5] == sorted(strict[:5])
    assert all(5 <= value <= 10 for value in strict)
    assert beatmap(song_of(Note(0, 0, TAP))).preview_time.total_seconds() == -0.001


# ---------------------------------------------------------------- the archive


def test_the_archive_holds_music_and_background(tmp_path):
    path = save_osz(full_song(), with_music(tmp_path), "a.osz")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-2:] == ["audio.ogg", "background.png"]
        assert (archive.read("audio.ogg"), archive.read("background.png")) == (b"music", b"picture")
        assert b'0,0,"background.png",0,0' in archive.read("Hard.osu")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.osz", "back.png", MUSIC]


def test_the_same_bytes_from_run_to_run(tmp_path):
    contents = []
    for number in range(2):
        folder = with_music(tmp_path / str(number))
        os.utime(folder / MUSIC, (1e9 + number, 1e9 + number))
        contents.append(save_osz(full_song(), folder, "a.osz").read_bytes())
    assert contents[0] == contents[1]


@pytest.mark.parametrize("background", ["", "gone.png", "../out.png", "film.avi"])
def test_a_background_that_is_none_is_left_out(tmp_path, background):
    folder = with_music(tmp_path / "song")
    for name in ("out.png", "song/film.avi"):
        (tmp_path / name).write_bytes(b"")
    with zipfile.ZipFile(save_osz(full_song(background=background), folder, "a.osz")) as archive:
        assert archive.namelist()[-1] == "audio.ogg"
        assert b"0,0," not in archive.read("Hard.osu").split(b"[TimingPoints]")[0]


@pytest.mark.parametrize("music", ["", "gone.ogg", "../music.ogg"])
def test_without_music_there_is_no_archive(tmp_path, music):
    with_music(tmp_path)
    folder = with_music(tmp_path / "song")
    with pytest.raises(ChartError, match=r"Title: its music is not beside it \(.+\); \.osz needs it"):
        save_osz(full_song(music=music), folder, "a.osz")
    assert not (folder / "a.osz").exists()


def test_a_chart_without_notes_is_left_out(tmp_path):
    song = full_song()
    empty = dataclasses.replace(song.charts[0], notes=(Note(0, 0, MINE),))
    song = dataclasses.replace(song, charts=(empty, song.charts[1]))
    assert list(Beatmap.from_osz_path(save_osz(song, with_music(tmp_path), "a.osz"))) == ["Easy"]
