"""A simfile made to say something else: byte by byte where nothing changed, exactly what was asked where it did."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.errors import ChartError
from charter.notation import Note, NoteKind, PreviewWindow, Tempo, sorted_notes
from export.stepmania.beats import moved_events, moved_rows
from export.stepmania.read import parse_song
from export.stepmania.rewrite import rewritten, same_song

SSC = """#VERSION:0.83;\r
#TITLE:Caf\u00e9;\r
#ARTIST:Someone;\r
#UNKNOWN:kept as it is;\r
#MUSIC:song.ogg;\r
#OFFSET:-0.100000;\r
#BPMS:0.000=120.000\r
,16.000=140.000;\r
#STOPS:;\r
#SCROLLS:0.000=1.000,8.000=0.500;\r
#LABELS:0.000=Song Start,4.000=verse;\r
//---------------dance-single - one----------------\r
#NOTEDATA:;\r
#STEPSTYPE:dance-single;\r
#DESCRIPTION:first;\r
#DIFFICULTY:Easy;\r
#METER:3;\r
#MYTAG:mine;\r
#NOTES:\r
1000 // a comment, with a comma\r
0000\r
0100\r
0000\r
,  // measure 1\r
0010\r
0000\r
0000\r
0000\r
;\r
//---------------dance-double - two----------------\r
#NOTEDATA:;\r
#STEPSTYPE:dance-double;\r
#DIFFICULTY:Hard;\r
#METER:7;\r
#NOTES:\r
10000001\r
00000000\r
;\r
//---------------dance-single - three----------------\r
#NOTEDATA:;\r
#STEPSTYPE:dance-single;\r
#DIFFICULTY:Hard;\r
#METER:8;\r
#NOTES:\r
1001\r
0110\r
2000\r
3000\r
;\r
"""
SM = """#TITLE:Old;
#ARTIST:x;
#MUSIC:song.ogg;
#OFFSET:0.5;
#BPMS:0=120;
#STOPS:;
#NOTES:
     dance-single:
     words:
     Hard:
     9:
     0,0,0,0,0:
