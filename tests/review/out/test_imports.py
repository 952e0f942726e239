"""Simfiles that come back from other editors."""

import json
import re
from dataclasses import replace

import pytest

from charter.errors import CharterError, ChartError, TimingError
from charter.notation import Chart, Difficulty, Note, NoteKind, PreviewWindow, Song, Tempo, Timing, slot_word
from charter.review.document.changes import moved, notes_by_cell
from charter.review.document.codec import fields_json, notes_json
from charter.review.out.imports import OurChart, read_import
from export.stepmania.write import sm_text, ssc_text

TAP = NoteKind.TAP
TIMING = Timing((Tempo(0, 120.0), Tempo(960, 150.0)), -0.25)


def row(*ticks, panel=0):
    return tuple(Note(tick, panel, TAP) for tick in ticks)


SONG = Song(
    "A song",
    TIMING,
    (
        Chart(Difficulty.EASY, 3, row(0, 96, 192, 288, 384)),
        Chart(Difficulty.HARD, 8, row(*range(0, 1920, 48)), description="first"),
        Chart(None, 9, row(0, 48), description="one"),
        Chart(None, 10, row(0, 96), description="two"),
    ),
    "Someone",
    preview=PreviewWindow(10.0, 12.0),
)
FIELDS = fields_json(SONG)


def under_review(song=SONG):
    return [
        OurChart(place + 1, slot_word(c.difficulty), 4, c.meter, c.description, notes_by_cell(notes_json(c.notes)))
        for place, c in enumerate(song.charts)
    ]


def take(song, text=ssc_text, name="x.ssc", fields=FIELDS, ours=None):
    return read_import(text(song).encode(), name, fields, under_review() if ours is None else ours)


@pytest.mark.parametrize(("text", "name"), [(ssc_text, "x.ssc"), (sm_text, "dir/x.SM")])
def test_the_same_file_changes_nothing(text, name):
    found = take(SONG, text, name)
    assert [made.is_new for made in found.charts] == [False] * 4
    assert (found.retimed, found.shift, found.offered, found.left_out) == (False, 0, {}, ())


def test_what_changed_is_told_by_chart():
    notes = (*row(0, 96, 200, 288), *row(384, panel=1), *row(480))
    found = take(replace(SONG, charts=(replace(SONG.charts[0], meter=4, notes=notes), *SONG.charts[1:])))
    (made,) = [made for made in found.charts if made.is_new]
    assert (made.chart.id, made.changes.fields) == (1, {"meter": (3, 4)})
    difference = made.difference
    assert (difference.kept, difference.moved, difference.rewritten) == ((0, 96, 288), ((192, 200),), (384,))
    assert (difference.added, difference.removed) == ((480,), ())
    assert made.changes.applied(made.chart.notes) == notes_by_cell(notes_json(notes))


def test_edits_of_one_difficulty_go_by_their_description():
    swapped = replace(SONG, charts=(SONG.charts[3], SONG.charts[2]))
    found = take(swapped)
    assert {made.chart.id: made.is_new for made in found.charts} == {3: False, 4: False}


def test_a_difficulty_that_is_not_under_review_is_left_out_and_told():
    more = replace(SONG, charts=(*SONG.charts, Chart(Difficulty.CHALLENGE, 12, row(0))))
    assert take(more).left_out == ("Challenge 12: there is no such chart under review",)


def test_another_timing_is_told_and_offered():
    theirs = replace(SONG, timing=replace(TIMING, offset=-0.237), title="Another")
    found = take(theirs)
    assert found.retimed
    assert found.offered == {
        "title": ["A song", "Another"],
        "timing": [FIELDS["timing"], fields_json(theirs)["timing"]],
    }
    assert not any(made.is_new for made in found.charts)


def test_digits_that_an_editor_drops_are_no_other_timing():
    theirs = replace(SONG, timing=Timing((Tempo(0, 120.0), Tempo(960, 150.0001)), -0.2504))
    assert not take(theirs).retimed


@pytest.mark.parametrize("beats", [1, 4])
def test_a_beat_0_that_lies_elsewhere_in_the_same_beats_is_taken_by_what_is_heard(beats):
    ticks = 48 * beats
    timing = Timing((Tempo(0, 120.0), Tempo(960 + ticks, 150.0)), -0.25 + beats * 0.5)
    charts = tuple(replace(c, notes=tuple(n._replace(tick=n.tick + ticks) for n in c.notes)) for c in SONG.charts)
    found = take(replace(SONG, timing=timing, charts=charts))
    assert (found.retimed, found.shift) == (False, -ticks)
    assert not any(made.is_new for made in found.charts)
    # And the other way round: the review's own beat 0 was moved after the file was written.
    ours = [replace(chart, notes=moved(chart.notes, ticks)) for chart in under_review()]
    fields = {**FIELDS, "timing": fields_json(replace(SONG, timing=timing))["timing"]}
    back = take(SONG, fields=fields, ours=ours)
    assert (back.shift, any(made.is_new for made in back.charts)) == (ticks, False)


