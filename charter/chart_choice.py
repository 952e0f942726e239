"""Which of a simfile's charts is meant."""

from charter.errors import ChartError
from charter.notation import Chart, Difficulty, Song, slot_label
from export.stepmania.note_data import STEPS_TYPE


def place_of(song: Song, difficulty: Difficulty | None) -> int | None:
    """Which of a song's charts, by number, is the first of a difficulty, for None the first Edit; None for none."""
    return next((place for place, chart in enumerate(song.charts) if chart.difficulty is difficulty), None)


def chosen_chart(song: Song, difficulty: Difficulty | None, steps_types: list[str]) -> tuple[int, Chart]:
    """The chart of a difficulty, for None the first Edit, and its place among the song's charts.

    steps_types: of all charts of the file, to say what it has instead. Raises ChartError where it has no such chart.
    """
    place = place_of(song, difficulty)
    if place is None:
        raise ChartError(f"holds no dance-single chart {slot_label(difficulty)}; {_others(song, steps_types)}")
    return place, song.charts[place]


def hardest_chart(song: Song, steps_types: list[str]) -> Chart:
    """The chart of the highest difficulty; an Edit only where there is nothing else.

    steps_types: as in `chosen_chart`. Raises ChartError where there is no chart at all.
    """
    if not song.charts:
        raise ChartError(f"holds no dance-single chart; {_others(song, steps_types)}")
    return max(song.charts, key=lambda chart: -1 if chart.difficulty is None else chart.difficulty)


def _others(song: Song, steps_types: list[str]) -> str:
    there = [slot_label(chart.difficulty) for chart in song.charts]
    others = sorted(set(steps_types) - {STEPS_TYPE, ""})
    ours = [f"there are {', '.join(there)}"] if there else []
    theirs = [f"charts for {', '.join(others)} have other panels than ours"] if others else []
    return "; ".join([*ours, *theirs]) or "its charts are missing or empty"
