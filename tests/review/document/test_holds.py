"""Holds that end nowhere."""

from charter.notation import Note, NoteKind
from charter.review.document.holds import closed_holds

TAP, HOLD, ROLL, TAIL = NoteKind.TAP, NoteKind.HOLD, NoteKind.ROLL, NoteKind.TAIL


def test_heads_without_a_tail_are_taps_and_tails_without_a_head_go():
    notes = (
        Note(0, 0, HOLD), Note(0, 3, TAIL), Note(48, 1, ROLL), Note(96, 0, HOLD), Note(96, 1, TAIL), Note(144, 0, TAIL),
        Note(192, 2, NoteKind.MINE), Note(240, 2, ROLL),
    )  # fmt: skip
    assert closed_holds(notes) == (
        Note(0, 0, TAP), Note(48, 1, ROLL), Note(96, 0, HOLD), Note(96, 1, TAIL), Note(144, 0, TAIL),
        Note(192, 2, NoteKind.MINE), Note(240, 2, TAP),
    )  # fmt: skip


def test_notes_whose_holds_all_end_stay_as_they_are():
    notes = (Note(0, 0, HOLD), Note(0, 1, TAP), Note(48, 0, TAIL))
    assert closed_holds(notes) == notes
