"""Simfiles: what is written is read back as it was, by us and by simfile; what other programs wrote is read."""

import contextlib
import dataclasses
import time

import numpy as np
import pytest
import simfile
from hypothesis import given, settings
from hypothesis import strategies as st
from simfile.notes import NoteData
from simfile.timing import Beat, TimingData
from simfile.timing.engine import TimingEngine

from charter.errors import CharterError, ChartError, OutputError, RequestError, TimingError
from charter.notation import (
    Chart,
    Difficulty,
    Note,
    NoteKind,
    Pause,
    PreviewWindow,
    Song,
    Span,
    Tempo,
    Timing,
    sorted_notes,
)
from export.stepmania import read_song, read_timing, save_song, sm_text, ssc_text

SM = """
#TITLE:Walk;
#ARTIST:Someone;
#MUSIC:walk.ogg;
#OFFSET:-0.25;
#SAMPLESTART:12.5;
#SAMPLELENGTH:10;
#BPMS:0.000=120.000,4.000=60.000;
#STOPS:2.000=0.500;
//--------------- dance-single - ----------------
#NOTES:
     dance-single:
     By hand:
     {difficulty}:
     {meter}:
     0,0,0,0,0:
1000
0100
0010
0001
,
2000
0000
3M00
0000
0000
0000
0000
0L04
;
#NOTES:
     dance-double:
     :
     Hard:
     9:
     0,0,0,0,0:
10000000
00000000
00000000
00000000
;
"""


@pytest.fixture
def written(tmp_path):
    """Text or bytes as a file to read."""

    def write(content, name="song.sm"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# ---------------------------------------------------------------- reading


def test_reading(written):
    song = read_song(written(SM.format(difficulty="Medium", meter=5)))
    tap, hold, tail, mine, roll, lift = (NoteKind(symbol) for symbol in "123M4L")
    assert song == Song(
        title="Walk",
        artist="Someone",
        music="walk.ogg",
        preview=PreviewWindow(12.5, 10),
        timing=Timing((Tempo(0, 120), Tempo(192, 60)), -0.25, stops=(Pause(96, 0.5),)),
        charts=(
            Chart(
                Difficulty.MEDIUM,
                5,
                (
                    *(Note(48 * panel, panel, tap) for panel in range(4)),
                    Note(192, 0, hold),
                    Note(240, 0, tail),
                    Note(240, 1, mine),
                    Note(360, 1, lift),
                    Note(360, 3, roll),
                ),
                description="By hand",
            ),
        ),
    )
    assert read_timing(written(SM)) == song.timing


@pytest.mark.parametrize(
    ("word", "difficulty"),
    [
        ("Beginner", Difficulty.BEGINNER),
        ("hard", Difficulty.HARD),
        ("CHALLENGE", Difficulty.CHALLENGE),
        ("basic", Difficulty.EASY),
        ("Light", Difficulty.EASY),
        ("another", Difficulty.MEDIUM),
        ("Standard", Difficulty.MEDIUM),
        ("heavy", Difficulty.HARD),
        ("Maniac", Difficulty.HARD),
        ("smaniac", Difficulty.CHALLENGE),
        ("Expert", Difficulty.CHALLENGE),
        ("oni", Difficulty.CHALLENGE),
        ("Edit", None),
        ("", None),
    ],
)
def test_difficulty_words(written, word, difficulty):
    assert read_song(written(SM.format(difficulty=word, meter=5))).charts[0].difficulty is difficulty


def test_an_empty_meter_is_1(written):
    assert read_song(written(SM.format(difficulty="Easy", meter=""))).charts[0].meter == 1


@pytest.mark.parametrize(
    ("title", "encoding"),
    [("日本のうた", "utf-8"), ("日本のうた", "utf-8-sig"), ("Café Über", "cp1252"), ("日本のうた", "cp932")],
)
def test_encodings(written, title, encoding):
    text = SM.format(difficulty="Easy", meter=1).replace("Walk", title)
    song = read_song(written(text.encode(encoding)))
    # Bytes of cp932 may be letters of cp1252 too: then the title is lost, but nothing else.
    assert song.title == title or encoding == "cp932"
    assert len(song.charts[0].notes) == 9


def test_cp932_that_is_nothing_else(written):
    # 0x81 is no letter of cp1252.
    assert read_song(written("#TITLE:\u3000あ、い;#BPMS:0=120;".encode("cp932"))).title == "あ、い"


@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "1e999", "x", ""])
def test_a_preview_without_end_is_none(written, number):
    for start, length in ((number, "12"), ("10", number)):
        text = SM.replace("#BPMS", f"#SAMPLESTART:{start};\n#SAMPLELENGTH:{length};\n#BPMS", 1)
        assert read_song(written(text)).preview is None