1000
0000
0000
0001
;
"""
SSC_PATH, SM_PATH = Path("a.ssc"), Path("a.sm")


def said(data, path=SSC_PATH):
    return parse_song(data, path)


def changed_lines(before, after):
    old, new = before.split(b"\n"), after.split(b"\n")
    return [line for line in new if line not in old], [line for line in old if line not in new]


@pytest.mark.parametrize(("text", "path"), [(SSC, SSC_PATH), (SM, SM_PATH)])
def test_a_file_that_says_it_already_stays_as_it_is(text, path):
    data = text.encode()
    song = said(data, path)
    assert rewritten(data, path, song, range(len(song.charts))) is data


def test_a_note_changes_its_measure_alone():
    data = SSC.encode()
    song = said(data)
    first, last = song.charts
    notes = sorted_notes([*first.notes, Note(192 + 24, 3, NoteKind.TAP)])
    target = replace(song, charts=(replace(first, notes=notes), last))
    after = rewritten(data, SSC_PATH, target, (0, 1))
    assert same_song(said(after), target)
    new, old = changed_lines(data, after)
    assert new == [b"0001\r"] and old == []
    assert b"// measure 1" in after and b"// a comment, with a comma" in after


def test_measures_behind_the_last_are_added():
    data = SSC.encode()
    song = said(data)
    charts = (song.charts[0], replace(song.charts[1], notes=(*song.charts[1].notes, Note(192 * 3, 0, NoteKind.TAP))))
    target = replace(song, charts=charts)
    after = rewritten(data, SSC_PATH, target, (0, 1))
    assert said(after).charts[1].notes == charts[1].notes
    assert b"\n\n" not in after.replace(b"\r", b"")


def test_a_chart_is_taken_out_with_its_heading_and_nothing_else():
    data = SSC.encode()
    song = said(data)
    after = rewritten(data, SSC_PATH, replace(song, charts=song.charts[1:]), (1,))
    start = SSC.index("//---------------dance-single - one")
    end = SSC.index("//---------------dance-double")
    assert after == (SSC[:start] + SSC[end:]).encode()


def test_texts_timing_and_meters_change_their_tags_alone():
    data = SSC.encode()
    song = said(data)
    target = replace(
        song,
        title="a : b ; c // d",
        subtitle="new",
        preview=PreviewWindow(12.5, 10.0),
        timing=replace(song.timing, offset=-0.1234567),
        charts=(replace(song.charts[0], meter=4, description="x;y"), song.charts[1]),
    )
    after = rewritten(data, SSC_PATH, target, (0, 1))
    assert same_song(said(after), target)
    assert said(after).timing.offset == -0.1234567
    new, _old = changed_lines(data, after)
    assert {line.split(b":")[0] for line in new} == {
        b"#TITLE", b"#SUBTITLE", b"#SAMPLESTART", b"#SAMPLELENGTH", b"#OFFSET", b"#METER", b"#DESCRIPTION",
    }  # fmt: skip
    assert b"#UNKNOWN:kept as it is;" in after and b"#MYTAG:mine;" in after


def test_fields_of_an_sm_keep_the_spaces_around_them():
    data = SM.encode()
    song = said(data, SM_PATH)
    target = replace(song, charts=(replace(song.charts[0], meter=10, description="other: words"),))
    after = rewritten(data, SM_PATH, target, (0,))
    assert after == SM.replace("     9:", "     10:").replace("     words:", r"     other\: words:").encode()


def test_an_old_encoding_stays_or_becomes_utf8_where_it_has_to():
    data = SSC.encode("cp1252")
    song = said(data)
    assert rewritten(data, SSC_PATH, replace(song, artist="No\u00ebl"), (0, 1)).count("\u00e9".encode("cp1252")) == 1
    after = rewritten(data, SSC_PATH, replace(song, artist="\u5929"), (0, 1))
    assert (said(after).artist, said(after).title) == ("\u5929", "Caf\u00e9")


def test_beat_0_moves_what_only_the_file_knows_of():
    data = SSC.encode()
    song = said(data)
    beats = 2
    charts = tuple(
        replace(c, notes=tuple(note._replace(tick=note.tick + 48 * beats) for note in c.notes)) for c in song.charts
    )
    timing = replace(
        song.timing,
        offset=song.timing.offset + beats * 0.5,
        tempos=(song.timing.tempos[0], Tempo((16 + beats) * 48, 140.0)),
    )
    target = replace(song, timing=timing, charts=charts)
    after = rewritten(data, SSC_PATH, target, (0, 1), shift=48 * beats).decode()
    assert same_song(said(after.encode()), target)
    assert "#SCROLLS:0.000000=1.000,10.000000=0.500;" in after
    assert "#LABELS:0.000000=Song Start,6.000000=verse;" in after
    double = after[after.index("dance-double;") :].split("#NOTES:")[1].split(";")[0].split()
    assert double == ["00000000", "00000000", "10000001", "00000000"]


def test_what_a_file_cannot_say_is_told_with_its_name():
    data = SM.encode()
    song = said(data, SM_PATH)
    own = replace(song.timing, offset=1.0)
    with pytest.raises(ChartError, match=r"^a\.sm: "):
        rewritten(data, SM_PATH, replace(song, charts=(replace(song.charts[0], timing=own),)), (0,))


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 192 * 6), st.integers(0, 3)), max_size=40, unique=True))
def test_any_taps_come_back_as_they_are(cells):
    notes = tuple(Note(tick, panel, NoteKind.TAP) for tick, panel in sorted(cells))
    data = SSC.encode()
    song = said(data)
    target = replace(song, charts=(replace(song.charts[0], notes=notes), song.charts[1]))
    after = rewritten(data, SSC_PATH, target, (0, 1))
    assert said(after) == target
    assert rewritten(after, SSC_PATH, song, (0, 1)).replace(b"\r\n", b"\n").count(b"#NOTES") == 3


def test_events_and_rows_move():
    assert moved_events("0.000=4=4,8.5=3=4", 48) == "0.000000=4=4,9.500000=3=4"
    assert moved_events("0=1\n,4=2\n,6=3", -48 * 4) == "0.000000=2\n,2.000000=3"
    assert moved_rows("10\n00\n,\n01\n00", 96).split() == ["00", "00", "10", "00", ",", "00", "00", "01", "00"]
    assert moved_rows("1000\n0000\n&\n0001\n0000", 0).count("&") == 1
    with pytest.raises(ChartError, match="before beat 0"):
        moved_rows("1000\n0000", -48)


def test_rows_that_have_no_grid_in_common_are_not_moved():
    """Of 9973 and 9967 rows, it would have billions."""
    rows = ",\n".join("10\n" * count for count in (9973, 9967))
    with pytest.raises(ChartError, match="has rows that cannot be moved"):
        moved_rows(rows, 48)


def test_a_note_on_no_panel_is_told():
    data = SSC.replace("1000 // a comment", "10001 // a comment").encode()
    song = said(data)
    first, last = song.charts
    target = replace(song, charts=(replace(first, notes=first.notes[:2]), last))
    with pytest.raises(ChartError, match=r"measure 1 holds a note on no panel of dance-single"):
        rewritten(data, SSC_PATH, target, (0, 1))
