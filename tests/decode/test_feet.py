"""Alternating feet, row by row: which panel the next step would have to cross over for."""

import pytest

from charter.decode.feet import DOWN, LEFT, RIGHT, UP, AlternatingFeet

PANELS = {"L": LEFT, "D": DOWN, "U": UP, "R": RIGHT}


def walked(text: str) -> AlternatingFeet:
    """Feet after rows such as ``L``, ``LR`` (a jump), ``L(`` (a hold starts on L), ``D-`` (the hold goes on)."""
    feet = AlternatingFeet()
    for row in text.split():
        panels = [PANELS[letter] for letter in row if letter in PANELS]
        feet.step(panels, hold=PANELS[row[row.index("(") - 1]] if "(" in row else None, still_held="-" in row)
    return feet


def crossing(text: str) -> str:
    crossed = walked(text).crossing()
    return "".join(letter for letter, panel in PANELS.items() if crossed[panel])


@pytest.mark.parametrize(
    ("rows", "crossed"),
    [
        ("", ""),
        ("L", ""),  # the right foot is next, but the left may step there again
        ("R", ""),
        ("L D", "R"),  # L left, D right: the left foot is next
        ("L D U", "L"),
        ("R U L", "R"),  # the right foot crossed over to L
        ("U", ""),  # either foot may have stepped
        ("U D", ""),
        ("U D L", ""),
        ("U D L U", "R"),
        ("L R L R", ""),
    ],
)
def test_feet_take_turns(rows, crossed):
    assert crossing(rows) == crossed


def test_a_jack_is_the_same_foot_again():
    assert crossing("L D D") == "R"  # right, right: the left foot is still to come
    assert crossing("L D D D") == "R"


def test_after_a_jump_either_foot_may_step():
    assert crossing("L D LR") == ""
    assert crossing("L D LR L D") == "R"


def test_a_foot_on_a_hold_leaves_every_row_to_the_other():
    for rows in ("L( D-", "L( D- U-", "L( D- U- D-"):
        assert walked(rows).next_foot() == 1
        assert crossing(rows) == "L"
    assert [walked(rows).next_foot() for rows in ("L( D- U", "L( D- U D")] == [1, 0]


def test_a_second_hold_does_not_free_the_first_foot():
    assert walked("L( D(-").next_foot() == 1


def test_a_hold_that_starts_in_a_jump_keeps_its_foot():
    assert [walked(f"{jump} U-").next_foot() for jump in ("L(R", "LR(")] == [1, 0]
    assert [crossing(f"{jump} U-") for jump in ("L(R", "LR(")] == ["L", "R"]