def test_texts_hold_no_nul(written):
    song = read_song(written("#TITLE:a\0b;\n#CREDIT:\0;\n" + SM.replace("#TITLE", "#GENRE", 1)))
    assert (song.title, song.credit) == ("ab", "")


def test_an_empty_offset_is_0(written):
    assert read_timing(written("#TITLE:x;#OFFSET:;#BPMS:0=120;")).offset == 0


@pytest.mark.parametrize(
    ("bpms", "message"),
    [
        ("0=0", "the BPM at beat 0 is 0; it must be above 0"),
        ("0=-120", "the BPM at beat 0 is -120; it must be above 0"),
        ("0=120,4=0", "the BPM at beat 4 is 0; it must be above 0"),
        ("0=nan", "the BPM 'nan' is no number"),
        ("0=120,4=-inf", "the BPM '-inf' is no number"),
        ("0=1e99999999", r"#BPMS holds a number out of range \(1e99999999\)"),
        ("1e99999999=120", r"#BPMS holds a number out of range \(1e99999999\)"),
        ("0=120,1e200=120", "the timing goes on behind beat 22906492245"),
        ("4=120", "the first BPM stands on beat 4, not on beat 0"),
        ("", "the timing has no BPM"),
    ],
)
@pytest.mark.parametrize(("name", "start"), [("song.sm", "#TITLE:x;"), ("song.ssc", "#VERSION:0.83;#TITLE:x;")])
def test_bpms_that_are_none(written, name, start, bpms, message):
    with pytest.raises(TimingError, match=f"{name}: {message}"):
        read_song(written(f"{start}#OFFSET:0;#BPMS:{bpms};", name))


def test_the_old_name_of_stops_is_checked_too(written):
    with pytest.raises(TimingError, match=r"song\.sm: #FREEZES holds a number out of range \(1e9999999999\)"):
        read_timing(written("#TITLE:x;#OFFSET:0;#BPMS:0=120;#FREEZES:1e9999999999=1;", "song.sm"))


@pytest.mark.parametrize("value", ["0=" + "1" * 100_000, "0=" + "1." * 50_000, "0=0." + "1" * 100_000])
def test_long_numbers_take_no_time(written, value):
    start = time.process_time()
    with contextlib.suppress(CharterError):
        read_timing(written(f"#TITLE:x;#OFFSET:0;#BPMS:0=120;#STOPS:{value};"))
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("#TITLE:x;#BPMS:0=120;" + "#A;" * 3000, "has #A over and over; is the file damaged"),
        ("#VERSION:0.83;#BPMS:0=120;#NOTEDATA:;" + "#A:x;\n" * 3000, "has #A over and over"),
        ("#TITLE:x;#BPMS:0=120;#ARTIST:" + ":" * 300_000, "holds a line of 300029 characters; is it a simfile"),
    ],
)
def test_what_would_take_minutes_is_no_simfile(written, content, message):
    start = time.process_time()
    with pytest.raises(ChartError, match=rf"song\.sm: {message}"):
        read_song(written(content))
    assert time.process_time() - start < 2


def test_many_charts_take_no_time(written):
    chart = "".join(f"#{tag}:;\n" for tag in ("NOTEDATA", *(f"TAG{n}" for n in range(30)), "NOTES"))
    assert read_song(written(f"#VERSION:0.83;#TITLE:x;#BPMS:0=120;{chart * 100}", "song.ssc")).charts == ()


