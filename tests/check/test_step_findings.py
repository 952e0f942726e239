"""What is found in the steps of tiny charts."""

from dataclasses import replace

import pytest

from charter.check.finding import Kind, Severity
from charter.check.step_findings import step_findings
from charter.decode.rules import NEVER, RULES
from charter.notation import Chart, Difficulty, Span, Tempo, Timing
from charter.notation.footing import Annotated, RowFooting
from tests.chart_text import notes_of

HARD, CHALLENGE = RULES[Difficulty.HARD], RULES[Difficulty.CHALLENGE]
FAULT, ADVICE = Severity.FAULT, Severity.ADVICE


def found(rows, *, rules=HARD, difficulty=Difficulty.HARD, spacing=24, timing=None):
    """Findings of a chart of 60 BPM whose rows are half a beat apart, so half a second, unless told."""
    return step_findings(Chart(difficulty, 8, notes_of(rows, spacing)), timing or Timing.constant(60), rules)


def brief(findings):
    return [(each.kind, each.severity, each.beat) for each in findings]


def test_a_stream_that_alternates_has_nothing_to_put_right():
    assert found("1000 0100 1000 0010 1000 0001 0000 1001 0000 2000 0010 3000 0001") == []
    assert found("") == []


@pytest.mark.parametrize(
    ("rows", "rules", "expected"),
    [
        ("0100 1000 0010 0001 0100", HARD, (Kind.DOUBLE_STEP, FAULT, 1.0)),
        ("1020 0100 1130", replace(HARD, crossovers=False), (Kind.CROSSOVER, FAULT, 1.0)),
        ("1100 0100 0001 0010", replace(HARD, footswitches=False), (Kind.FOOTSWITCH, FAULT, 0.5)),
        ("1020 0001 0031 1000", HARD, (Kind.BRACKET, FAULT, 0.0)),
        ("2000 0110 3110", HARD, (Kind.JUMP_IN_HOLD, FAULT, 0.5)),
        ("1110", HARD, (Kind.HAND, FAULT, 0.0)),
        ("1110", CHALLENGE, (Kind.HAND, ADVICE, 0.0)),
        ("2002 0100 3003", CHALLENGE, (Kind.HAND, ADVICE, 0.5)),
        ("1000 0000 0110", replace(HARD, jumps=False), (Kind.JUMP, FAULT, 1.0)),
        ("1000 0002 0003", replace(HARD, holds=False), (Kind.HOLD, FAULT, 0.5)),
        ("1000 0004 0003", replace(HARD, rolls=False), (Kind.ROLL, FAULT, 0.5)),
        ("1000 000M 0010", replace(HARD, mines=False), (Kind.MINE, FAULT, 0.5)),
        ("1000 0001 0001", replace(HARD, fastest_jack=0.6), (Kind.JACK, FAULT, 1.0)),
        ("1000 0000 0100 0001", replace(HARD, fastest_row=0.6), (Kind.DENSITY, FAULT, 1.5)),
        ("1001 0100", replace(HARD, fastest_jump=0.6), (Kind.JUMP, FAULT, 0.0)),
        ("0100 1001", replace(HARD, fastest_jump=0.6), (Kind.JUMP, FAULT, 0.5)),
        ("1000 0002 0003", replace(HARD, shortest_hold=0.6), (Kind.HOLD, FAULT, 0.5)),
    ],
)
def test_what_a_chart_may_not_ask_is_found(rows, rules, expected):
    findings = found(rows, rules=rules)
    assert brief(findings) == [expected]
    assert findings[0].second == expected[2]  # 60 BPM


@pytest.mark.parametrize("rows", ["2000 0110 3110", "1020 0001 0031 1000", "1100 0100 0001 0010"])
def test_what_the_rules_allow_is_no_fault(rows):
    assert [each for each in found(rows, rules=CHALLENGE) if each.severity is FAULT] == []


