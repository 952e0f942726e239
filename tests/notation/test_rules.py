"""What breaks the format of a chart, as chart text with the fault in it."""

import pytest

from charter.notation import Chart, Difficulty, Note, NoteKind, Pause, Span, Tempo, Timing, sorted_notes
from charter.notation.rules import Violation, violations
from tests.chart_text import notes_of

TIMING = Timing.constant(120)
SOUND = "1000 0100 0010 M001 2000 3L0F 4002 3003"  # one row a beat


def chart_of(notes, meter=1):
    return Chart(Difficulty.EASY, meter, tuple(notes))


@pytest.mark.parametrize("text", ["", SOUND, "1111", "2222 3333 4444 3333", "2000 3000 1000", "2000 0111 3000"])
def test_sound_charts(text):
    assert violations(chart_of(notes_of(text)), TIMING) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3000", [Violation(0, 0, "a tail has no head")]),
        ("2000 3000 3000", [Violation(96, 0, "a tail has no head")]),
        ("2000 0300", [Violation(0, 0, "a hold or roll has no tail"), Violation(48, 1, "a tail has no head")]),
        ("0004 1000", [Violation(0, 3, "a hold or roll has no tail")]),
        ("2000 1000 3000", [Violation(48, 0, "a note stands inside a hold on its own panel")]),
        ("2000 M000 3000", [Violation(48, 0, "a note stands inside a hold on its own panel")]),
        (
            "2000 4000 3000",
            [
                Violation(0, 0, "a hold or roll has no tail"),
                Violation(48, 0, "a note stands inside a hold on its own panel"),
            ],
        ),
    ],
)
def test_holds(text, expected):
    assert violations(chart_of(notes_of(text)), TIMING) == expected


def test_places():
    tap = NoteKind.TAP
    notes = [Note(-1, 2, tap), Note(0, 4, tap), Note(48, 1, tap), Note(48, 1, NoteKind.MINE), Note(96, -1, tap)]
    found = violations(chart_of(notes), TIMING)
    assert [(v.tick, v.panel) for v in found] == [(-1, 2), (0, 4), (48, 1), (96, -1)]
    assert "before beat 0" in found[0].message
    assert "no panel 4" in found[1].message
    assert found[2].message == "2 notes stand on one panel at once"
    assert "no panel -1" in found[3].message


def test_order():
    notes = notes_of("1000 0100 0010")
    assert [v[:2] for v in violations(chart_of((notes[1], notes[0], notes[2])), TIMING)] == [(0, 0)]
    assert violations(chart_of(sorted_notes((notes[1], notes[0], notes[2]))), TIMING) == []


@pytest.mark.parametrize("meter", [0, -3])
def test_meter(meter):
    assert violations(chart_of((), meter), TIMING) == [
        Violation(0, None, f"the meter is {meter}; it must be at least 1")
    ]


def test_a_hold_of_no_time():
    hold = notes_of("1000 2000 3000")
    # The row of a stop can be hit even where a warp begins; here both take no time.
    at_once = Timing((Tempo(0, 120),), stops=(Pause(48, 0),), warps=(Span(48, 96),))
    assert violations(chart_of(hold), at_once) == [Violation(48, 0, "a hold lasts 0 s")]
    assert violations(chart_of(hold), Timing((Tempo(0, 120),), stops=(Pause(48, 1),), warps=(Span(48, 96),))) == []


def test_a_hold_inside_a_warp_is_only_there_to_be_seen():
    assert violations(chart_of(notes_of("0000 2000 3000")), Timing((Tempo(0, 120),), warps=(Span(0, 480),))) == []


def test_a_hold_on_one_tick():
    notes = (Note(0, 0, NoteKind.HOLD), Note(0, 0, NoteKind.TAIL))
    messages = {violation.message for violation in violations(chart_of(notes), TIMING)}
    assert messages == {"2 notes stand on one panel at once", "a hold lasts 0 s"}


def test_two_notes_at_once_do_not_stand_inside_each_other():
    notes = (Note(0, 0, NoteKind.HOLD), Note(0, 0, NoteKind.TAP), Note(48, 0, NoteKind.TAIL))
    assert [violation.message for violation in violations(chart_of(notes), TIMING)] == [
        "2 notes stand on one panel at once"
    ]