def test_bpms_in_any_order(written):
    path = written("#TITLE:x;#OFFSET:0;#BPMS:8=140,0=120,4=130,4=135;")
    assert read_timing(path).tempos == (Tempo(0, 120), Tempo(192, 135), Tempo(384, 140))


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "song.sm", "holds no simfile"),
        ("just text", "song.ssc", "holds no simfile"),
        (bytes(range(256)) * 4, "song.sm", "song.sm: "),
        ("#TITLE:x;#BPMS:0=120;#NOTES:dance-single:too few:parts;", "song.sm", "damaged simfile"),
        ("#TITLE:x;#BPMS:0=120;#NOTES:dance-single::Easy:1:0:\n1X00\n;", "song.sm", "damaged simfile"),
        ("#TITLE:x;", "song.dwi", "not a simfile"),
        ("#TITLE:x;#BPMS:0=120;".encode("utf-16"), "song.sm", "is in UTF-16, which the game does not read"),
    ],
)
def test_files_that_are_no_simfiles(written, content, name, message):
    with pytest.raises(ChartError, match=message):
        read_song(written(content, name))


def test_a_file_of_another_kind_is_not_even_opened(tmp_path):
    with pytest.raises(ChartError, match=r"film\.mkv: not a simfile"):
        read_song(tmp_path / "film.mkv")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ChartError, match=r"none\.sm: cannot be read \(No such file"):
        read_song(tmp_path / "none.sm")


# ---------------------------------------------------------------- writing

numbers = st.integers(-10_000_000, 10_000_000).map(lambda millionths: millionths / 1e6)
positive = st.floats(1e-3, 2000, allow_subnormal=False)
texts = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12).map(str.strip)
awkward = st.lists(st.sampled_from([":", ";", "#", "\\", "/", "//", "///", "a", " ", ",", "="]), max_size=8)
words = texts | awkward.map("".join).map(str.strip)


def on_ticks(values, event, *, first=0):
    return st.dictionaries(st.integers(first, 3000), values, max_size=4).map(
        lambda found: tuple(event(tick, value) for tick, value in sorted(found.items()))
    )


def timings(*, ssc):
    pauses, spans = on_ticks(positive, Pause), on_ticks(st.integers(0, 400), Span)
    return st.builds(
        lambda first, later, **rest: Timing((Tempo(0, first), *later), **rest),
        positive,
        on_ticks(positive, Tempo, first=1),
        offset=numbers,
        stops=pauses,
        delays=pauses,
        warps=spans if ssc else st.just(()),
        fakes=spans if ssc else st.just(()),
    )


notes = st.dictionaries(
    st.tuples(st.integers(0, 192 * 4), st.integers(0, 3)), st.sampled_from(NoteKind), max_size=30
).map(lambda found: sorted_notes(Note(*place, kind) for place, kind in found.items()))


def charts(*, ssc):
    return st.builds(
        Chart,
        st.none() | st.sampled_from(Difficulty),
        st.integers(1, 40),
        notes,
        description=words,
        credit=words if ssc else st.just(""),
        timing=st.none() | timings(ssc=True) if ssc else st.none(),
    )


def songs(*, ssc):
    fields = ("title", "artist", "subtitle", "genre", "credit", "music", "banner", "background")
    return st.builds(
        Song,
        timing=timings(ssc=ssc),
        charts=st.lists(charts(ssc=ssc), max_size=2).map(tuple),
        preview=st.none() | st.builds(PreviewWindow, numbers, positive),
        **dict.fromkeys(fields, words),
    )


def check_as_simfile_sees_it(text, song):
    """simfile, strict, finds the same notes at the same times."""
    seen = simfile.loads(text)
    assert (seen.title, seen.artist, seen.music) == (song.title, song.artist, song.music)
    for source, chart in zip(seen.charts, song.charts, strict=True):
        found = [Note(int(n.beat * 48), n.column, NoteKind(n.note_type.value)) for n in NoteData(source)]
        assert tuple(found) == chart.notes
        engine, timing = TimingEngine(TimingData(source)), song.timing_of(chart)
        ticks = sorted({note.tick for note in chart.notes} | {0, 3000})
        assert timing.seconds_at(ticks) == pytest.approx([engine.time_at(Beat(tick, 48)) for tick in ticks], abs=1e-6)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(songs(ssc=True))
def test_ssc_says_the_song(tmp_path_factory, song):
    path = tmp_path_factory.mktemp("ssc") / "song.ssc"
    path.write_text(ssc_text(song), encoding="utf-8", newline="")
    assert read_song(path) == song
    check_as_simfile_sees_it(ssc_text(song), song)