def test_notes_before_our_beat_0_are_refused_with_the_chart():
    timing = Timing((Tempo(0, 120.0), Tempo(960 + 48, 150.0)), 0.25)
    with pytest.raises(ChartError, match=r"^x\.ssc: Easy: \[-48, 0, '1', None\] is no note"):
        take(replace(SONG, timing=timing))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "x.ssc", "x.ssc"),
        (b"\0\xff\xfe", "x.sm", "x.sm"),
        (b"#TITLE:x;#BPMS:0=120;", "x.sm", "holds no dance-single chart"),
        (b"#TITLE:x;#BPMS:0=1e999999999;", "x.sm", "out of range"),
        (b"[General]", "x.osu", "is no simfile"),
        (b"x", "../../etc/passwd", "passwd: is no simfile"),
        (b"x", "", "is no simfile"),
    ],
)
def test_what_is_no_simfile_is_refused_in_one_line(data, name, said):
    with pytest.raises(CharterError, match=said) as raised:
        read_import(data, name, FIELDS, under_review())
    assert "\n" not in str(raised.value) and "/" not in str(raised.value)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("#OFFSET:-0.250", "#OFFSET:1e308"),
        ("#BPMS:0.000000=120.000", "#BPMS:0.000000=1e-306"),
        ("#BPMS:0.000000=120.000", "#BPMS:0.000000=1e308"),
        ("#STOPS:", "#STOPS:1=1e308"),
        ("#BPMS:", "#BPMS:0=120,1e300=100,"),
    ],
)
def test_a_timing_that_cannot_be_reckoned_with_is_refused(was, now):
    text = ssc_text(SONG)
    assert was in text
    with pytest.raises(CharterError, match=r"^x\.ssc: ") as raised:
        read_import(text.replace(was, now, 1).encode(), "x.ssc", FIELDS, under_review())
    assert "\n" not in str(raised.value)


def damaged(change):
    text = ssc_text(replace(SONG, charts=SONG.charts[:2]))
    return change(text).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("1000\n0000", "1000\n00x", 1), r"^x\.ssc: Easy: measure 1: '00x' is no row of 4"),
        (lambda text: text.replace("1000\n0000", "1000\n00000", 1), r"Easy: measure 1: '00000' is no row"),
        (lambda text: text[: text.rindex(",")], r"Hard: is cut off in measure \d+$"),
        (lambda text: text[: text.rindex("1000")] + "10", r"Hard: measure 10: '10' is no row"),
        (lambda text: text[: text.rindex("#NOTES")], "its last chart has no notes: the file is cut off"),
        (lambda text: text.replace(";\n#NOTEDATA", "\n#NOTEDATA"), r"Easy: is cut off in measure 3"),
        (
            lambda text: text.replace(":Easy;", ":ea\nsy;", 1).replace("0\n0000", "0\n00x", 1),
            r"^x\.ssc: Ea sy: measure 1",
        ),
    ],
)
def test_a_damaged_file_is_refused_with_the_measure(change, said):
    with pytest.raises(ChartError, match=said) as raised:
        read_import(damaged(change), "x.ssc", FIELDS, under_review())
    assert "\n" not in str(raised.value)


def test_comments_key_sounds_and_blank_lines_are_no_damage():
    text = ssc_text(SONG).replace("1000\n", " 1[3]000 // a comment\n\n", 3)
    assert [made.is_new for made in read_import(text.encode(), "x.ssc", FIELDS, under_review()).charts] == [False] * 4


def test_what_a_file_lacks_stays_and_is_told():
    found = take(replace(SONG, charts=SONG.charts[1:3]))
    assert [chart.id for chart in found.missing] == [1, 4]


def test_a_hold_that_ends_nowhere_is_a_tap_and_that_is_told():
    hold, tail = Note(480, 2, NoteKind.HOLD), Note(960, 3, NoteKind.TAIL)
    easy = replace(SONG.charts[0], notes=(*SONG.charts[0].notes, hold, tail))
    found = take(replace(SONG, charts=(easy, *SONG.charts[1:])))
    assert found.left_out == (
        "Easy: measure 3: a hold that ends nowhere is a tap",
        "Easy: measure 6: the end of no hold is left out",
    )
    assert found.charts[0].difference.added == (480,)


def test_a_meter_is_held_to_99_and_one_that_is_higher_already_stays():
    high = replace(SONG, charts=(replace(SONG.charts[0], meter=120), *SONG.charts[1:]))
    assert take(high).charts[0].changes.fields == {"meter": (3, 99)}
    assert take(high, ours=under_review(high)).charts[0].changes.fields == {}


@pytest.mark.parametrize("number", ["inf", "nan", "1e999"])
def test_a_preview_that_is_no_number_is_not_offered(number):
    text, count = re.subn("#SAMPLESTART:[^;]*;", f"#SAMPLESTART:{number};", ssc_text(SONG))
    assert count == 1
    found = read_import(text.encode(), "x.ssc", FIELDS, under_review())
    assert "preview" not in found.offered or found.offered["preview"][1] is None
    json.dumps(found.offered, allow_nan=False)


def test_a_warp_that_no_timing_of_ours_holds_is_refused():
    """Else a song would be taken in that cannot be checked, edited or written."""
    text = ssc_text(SONG).replace("#NOTEDATA:", "#WARPS:4.000000=1000000.000000;\n#NOTEDATA:", 1)
    with pytest.raises(TimingError, match="goes on behind beat"):
        read_import(text.encode(), "x.ssc", FIELDS, under_review())
