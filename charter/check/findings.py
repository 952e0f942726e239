"""What a strict reviewer finds in a simfile: its format, metadata, ladder of difficulties, sync and steps."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from charter.check.finding import Finding, Kind, Severity
from charter.check.step_findings import step_findings
from charter.check.sync import HeardMusic, Sync, measure
from charter.decode.rules import StepRules, level_of
from charter.metrics import TimedChart, onset_seconds
from charter.notation import Chart, Difficulty, Song, Timing, slot_label
from charter.notation.rules import violations
from export.stepmania.music import find_music, is_named


@dataclass(frozen=True)
class ChartFindings:
    """One chart, measured and checked.

    rows: those that have to be hit
    rows_per_second: of the music from beat 0 on, as a density is asked for; None where nobody heard where it is
    sync: of its own timing; None where it is played by its song's
    findings: worst first, then by beat
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

    def worst(self) -> Severity | None:
        """The severity of the worst finding of all; None where there are none."""
        every = (*self.findings, *(finding for chart in self.charts for finding in chart.findings))
        return next((severity for severity in Severity if any(each.severity is severity for each in every)), None)


def examine(song: Song, folder: Path, recording: HeardMusic, rules: Mapping[Difficulty, StepRules]) -> SongFindings:
    """Check a song that was read from a simfile in ``folder``, whose music is ``recording``.

    rules: what a chart of each difficulty may ask of feet; an Edit chart may ask what a Challenge one may
    """
    charts = tuple(examine_chart(song, chart, recording, rules[level_of(chart.difficulty)]) for chart in song.charts)
    return examine_song(song, folder, recording, charts)


def examine_song(song: Song, folder: Path, recording: HeardMusic, charts: tuple[ChartFindings, ...]) -> SongFindings:
    """Check what concerns the whole of a song; charts: what was found of its charts, or their rows at least."""
    played = not song.charts or any(song.timing_of(chart) == song.timing for chart in song.charts)
    sync = measure(recording, song.timing) if played else None
    findings = _sorted([*_metadata(song, folder), *_slots(song), *_ladder(song, charts), *_sync(sync, song.timing)])
    return SongFindings(song.title, sync, findings, charts)


def examine_chart(song: Song, chart: Chart, recording: HeardMusic, rules: StepRules) -> ChartFindings:
    """Check one chart of a song; rules: what it may ask of feet."""
    timing = song.timing_of(chart)
    seconds = onset_seconds(TimedChart(chart, timing))
    sync = measure(recording, timing) if timing != song.timing else None
    return ChartFindings(
        difficulty=slot_label(chart.difficulty),
        meter=chart.meter,
        rows=len(seconds),
        rows_per_second=_density(len(seconds), timing, recording),
        sync=sync,
        findings=_sorted([*_format(chart, timing), *step_findings(chart, timing, rules), *_sync(sync, timing)]),
    )


def _density(rows: int, timing: Timing, recording: HeardMusic) -> float | None:
    if recording.span is None:
        return None
    lasts = recording.span.end - max(recording.span.start, float(timing.seconds_at(0)))
    return rows / lasts if lasts > 0 else None


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    """Worst first, then by beat; what concerns the whole chart stands before what has a place."""
    severities = list(Severity)

    def rank(finding: Finding) -> tuple[int, bool, float]:
        return severities.index(finding.severity), finding.beat is not None, finding.beat or 0.0

    return tuple(sorted(findings, key=rank))


def _format(chart: Chart, timing: Timing) -> Iterator[Finding]:
    for tick, panel, message in violations(chart, timing):
        if panel is None:
            yield Finding(Kind.FORMAT, Severity.VIOLATION, message)
        else:
            second = float(timing.seconds_at(tick))
            yield Finding.at(Kind.FORMAT, Severity.VIOLATION, f"{message} (panel {panel})", tick, second)


def _sync(sync: Sync | None, timing: Timing) -> list[Finding]:
    return [_advice(Kind.SYNC, complaint) for complaint in sync.complaints(timing)] if sync else []


def _metadata(song: Song, folder: Path) -> list[Finding]:
    findings = []
    if not song.title:
        findings.append(_advice(Kind.METADATA, "no title"))
    if not song.music:
        findings.append(_advice(Kind.METADATA, "names no music file"))
    elif (music := find_music(folder, song.music)) is None or not is_named(music, song.music):
        findings.append(_advice(Kind.METADATA, f"the music {song.music!r} is not beside the chart"))
    if not song.charts:
        findings.append(_advice(Kind.METADATA, "holds no dance-single chart"))
    return findings


def _slots(song: Song) -> list[Finding]:
    """A standard difficulty has room for one chart; the Edit slot for any number."""
    taken = Counter(chart.difficulty for chart in song.charts if chart.difficulty is not None)
    return [
        Finding(
            Kind.FORMAT, Severity.VIOLATION, f"{difficulty.label} stands in the file {count} times; the game keeps one"
        )
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
        _advice(
            Kind.LADDER,
            f"{harder.difficulty} has {harder.rows} rows, no more than {easier.difficulty} with {easier.rows}",
        )
        for easier, harder in pairwise(ladder)
        if harder.rows <= easier.rows
    ]


def _advice(kind: Kind, message: str) -> Finding:
    return Finding(kind, Severity.ADVICE, message)