@settings(deadline=None, max_examples=60)
@given(songs(ssc=False))
def test_sm_says_the_song(tmp_path_factory, song):
    path = tmp_path_factory.mktemp("sm") / "song.sm"
    path.write_text(sm_text(song), encoding="utf-8", newline="")
    assert read_song(path) == song
    check_as_simfile_sees_it(sm_text(song), song)


def tapped(*ticks):
    return Chart(Difficulty.HARD, 9, tuple(Note(tick, 0, NoteKind.TAP) for tick in ticks))


def song_of(*charts, **timing):
    return Song("Title", Timing((Tempo(0, 120),), **timing), tuple(charts))


def measures(text):
    """Row counts of the measures of the last chart in a file."""
    return [measure.count("\n") for measure in text.split("\n;")[-2].rsplit(":\n", 1)[1].split(",\n")]


@pytest.mark.parametrize(
    ("tick", "rows"),
    [(0, 4), (144, 4), (24, 8), (16, 12), (12, 16), (8, 24), (6, 32), (4, 48), (3, 64), (2, 96), (1, 192), (191, 192)],
)
def test_a_measure_is_written_on_its_coarsest_grid(tick, rows):
    assert [count + 1 for count in measures(ssc_text(song_of(tapped(tick))))] == [rows]


def test_empty_measures_are_written_in_full():
    assert ssc_text(song_of(tapped(3 * 192))).endswith(
        "#NOTES:\n" + ("0000\n" * 4 + ",\n") * 3 + "1000\n" + "0000\n" * 3 + ";\n"
    )


def test_a_chart_without_notes_has_a_measure():
    assert ssc_text(song_of(tapped())).endswith("#NOTES:\n" + "0000\n" * 4 + ";\n")


def test_tags_stand_in_stepmanias_order():
    split = dataclasses.replace(tapped(0), timing=Timing.constant(90))
    tags = [line[1:].split(":")[0] for line in ssc_text(song_of(split)).splitlines() if line.startswith("#")]
    timing = "BPMS STOPS DELAYS WARPS TIMESIGNATURES TICKCOUNTS COMBOS SPEEDS SCROLLS FAKES LABELS"
    assert (
        tags
        == (
            "VERSION TITLE SUBTITLE ARTIST TITLETRANSLIT SUBTITLETRANSLIT ARTISTTRANSLIT GENRE ORIGIN CREDIT BANNER"
            " BACKGROUND PREVIEWVID JACKET CDIMAGE DISCIMAGE LYRICSPATH CDTITLE MUSIC OFFSET SAMPLESTART SAMPLELENGTH"
            f" SELECTABLE {timing} BGCHANGES KEYSOUNDS ATTACKS"
            " NOTEDATA CHARTNAME STEPSTYPE DESCRIPTION CHARTSTYLE DIFFICULTY METER RADARVALUES CREDIT"
            f" OFFSET {timing} NOTES"
        ).split()
    )


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (0, "0.000"),
        (-0.123, "-0.123"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "0.0000001"),
        (1e16, "10000000000000000.000"),
    ],
)
def test_numbers_are_whole_and_have_no_exponent(offset, text):
    assert f"#OFFSET:{text};" in ssc_text(song_of(offset=offset))


def test_beats_have_six_decimals():
    song = song_of(stops=(Pause(1, 0.5), Pause(49, 0.25)), warps=(Span(96, 16),))
    assert "#STOPS:0.020833=0.500,\n1.020833=0.250;" in ssc_text(song)
    assert "#WARPS:2.000000=0.333333;" in ssc_text(song)


def test_numpy_numbers_are_numbers():
    assert "#OFFSET:0.500;" in ssc_text(song_of(offset=np.float64(0.5)))


@pytest.mark.parametrize("write", [ssc_text, sm_text])
def test_a_line_break_in_a_title_makes_no_tag(write, written):
    song = dataclasses.replace(song_of(tapped(0)), title="a\n#OFFSET:9;\r\tb\udc80")
    path = written(write(song), "song.ssc" if write is ssc_text else "song.sm")
    assert read_song(path).title == "a #OFFSET:9;  b?"
    assert read_song(path).timing.offset == 0


@pytest.mark.parametrize("write", [ssc_text, sm_text])
@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ([Note(-1, 0, NoteKind.TAP)], "before beat 0"),
        ([Note(0, 4, NoteKind.TAP)], "on no panel"),
        ([Note(48, 1, NoteKind.TAP), Note(48, 1, NoteKind.MINE)], "beat 1, panel 1 is there twice"),
    ],
)
def test_notes_without_a_place(write, notes, message):
    with pytest.raises(ChartError, match=f"Easy: .*{message}"):
        write(song_of(Chart(Difficulty.EASY, 1, tuple(notes))))


