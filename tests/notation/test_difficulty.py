import pytest

from charter.errors import RequestError
from charter.notation import Difficulty, parse_slot, slot_label, slot_word


def test_the_ladder_rises():
    assert [difficulty.label for difficulty in sorted(Difficulty)] == [
        "Beginner",
        "Easy",
        "Medium",
        "Hard",
        "Challenge",
    ]


@pytest.mark.parametrize("word", ["hard", "Hard", "HARD", " hard "])
def test_words_in_any_case(word):
    assert Difficulty.parse(word) is Difficulty.HARD


@pytest.mark.parametrize("difficulty", [*Difficulty, None])
def test_the_names_of_slots_can_be_parsed(difficulty):
    assert parse_slot(slot_label(difficulty)) is difficulty
    assert parse_slot(slot_word(difficulty)) is difficulty


def test_an_edit_is_called_so():
    assert (slot_word(None), slot_label(None)) == ("edit", "Edit")


@pytest.mark.parametrize("word", ["edit", "heavy", "", "3"])
def test_other_words_name_the_known_ones(word):
    with pytest.raises(RequestError, match=f"'{word}'.*beginner, easy, medium, hard, challenge"):
        Difficulty.parse(word)


def test_a_word_for_no_slot_names_edit_too():
    with pytest.raises(RequestError, match="'heavy'; there are beginner, easy, medium, hard, challenge, and edit"):
        parse_slot("heavy")
