import numpy as np

from charter.arrange.line import Manners, follow

MANNERS = Manners(rest=0.2, start=0.5)


def line(strengths: np.ndarray, starts: np.ndarray | None = None) -> list[tuple[int, int, int]]:
    strengths = strengths.astype(np.float32)
    starts = np.zeros_like(strengths) if starts is None else starts.astype(np.float32)
    notes = follow(strengths, starts, np.full(len(strengths), 0.05), MANNERS)
    return [(note.first, note.end, note.pitch) for note in notes]


def test_two_notes_with_a_rest_between() -> None:
    strengths = np.zeros((30, 20))
    strengths[2:10, 5] = 1
    strengths[15:25, 9] = 1
    assert line(strengths) == [(2, 10, 5), (15, 25, 9)]


def test_silence_is_rest() -> None:
    assert line(np.zeros((30, 20))) == []
    assert line(np.zeros((0, 20))) == []


def test_a_repeated_pitch_is_two_notes_only_where_one_sets_in() -> None:
    strengths, starts = np.zeros((20, 20)), np.zeros((20, 20))
    strengths[:, 7] = 1
    assert line(strengths) == [(0, 20, 7)]
    starts[10, 7] = 1.5
    assert line(strengths, starts) == [(0, 10, 7), (10, 20, 7)]


def test_a_flicker_of_another_pitch_is_held_over() -> None:
    strengths = np.zeros((20, 20))
    strengths[:, 7] = 0.8
    strengths[10, 19] = 1.0
    assert line(strengths) == [(0, 20, 7)]


def test_the_register_is_kept_over_a_rest() -> None:
    """Of two equal pitches the one near the note before the rest."""
    strengths = np.zeros((60, 40))
    strengths[0:10, 30] = 1
    strengths[30:40, [6, 31]] = 0.6
    assert line(strengths) == [(0, 10, 30), (30, 40, 31)]