@pytest.mark.parametrize(
    ("song", "what"),
    [
        (song_of(warps=(Span(0, 48),)), "warps"),
        (song_of(fakes=(Span(0, 48),)), "fakes"),
        (song_of(dataclasses.replace(tapped(0), timing=Timing.constant(90))), "their own timing"),
    ],
)
def test_what_sm_cannot_say(song, what):
    with pytest.raises(ChartError, match=rf"Title: a \.sm file cannot hold .*{what}; write \.ssc"):
        sm_text(song)
    assert "#TITLE:Title;" in ssc_text(song)


def test_sm_credits_where_there_is_no_description():
    chart = dataclasses.replace(tapped(0), credit="Someone")
    assert "\n     Someone:\n" in sm_text(song_of(chart))
    assert "\n     Words:\n" in sm_text(song_of(dataclasses.replace(chart, description="Words")))


def test_the_radar_is_written_for_both_players():
    song = song_of(tapped(0, 48))
    ssc = next(line for line in ssc_text(song, duration=10).splitlines() if "RADAR" in line)
    values = ssc.removeprefix("#RADARVALUES:").removesuffix(";").split(",")
    assert len(values) == 28
    assert values[:14] == values[14:]
    assert float(values[0]) == pytest.approx(2 / 10 / 7, abs=1e-6)
    sm = sm_text(song, duration=10).splitlines()
    assert f"     {','.join(values[:11] * 2)}:" in sm


# ---------------------------------------------------------------- saving


def test_saving_makes_the_folder(tmp_path):
    song = song_of(tapped(0))
    paths = save_song(song, tmp_path / "Pack" / "Song", stem="Title (x)")
    assert paths == [tmp_path / "Pack/Song/Title (x).ssc", tmp_path / "Pack/Song/Title (x).sm"]
    assert [read_song(path) for path in paths] == [song, song]


def test_saving_one_format(tmp_path):
    save_song(song_of(tapped(0)), tmp_path, ["sm"], stem="a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.sm"]


def test_an_unknown_format(tmp_path):
    with pytest.raises(RequestError, match=r"'dwi'; there are ssc, sm"):
        save_song(song_of(), tmp_path / "new", ["ssc", "dwi"], stem="a")
    assert not (tmp_path / "new").exists()


def test_nothing_is_saved_unless_every_format_can_hold_the_song(tmp_path):
    with pytest.raises(ChartError, match="warps"):
        save_song(song_of(warps=(Span(0, 48),)), tmp_path / "new", stem="a")
    assert not (tmp_path / "new").exists()


def test_saving_where_a_file_stands(tmp_path):
    (tmp_path / "Song").write_text("")
    with pytest.raises(OutputError, match=r"Song: cannot be written \(a file stands where a folder is needed\)"):
        save_song(song_of(), tmp_path / "Song", stem="a")


def test_lines_without_notes_are_no_rows(tmp_path):
    """What is left of a comment, or a blank line: the game passes over them."""
    path = tmp_path / "a.sm"
    path.write_text(
        "#TITLE:x;\n#BPMS:0=120;\n#OFFSET:0;\n#NOTES:\n dance-single:\n :\n Hard:\n 3:\n 0:\n"
        "1000\n// a word\n\n0100\n0010\n0001\n;\n"
    )
    assert [note.tick for note in read_song(path).charts[0].notes] == [0, 48, 96, 144]


def test_music_of_its_own_for_the_preview_stands_in_ssc_alone(tmp_path):
    song = Song("t", Timing.constant(120), music="a.ogg", preview_music="a (chiptune).ogg")
    assert "#MUSIC:a.ogg;\n#PREVIEW:a (chiptune).ogg;\n#OFFSET" in ssc_text(song)
    assert "#PREVIEW:" not in sm_text(song)
    assert "#PREVIEW:" not in ssc_text(dataclasses.replace(song, preview_music=""))
    save_song(song, tmp_path, ["ssc"], stem="a")
    assert read_song(tmp_path / "a.ssc").preview_music == "a (chiptune).ogg"
