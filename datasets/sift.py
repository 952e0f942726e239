"""Which charts of a song are fit to learn from."""

from pathlib import Path

from charter.notation import Chart, Difficulty, Song, to_beat
from charter.notation.rules import violations
from datasets.skipped import Skipped, SkipReason

MIN_ROWS = 10
MIN_COVERAGE = 0.6  # of the song, from the chart's first hit to its last


def row_count(chart: Chart) -> int:
    """Rows with a hit, those in warps and fakes included."""
    return len({note.tick for note in chart.notes if note.kind.is_hit})


def last_hit(song: Song) -> float:
    """When the last hit of all charts falls, in seconds; 0 without hits."""
    ends = [_hit_span(song, chart)[1] for chart in song.charts if row_count(chart)]
    return max(ends, default=0.0)


def sift(song: Song, path: Path, duration: float) -> tuple[dict[Difficulty, Chart], list[Skipped]]:
    """The charts to use, by difficulty, and all others with the reason.

    path: the song's simfile, for the record; duration: the song's, in seconds
    Of two fit charts of one difficulty the first in the file is used.
    """
    charts: dict[Difficulty, Chart] = {}
    skipped: list[Skipped] = []
    for chart in song.charts:
        fault = _fault(song, chart, duration)
        if fault is None and chart.difficulty is not None:
            if chart.difficulty not in charts:
                charts[chart.difficulty] = chart
                continue
            fault = (SkipReason.DUPLICATE_DIFFICULTY, f"meter {charts[chart.difficulty].meter} is used")
        if fault is not None:
            skipped.append(Skipped(path, _name(chart), *fault))
    return charts, skipped


def _name(chart: Chart) -> str:
    slot = "Edit" if chart.difficulty is None else chart.difficulty.label
    return f"{slot} {chart.meter}"


def _fault(song: Song, chart: Chart, duration: float) -> tuple[SkipReason, str] | None:
    if chart.difficulty is None:
        return SkipReason.EDIT_SLOT, chart.description
    rows = row_count(chart)
    if not rows:
        return SkipReason.EMPTY_CHART, f"{len(chart.notes)} notes, none to hit"
    broken = violations(chart, song.timing_of(chart))
    if broken:
        first = broken[0]
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        return SkipReason.BROKEN_NOTATION, f"beat {float(to_beat(first.tick)):g}: {first.message}{more}"
    if rows < MIN_ROWS:
        return SkipReason.STUB, f"{rows} rows"
    start, end = _hit_span(song, chart)
    if end - start < MIN_COVERAGE * duration:
        return SkipReason.STUB, f"{end - start:.0f} s of {duration:.0f} s"
    return None


def _hit_span(song: Song, chart: Chart) -> tuple[float, float]:
    ticks = [note.tick for note in chart.notes if note.kind.is_hit]
    start, end = song.timing_of(chart).seconds_at([min(ticks), max(ticks)])
    return float(start), float(end)
