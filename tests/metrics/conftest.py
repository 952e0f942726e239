"""Small charts, written as rows of text."""

from collections.abc import Callable

import pytest

from charter.metrics import TimedChart
from charter.notation import Chart, Difficulty, Timing
from tests.chart_text import notes_of

WriteChart = Callable[..., TimedChart]


@pytest.fixture
def written() -> WriteChart:
    """A chart from rows of four characters, ``spacing`` ticks apart from ``start`` on; 60 BPM unless told."""

    def write(rows: str, *, spacing: int = 48, start: int = 0, timing: Timing | None = None) -> TimedChart:
        return TimedChart(Chart(Difficulty.HARD, 8, notes_of(rows, spacing, start)), timing or Timing.constant(60))

    return write
