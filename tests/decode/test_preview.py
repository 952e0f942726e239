"""The preview is the busiest passage, on a measure, and within the audio."""

import pytest

from charter.decode.preview import LENGTH_SECONDS, preview_window
from charter.notation import Chart, Difficulty, Note, NoteKind, PreviewWindow, Timing

TIMING = Timing.constant(120, offset=-0.25)  # a measure lasts 2 s


def chart_of(ticks) -> Chart:
    return Chart(Difficulty.HARD, 8, tuple(Note(tick, 0, NoteKind.TAP) for tick in ticks))


def test_starts_on_the_measure_of_the_busiest_passage():
    sparse, dense = range(0, 192 * 30, 48), range(192 * 10, 192 * 18, 12)
    window = preview_window(chart_of(sorted({*sparse, *dense})), TIMING, 62.0)
    assert window == PreviewWindow(pytest.approx(20.25), LENGTH_SECONDS)


def test_ends_within_the_audio():
    ticks = [*range(0, 192 * 18, 96), *range(192 * 18, 192 * 20, 6)]
    window = preview_window(chart_of(ticks), TIMING, 41.0)
    assert window.start + window.length <= 41.0
    assert window.start == pytest.approx(24.25)


def test_of_equal_passages_the_first():
    assert preview_window(chart_of(range(0, 192 * 30, 48)), TIMING, 62.0).start == pytest.approx(0.25)


@pytest.mark.parametrize("duration", [4.0, 15.0])
def test_short_audio_plays_whole(duration):
    assert preview_window(chart_of([0, 48, 96]), TIMING, duration) == PreviewWindow(0.0, duration)


def test_no_start_before_the_audio():
    timing = Timing.constant(120, offset=3.0)  # measures 0 and 1 begin before the audio does
    window = preview_window(chart_of(range(0, 192 * 15, 12)), timing, 26.0)
    assert window.start == pytest.approx(1.0)
