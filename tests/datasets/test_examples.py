"""Human charts as examples: what the networks are to learn stands where the chart has it."""

import numpy as np
import pytest

from charter.audio.loudness import AudibleSpan
from charter.audio.spec import AudioSpec
from charter.model.config import PlacementConfig
from charter.model.rows import ECHO_MEASURES
from charter.model.vocabulary import LENGTHS, START, SYMMETRIES, decode
from charter.notation import TICKS_PER_MEASURE, Chart, Difficulty, Note, NoteKind, Timing
from datasets.cache import Heard
from datasets.placement import placement_example, rhythms
from datasets.symbols import NO_LENGTH, symbol_example, turned

SPEC = AudioSpec(mels=16)
TIMING = Timing.constant(120, -0.5)
T, H, E, R, M = NoteKind.TAP, NoteKind.HOLD, NoteKind.TAIL, NoteKind.ROLL, NoteKind.MINE


def chart(*notes: tuple[int, int, NoteKind]) -> Chart:
    return Chart(Difficulty.HARD, 5, tuple(Note(*note) for note in notes))


WHOLE = AudibleSpan(0.0, 10.0)


def heard(span: AudibleSpan | None = WHOLE) -> Heard:
    return Heard(np.zeros((1001, 16, 2), dtype=np.float16), 10.0, span)


def test_rows_stand_on_their_steps():
    config = PlacementConfig(SPEC)
    charts = {
        Difficulty.EASY: chart((0, 0, T), (96, 1, T)),
        Difficulty.HARD: chart((0, 0, T), (24, 0, M), (48, 3, H), (60, 1, T), (72, 3, E)),
    }
    example = placement_example("x", TIMING, rhythms(charts, TIMING), heard(), config)
    assert example is not None
    assert [np.flatnonzero(rows).tolist() for rows in example.rows] == [[0, 48], [0, 24, 30]]
    assert example.difficulty.tolist() == [1, 3]
    assert example.density == pytest.approx([0.2, 0.3])
    assert [ticks.tolist() for ticks in example.ticks] == [[0, 96], [0, 48, 60]]
    assert len(example.grid) % config.steps_per_token == 0
    assert example.mel.shape == (len(example.grid), 16, 2)
    assert example.guide.shape[0] == len(example.grid) // config.steps_per_token


def test_music_alone_is_learnt_from():
    config = PlacementConfig(SPEC)
    example = placement_example(
        "x", TIMING, rhythms({Difficulty.HARD: chart((0, 0, T))}, TIMING), heard(AudibleSpan(2.0, 6.0)), config
    )
    assert example is not None
    seconds = example.grid.seconds[example.music]
    assert 1.9 < seconds.min() <= 2.0 < 5.9 < seconds.max() <= 6.0


def test_silence_and_empty_charts_are_no_examples():
    config = PlacementConfig(SPEC)
    assert (
        placement_example("x", TIMING, rhythms({Difficulty.HARD: chart((0, 0, T))}, TIMING), heard(None), config)
        is None
    )
    assert placement_example("x", TIMING, rhythms({Difficulty.HARD: chart()}, TIMING), heard(), config) is None


def symbols_of(*notes: tuple[int, int, NoteKind]):
    example = symbol_example("x", Difficulty.HARD, chart(*notes), TIMING, (None, SPEC))
    assert example is not None
    return example


def test_symbols_holds_and_mines_of_a_chart():
    example = symbols_of(
        (0, 0, T), (48, 1, H), (60, 0, M), (72, 3, T), (96, 1, E), (96, 2, R), (96, 3, T), (120, 2, E), (144, 0, M)
    )
    assert decode(example.symbols).tolist() == [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 1], [0, 0, 3, 1]]
    assert example.lengths.tolist() == [NO_LENGTH, LENGTHS.tolist().index(48), NO_LENGTH, LENGTHS.tolist().index(24)]
    assert example.held.tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]]
    assert [tuple(place) for place in np.argwhere(example.mines)] == [(1, 1, 0), (3, 1, 0)]


def test_a_third_panel_and_its_hold_are_left_out():
    example = symbols_of((0, 0, T), (0, 1, T), (0, 3, H), (48, 2, T), (96, 3, E), (144, 0, T))
    assert decode(example.symbols)[0].tolist() == [1, 1, 0, 0]
    assert example.lengths.tolist() == [NO_LENGTH] * 3
    assert not example.held.any()


def test_a_chart_of_one_row_is_no_example():
    assert symbol_example("x", Difficulty.HARD, chart((0, 0, T)), TIMING, (None, SPEC)) is None


@pytest.mark.parametrize("symmetry", range(len(SYMMETRIES)))
def test_a_turned_pad_is_the_same_chart(symmetry):
    example = symbols_of((0, 0, T), (48, 1, H), (60, 0, M), (72, 3, T), (96, 1, E))
    once = turned(example, symmetry)
    for panel, image in enumerate(SYMMETRIES[symmetry]):
        assert np.array_equal(decode(once.symbols)[:, image], decode(example.symbols)[:, panel])
        assert np.array_equal(once.held[:, image], example.held[:, panel])
        assert np.array_equal(once.mines[..., image], example.mines[..., panel])
    assert np.array_equal(once.lengths, example.lengths)
    back = turned(once, symmetry)
    for part in ("symbols", "echoes", "held", "mines"):
        assert np.array_equal(getattr(back, part), getattr(example, part))


def test_echoes_are_the_rows_whole_measures_before():
    measure = TICKS_PER_MEASURE
    example = symbols_of((0, 0, T), (48, 1, T), (measure, 2, T), (measure + 24, 3, T), (4 * measure, 3, T))
    found = {
        (row, ECHO_MEASURES[place]): int(example.echoes[row, place])
        for row, place in np.argwhere(example.echoes != START).tolist()
    }
    assert found == {(2, 1): int(example.symbols[0]), (4, 4): int(example.symbols[0])}
    mirrored = turned(example, 1)
    assert mirrored.echoes[2, 0] == mirrored.symbols[0] != example.symbols[0]
