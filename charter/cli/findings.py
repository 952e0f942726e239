"""What a strict reviewer finds in a simfile: its format, its metadata, its ladder of difficulties and its sync."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from charter.cli.sync import Recording, Sync, measure
from charter.metrics import TimedChart, onset_seconds
from charter.notation import Chart, Song, Timing
from charter.notation.rules import violations
from export.stepmania.music import find_music, is_named

EDIT_LABEL = "Edit"


@dataclass(frozen=True)
class Finding:
    """One thing to put right.

    tick: where in the chart, or None where it concerns all of it
    breaks_format: whether the game would not take it as it stands; otherwise it is only advice
    """

    message: str
    tick: int | None = None
    breaks_format: bool = False


@dataclass(frozen=True)
class ChartFindings:
    """One chart, measured and checked.

    rows: those that have to be hit
    rows_per_second: between the first and the last of them; None for fewer than two
    sync: of its own timing; None where it is played by its song's
    """

    difficulty: str
    meter: int
    rows: int
    rows_per_second: float | None
    sync: Sync | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class SongFindings:
    """One simfile: what concerns the whole of it, and its charts in file order.

    sync: of the song's timing; None where no chart is played by it
    """

    title: str
    sync: Sync | None
    findings: tuple[Finding, ...]
    charts: tuple[ChartFindings, ...]

    @property
    def breaks_format(self) -> bool:
        """Whether any finding does."""
        every = (*self.findings, *(finding for chart in self.charts for finding in chart.findings))
        return any(finding.breaks_format for finding in every)


def examine(song: Song, folder: Path, recording: Recording) -> SongFindings:
    """Check a song that was read from a simfile in ``folder``, whose music is ``recording``."""
    charts = tuple(_examine_chart(song, chart, recording) for chart in song.charts)
    played = not song.charts or any(song.timing_of(chart) == song.timing for chart in song.charts)
    sync = measure(recording, song.timing) if played else None
    findings = (*_metadata(song, folder), *_slots(song), *_ladder(song, charts), *_sync(sync, song.timing))
    return SongFindings(song.title, sync, findings, charts)


def _examine_chart(song: Song, chart: Chart, recording: Recording) -> ChartFindings:
    timing = song.timing_of(chart)
    seconds = onset_seconds(TimedChart(chart, timing))
    lasts = float(seconds[-1] - seconds[0]) if seconds.size else 0.0
    broken = [
        Finding(_on_panel(violation.message, violation.panel), violation.tick, breaks_format=True)
        for violation in violations(chart, timing)
    ]
    sync = measure(recording, timing) if timing != song.timing else None
    return ChartFindings(
        difficulty=_label(chart),
        meter=chart.meter,
        rows=len(seconds),
        rows_per_second=len(seconds) / lasts if lasts else None,
        sync=sync,
        findings=(*broken, *_sync(sync, timing)),
    )


def _sync(sync: Sync | None, timing: Timing) -> list[Finding]:
    return [Finding(complaint) for complaint in sync.complaints(timing)] if sync else []


def _metadata(song: Song, folder: Path) -> list[Finding]:
    findings = []
    if not song.title:
        findings.append(Finding("no title"))
    if not song.music:
        findings.append(Finding("names no music file"))
    elif (music := find_music(folder, song.music)) is None or not is_named(music, song.music):
        findings.append(Finding(f"the music {song.music!r} is not beside the chart"))
    if not song.charts:
        findings.append(Finding("holds no dance-single chart"))
    return findings


def _slots(song: Song) -> list[Finding]:
    """A standard difficulty has room for one chart; the Edit slot for any number."""
    taken = Counter(chart.difficulty for chart in song.charts if chart.difficulty is not None)
    return [
        Finding(f"{difficulty.label} stands in the file {count} times; the game keeps one", breaks_format=True)
        for difficulty, count in sorted(taken.items())
        if count > 1
    ]


def _ladder(song: Song, charts: tuple[ChartFindings, ...]) -> list[Finding]:
    """Players take a harder name to mean more notes."""
    rows: dict[int, ChartFindings] = {}
    for chart, found in zip(song.charts, charts, strict=True):
        if chart.difficulty is not None:
            rows.setdefault(chart.difficulty, found)
    ladder = [rows[difficulty] for difficulty in sorted(rows)]
    return [
        Finding(f"{harder.difficulty} has {harder.rows} rows, no more than {easier.difficulty} with {easier.rows}")
        for easier, harder in pairwise(ladder)
        if harder.rows <= easier.rows
    ]


def _label(chart: Chart) -> str:
    return chart.difficulty.label if chart.difficulty is not None else EDIT_LABEL


def _on_panel(message: str, panel: int | None) -> str:
    return message if panel is None else f"{message} (panel {panel})"