def test_limits_may_be_met_exactly_but_for_what_files_round_away():
    timing = Timing.constant(120.01)  # half a beat is 0.24998 s
    exact = replace(HARD, fastest_row=0.25, fastest_jack=0.25, fastest_jump=0.25, shortest_hold=0.25)
    assert found("1000 1000 1001 0200 0300", rules=exact, timing=timing) == []


@pytest.mark.parametrize("tech", sorted(NEVER, key=lambda tech: tech.value))
def test_what_no_feet_may_do_is_a_fault_in_any_chart(tech, monkeypatch):
    def annotated(rows, difficulty):
        return Annotated(0.0, (RowFooting(0, 0.0, (0,), (3,), 1, frozenset({tech}), 0.0, False),))

    monkeypatch.setattr("charter.check.step_findings.annotate", annotated)
    (finding,) = found("1000", rules=CHALLENGE, difficulty=None)
    assert (finding.kind.value, finding.severity, finding.message) == (tech.value, FAULT, tech.value)


@pytest.mark.parametrize(
    ("rows", "difficulty", "expected"),
    [
        ("1100 0100 0001 0010", Difficulty.HARD, [(Kind.FOOTSWITCH, ADVICE, 0.5)]),
        ("1100 0100 0001 0010", None, [(Kind.FOOTSWITCH, ADVICE, 0.5)]),
        ("1000 0100 0001 0010", Difficulty.HARD, []),  # the first row: nobody takes it for a jack
    ],
)
def test_switches_are_better_marked_in_hard_charts(rows, difficulty, expected):
    assert brief(found(rows, difficulty=difficulty)) == expected


def test_a_mine_marks_a_switch():
    marked = "0001 0000 0100 0M00 0100 0000 1000 0000 0010 0000"
    assert found(marked, spacing=4, rules=replace(CHALLENGE, fastest_row=0.0)) == []
    (finding,) = found(marked.replace("M", "0"), spacing=12)
    assert (finding.kind, finding.message) == (Kind.FOOTSWITCH, "footswitch without a mine")


@pytest.mark.parametrize(
    ("rows", "spacing", "expected"),
    [
        ("1000 M000 0001", 4, [Kind.MINE]),  # 0.083 s behind the step
        ("0001 M000 1000", 4, [Kind.MINE]),
        ("1000 M000 0001", 5, []),  # 0.104 s
        ("1000 0M00 0001", 4, []),  # another panel
        ("2000 0000 0000 3000 M000", 4, [Kind.MINE]),
    ],
)
def test_mines_leave_feet_the_time_to_go(rows, spacing, expected):
    findings = found(rows, spacing=spacing, rules=replace(CHALLENGE, shortest_hold=0.0))
    assert [(each.kind, each.severity) for each in findings] == [(kind, ADVICE) for kind in expected]


def test_what_cannot_be_met_is_not_found():
    timing = Timing((Tempo(0, 60),), fakes=(Span(24, 48),))
    assert found("1000 M00M 0220 0330 0001", rules=replace(HARD, mines=False, shortest_hold=1.0), timing=timing) == []


def test_a_passage_is_one_finding():
    rules = replace(HARD, fastest_jack=0.6)
    rows = ["1000", *["1000"] * 12, *["0001", "0010"] * 6, "0001", "0001"]
    passage, single = found(" ".join(rows), rules=rules)
    assert passage.message == "12 jacks faster than 0.6 s, beats 0.5 to 6"
    assert (passage.beat, passage.second) == (0.5, 0.5)
    assert (single.message, single.beat) == ("jack faster than 0.6 s", 13.0)


def test_kinds_and_severities_are_kept_apart_and_stand_by_beat():
    rules = replace(CHALLENGE, fastest_jack=0.6)
    findings = found("1000 1000 0111 0000 1000 0000 0111", rules=rules)
    assert brief(findings) == [(Kind.JACK, FAULT, 0.5), (Kind.HAND, ADVICE, 1.0)]
    assert findings[1].message == "2 hands, beats 1 to 3"


def test_seconds_are_told_to_the_millisecond():
    (finding,) = found("0000 1110", timing=Timing.constant(140))
    assert finding.second == 0.214
