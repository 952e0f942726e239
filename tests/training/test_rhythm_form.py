"""Forms told by charts alone: alike passages found, on the chart's bars, up to a little after its last note."""

import numpy as np
import pytest

from charter.notation import TICKS_PER_MEASURE, Chart, Difficulty, Note, NoteKind, Tempo, Timing
from datasets.songs import LabelledSong
from training.rhythm_form import end_of_charts, rhythm_form

RHYTHMS = {"A": (0, 4, 8, 12), "B": (0, 3, 6, 8, 10, 12, 14), "C": (2,)}


def song(letters: str) -> LabelledSong:
    """A bar for each letter, 2 s long."""
    sixteenth = TICKS_PER_MEASURE // 16
    notes = tuple(
        Note(bar * TICKS_PER_MEASURE + place * sixteenth, place % 4, NoteKind.TAP)
        for bar, letter in enumerate(letters)
        for place in RHYTHMS[letter]
    )
    timing = Timing((Tempo(0, 120.0),))
    return LabelledSong("a", "A", "train", "", None, timing, {Difficulty.HARD: Chart(Difficulty.HARD, 5, notes)})


def test_the_song_ends_soon_after_its_last_note():
    assert end_of_charts(song("A" * 8)) == pytest.approx(15.5 + 0.8)


def test_alike_rhythms_are_alike_and_sections_begin_where_they_change():
    form = rhythm_form(song("A" * 8 + "B" * 8 + "A" * 8 + "C" * 8))
    assert [section.first for section in form.sections] == [0, 8, 16, 24]
    assert [section.label for section in form.sections] == ["A", "B", "A", "C"]
    assert form.similar[0, 20] > form.similar[0, 10]


def test_a_passage_with_more_to_hit_is_more_intense():
    form = rhythm_form(song("A" * 8 + "B" * 8 + "C" * 8))
    assert np.unique(form.intensity[:8]) == pytest.approx(4)
    assert np.argsort([section.intensity for section in form.sections]).tolist() == [2, 0, 1]


def test_notes_before_the_first_bar_are_left_out():
    """Beat 0 lies ahead of the audio by half a bar: its bar is not whole."""
    early = song("A" * 8)
    moved = LabelledSong(early.id, "A", "train", "", None, Timing((Tempo(0, 120.0),), offset=1.0), early.charts)
    form = rhythm_form(moved)
    assert form.intensity == pytest.approx([4.0] * 7 + [0.0]), "the last bar is what follows the last note"
