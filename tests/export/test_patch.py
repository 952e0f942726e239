"""A passage of a file gets other notes, and no other byte changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.errors import ChartError
from charter.notation import Note, NoteKind, Passage
from export.stepmania import read_song
from export.stepmania.patch import patched, steps_types

T, H, E = NoteKind.TAP, NoteKind.HOLD, NoteKind.TAIL
BEAT = 48

SM = """// a file of someone's own
#TITLE:Ünïcode\\: yes;
#BPMS:0=120;
#OFFSET:0;
#NOTES:
     dance-double:
     :
     Hard:
     9:
     0,0,0,0,0:
00000000
00000000
00000000
00000001
;
#NOTES:
     dance-single:
     me:
     Easy:
     3:
     0,0,0,0,0:
1000
0000
0000
0000
;
#NOTES:
     dance-single: // with a comment, and a comma
     me:
     Hard:
     7:
     0,0,0,0,0:
  // measure 0, the first
1000
0100
0010
0001
,  // measure 1
2000
0000
3000
0000
0M00
0000
0000
0001
,
1001
0000
0000
0000
;
"""


def write(tmp_path, text, name="a.sm"):
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    return path


def hard(path):
    return [tuple(note) for note in read_song(path).charts[1].notes]


def apply(path, passage, new, kept=()):
    data = path.read_bytes()
    after = patched(data, 1, Passage(*passage), kept, new)
    path.write_bytes(after)
    return data, after


def test_what_charts_a_file_holds():
    assert steps_types(SM.encode()) == ["dance-double", "dance-single", "dance-single"]


def test_only_the_passage_changes(tmp_path):
    path = write(tmp_path, SM)
    notes = hard(path)
    before, after = apply(path, (4 * BEAT, 6 * BEAT), [Note(4 * BEAT, 3, T), Note(5 * BEAT + 24, 1, T)])
    expected = [note for note in notes if not 4 * BEAT <= note[0] < 6 * BEAT]
    assert hard(path) == sorted([*expected, (4 * BEAT, 3, T), (5 * BEAT + 24, 1, T)], key=lambda note: note[:2])
    start = SM.index(",  // measure 1\n") + len(",  // measure 1\n")
    end = SM.index("0M00\n")
    assert after[: len(SM[:start].encode())] == SM[:start].encode()
    assert after.endswith(SM[end:].encode())
    assert len(before) == len(after)


def test_kept_notes_stand_beside_new_ones(tmp_path):
    path = write(tmp_path, SM)
    kept = [Note(4 * BEAT, 0, H), Note(5 * BEAT, 0, E)]
    apply(path, (4 * BEAT, 8 * BEAT), [Note(4 * BEAT, 3, T)], kept)
    inside = [note for note in hard(path) if 4 * BEAT <= note[0] < 8 * BEAT]
    assert inside == [(4 * BEAT, 0, H), (4 * BEAT, 3, T), (5 * BEAT, 0, E)]


def test_the_same_notes_leave_every_byte(tmp_path):
    path = write(tmp_path, SM)
    song = read_song(path)
    notes = [note for note in song.charts[1].notes if note.tick < 8 * BEAT]
    before, after = apply(path, (0, 8 * BEAT), notes)
    assert before == after


def test_a_finer_row_refines_its_measure_alone(tmp_path):
    path = write(tmp_path, SM)
    notes = hard(path)
    apply(path, (0, BEAT), [Note(0, 0, T), Note(16, 1, T), Note(12, 2, T)])
    assert hard(path) == sorted(
        [*(note for note in notes if note[0] >= BEAT), (0, 0, T), (16, 1, T), (12, 2, T)], key=lambda note: note[:2]
    )
    assert path.read_text("utf-8").count("\n") == SM.count("\n") + 48 - 4


def test_rows_of_an_odd_grid_stay_where_they_are(tmp_path):
    odd = "1000\n0000\n0100\n0000\n0010\n"  # five to the measure
    path = write(tmp_path, SM.replace("1001\n0000\n0000\n0000\n", odd))
    notes = hard(path)
    apply(path, (8 * BEAT, 9 * BEAT), [Note(8 * BEAT + 24, 3, T)])
    assert [note for note in hard(path) if note[0] >= 9 * BEAT] == [note for note in notes if note[0] >= 9 * BEAT]


def test_a_passage_behind_the_last_measure_adds_measures(tmp_path):
    path = write(tmp_path, SM)
    notes = hard(path)
    apply(path, (16 * BEAT, 20 * BEAT), [Note(17 * BEAT, 2, T)])
    assert hard(path) == [*notes, (17 * BEAT, 2, T)]


def test_line_ends_of_windows_stay(tmp_path):
    path = write(tmp_path, SM.replace("\n", "\r\n"))
    apply(path, (0, 4 * BEAT), [Note(24, 0, T)])
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert (24, 0, T) in hard(path)


def test_ssc_and_a_missing_end(tmp_path):
    text = (
        "#VERSION:0.83;\n#TITLE:x;\n#OFFSET:0;\n#BPMS:0=120;\n#NOTEDATA:;\n#STEPSTYPE:dance-single;\n"
        "#DIFFICULTY:Hard;\n#METER:3;\n#NOTES:\n1000\n0000\n0000\n0000\n"
    )
    path = write(tmp_path, text, "a.ssc")
    path.write_bytes(patched(path.read_bytes(), 0, Passage(0, 4 * BEAT), (), [Note(BEAT, 1, T)]))
    assert path.read_text() == text.replace("1000\n0000\n0000\n0000\n", "0000\n0100\n0000\n0000\n")


def test_rows_that_are_none_are_told():
    data = SM.replace("0M00", "0[5]M00").encode()
    with pytest.raises(ChartError, match="measure 2 holds"):
        patched(data, 1, Passage(4 * BEAT, 8 * BEAT), (), [])


def test_a_measure_without_room_for_another_row_is_told():
    data = b"#TITLE:x;#NOTES:dance-single::Hard:1:0:\n" + b"1000\n" * 9973 + b";"
    with pytest.raises(ChartError, match="measure 1 has 9973 rows, and no room for another"):
        patched(data, 0, Passage(0, BEAT), (), [Note(1, 0, T)])


def test_the_encoding_that_is_read_is_the_one_that_is_written(tmp_path):
    """The second byte of some Japanese characters is a backslash, which would hide what follows."""
    charts = "".join(
        f"#NOTES:\n dance-single:\n {name}:\n {level}:\n 3:\n 0:\n"
        "1000\n0000\n0000\n0000\n,\n0100\n0000\n0000\n0000\n;\n"
        for name, level in (("\u30bd", "Easy"), ("x", "Hard"))
    )
    path = tmp_path / "a.sm"
    path.write_bytes(f"#TITLE:\u3002;\n#BPMS:0=120;\n#OFFSET:0;\n{charts}".encode("cp932"))
    before = path.read_bytes()
    path.write_bytes(patched(before, 0, Passage(0, BEAT), (), [Note(0, 3, T)]))
    easy, hard = read_song(path).charts
    assert [tuple(note) for note in easy.notes] == [(0, 3, T), (4 * BEAT, 1, T)]
    assert [tuple(note) for note in hard.notes] == [(0, 0, T), (4 * BEAT, 1, T)]
    assert path.read_bytes() == before.replace(b"1000", b"0001", 1)


def test_a_comment_may_hold_what_python_takes_for_a_line_end(tmp_path):
    path = write(tmp_path, SM.replace("// measure 1", "// \u00c5\x85, la"))
    notes = hard(path)
    apply(path, (8 * BEAT, 9 * BEAT), [Note(8 * BEAT, 2, T)])
    assert hard(path) == [*(note for note in notes if note[0] < 8 * BEAT), (8 * BEAT, 2, T)]


def test_new_measures_end_their_lines_as_the_chart_does(tmp_path):
    path = write(tmp_path, SM.replace("\n", "\r\n"))
    apply(path, (16 * BEAT, 20 * BEAT), [Note(17 * BEAT, 2, T)])
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")


ticks = st.integers(0, 12 * BEAT - 1)


@given(start=ticks, length=st.integers(1, 6 * BEAT), new=st.lists(st.tuples(ticks, st.integers(0, 3)), max_size=6))
def test_whatever_the_passage_the_rest_reads_the_same(tmp_path_factory, start, length, new):
    path = write(tmp_path_factory.mktemp("patch"), SM)
    passage = Passage(start, start + length)
    notes = hard(path)
    placed = {(tick, panel) for tick, panel in new if passage.holds(tick)}
    apply(path, passage, [Note(tick, panel, T) for tick, panel in placed])
    expected = [note for note in notes if not passage.holds(note[0])] + [(*place, T) for place in placed]
    assert hard(path) == sorted(expected, key=lambda note: note[:2])
