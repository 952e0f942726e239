"""A simfile in the other format says the same song, or nothing is written."""

from dataclasses import replace
from pathlib import Path

import pytest

from charter.errors import ChartError
from charter.notation import Chart, Difficulty, Note, NoteKind, Pause, PreviewWindow, Song, Span, Tempo, Timing
from export.stepmania.convert import converted
from export.stepmania.read import parse_song
from export.stepmania.write import sm_text, ssc_text

SONG = Song(
    title="Ünï: a; //b",
    artist="夜",
    music="a.ogg",
    banner="b.png",
    timing=Timing((Tempo(0, 120.5), Tempo(480, 90.0)), -0.123, stops=(Pause(96, 0.5),)),
    preview=PreviewWindow(10.0, 12.0),
    charts=(Chart(Difficulty.EASY, 3, (Note(0, 0, NoteKind.TAP), Note(60, 1, NoteKind.MINE)), description="me"),),
)
SSC, SM = Path("a.ssc"), Path("a.sm")


def test_there_and_back():
    there = converted(sm_text(SONG).encode(), SM, ".ssc")
    assert parse_song(there, SSC) == SONG
    assert parse_song(converted(there, SSC, ".sm"), SM) == SONG


def test_a_file_of_the_format_stays_as_it_is():
    data = b"\xef\xbb\xbf" + ssc_text(SONG).encode()
    assert converted(data, SSC, ".ssc") is data


def test_charts_of_other_styles_go_along():
    double = "#NOTES:\n dance-double:\n :\n Easy:\n 1:\n :\n10000000\n00000000\n00000000\n00000000\n;\n"
    after = converted(sm_text(SONG).encode() + double.encode(), SM, ".ssc").decode()
    assert "#STEPSTYPE:dance-double;" in after
    assert "10000000" in after


def test_no_passage_is_made_up():
    data = sm_text(replace(SONG, preview=None)).encode()
    data = data.replace(b"#SAMPLESTART:;\n", b"").replace(b"#SAMPLELENGTH:;\n", b"")
    assert parse_song(converted(data, SM, ".ssc"), SSC).preview is None


def test_old_names_of_tags_are_understood():
    data = sm_text(SONG).replace("#STOPS", "#FREEZES").replace("#BGCHANGES:", "#ANIMATIONS:0=a.avi=1").encode()
    after = converted(data, SM, ".ssc")
    assert parse_song(after, SSC).timing.stops == SONG.timing.stops
    assert b"#BGCHANGES:0=a.avi=1;" in after


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_what_comes_out_is_utf8(encoding):
    song = replace(SONG, artist="Señor")
    after = converted(sm_text(song).encode(encoding), SM, ".ssc")
    assert "#ARTIST:Señor;" in after.decode("utf-8")
    assert parse_song(after, SSC) == song


def test_what_no_step_depends_on_is_passed_over():
    song = replace(SONG, preview_music="p.ogg", charts=(replace(SONG.charts[0], credit="her"),))
    after = parse_song(converted(ssc_text(song).encode(), SSC, ".sm"), SM)
    assert after == SONG


def test_a_timing_that_a_chart_repeats_is_the_songs():
    song = replace(SONG, charts=(replace(SONG.charts[0], timing=SONG.timing),))
    assert parse_song(converted(ssc_text(song).encode(), SSC, ".sm"), SM) == SONG


@pytest.mark.parametrize(
    "tag", ["SCROLLS:", "SCROLLS:0.000000=1.000000", "SPEEDS:0=1=0=0", "TICKCOUNTS:0=4", "FAKES:\n"]
)
def test_tags_that_say_nothing_do_not_stand_in_the_way(tag):
    name = tag.split(":")[0]
    lines = [f"#{tag};" if line.startswith(f"#{name}:") else line for line in ssc_text(SONG).split("\n")]
    assert parse_song(converted("\n".join(lines).encode(), SSC, ".sm"), SM) == SONG


@pytest.mark.parametrize(
    ("song", "cause"),
    [
        (replace(SONG, timing=replace(SONG.timing, warps=(Span(48, 48),))), "warps"),
        (replace(SONG, timing=replace(SONG.timing, fakes=(Span(48, 48),))), "#FAKES"),
        (replace(SONG, charts=(replace(SONG.charts[0], timing=Timing.constant(99)),)), "#OFFSET|#BPMS"),
    ],
)
def test_what_a_sm_cannot_hold_is_told(song, cause):
    with pytest.raises(ChartError, match=f"^a.ssc: a .sm file cannot hold .*({cause})"):
        converted(ssc_text(song).encode(), SSC, ".sm")


def test_scrolling_is_told():
    data = ssc_text(SONG).replace("#SCROLLS:0.000=1.000;", "#SCROLLS:0=1,\n4=0.5;").encode()
    with pytest.raises(ChartError, match=r"cannot hold its #SCROLLS$"):
        converted(data, SSC, ".sm")


@pytest.mark.parametrize(
    ("tag", "cause"),
    [
        ("#BPMS:0=120,4=-120,6=120;", "below 0"),
        ("#STOPS:4=-0.5;", "below 0"),
        ("#BPMS:0=120,4=99999999,6=120;", "would not mean the same"),
    ],
)
def test_old_warps_are_told(tag, cause):
    lines = sm_text(replace(SONG, timing=Timing.constant(120))).split("\n")
    data = "\n".join(tag if line.startswith(tag.split(":")[0] + ":") else line for line in lines).encode()
    assert parse_song(data, SM).timing.warps
    with pytest.raises(ChartError, match=f"^a.sm: .*{cause}"):
        converted(data, SM, ".ssc")
