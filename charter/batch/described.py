"""A finished song folder as a row of the report: what its record says, and what a reviewer finds in its simfile."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from charter.audio.decode import LONGEST_HOURS
from charter.batch.density import density_curve
from charter.batch.row import Row, RowChart, RowFinding, RowTiming, Status
from charter.batch.shape import check_shape
from charter.batch.timing_picture import timing_picture
from charter.check.finding import Finding
from charter.check.findings import SongFindings, examine
from charter.check.sync import HeardMusic, listen
from charter.decode.rules import StepRules
from charter.errors import ChartError
from charter.notation import Difficulty, Song
from charter.song_draft import RECORD_NAME, read_record, simfiles_in
from export.stepmania import read_song


def described(
    folder: Path, source: str, rules: Mapping[Difficulty, StepRules], recording: HeardMusic | None = None
) -> Row:
    """The row of a folder that was put in place, as a song charted now.

    source: the music as the row names it; rules: what a chart may ask of feet; recording: the music that the simfile
    plays, where the caller has heard it already
    Raises ChartError or TimingError for a simfile or a record that someone broke since.
    """
    try:
        said = _Said.of(read_record(folder), folder, source)
    except (KeyError, TypeError, ValueError) as error:
        raise ChartError(
            f"{folder / RECORD_NAME}: is not as charter writes it ({error}); "
            "take the folder away to have the song charted anew"
        ) from error
    simfile = next(iter(simfiles_in(folder)), None)
    if simfile is None:  # other formats alone
        return said.row
    song = read_song(simfile)
    heard = recording or listen(folder, song.music)
    found = examine(song, folder, heard, rules)
    return replace(
        said.row,
        timing=_timing(song, said.timing, found),
        charts=tuple(_charts(song, said, found)),
        findings=tuple(_findings(found)),
        timing_picture="" if heard.envelope is None else timing_picture(heard.envelope, song.timing),
    )


class _Said(NamedTuple):
    """What a record says. timing: how it was found; kept: the difficulties of charts that came with the song."""

    row: Row
    timing: RowTiming
    kept: frozenset[str]
    duration: float

    @classmethod
    def of(cls, record: Mapping[str, Any], folder: Path, source: str) -> "_Said":
        """Raises KeyError, TypeError or ValueError for a record that says something else than charter writes."""
        row = Row(
            source,
            Status.CHARTED,
            folder.name,
            notes=tuple(record.get("notes", ())),
            title=record["title"],
            artist=record["artist"],
            audio_hash=record["audio_hash"],
            key=record.get("key", ""),
            seed=record["seed"],
            weights=record["weights"],
            duration=record["duration"],
        )
        timing = RowTiming(
            bpm=0.0,
            offset=0.0,
            found=record["options"]["timing"] == "found",
            confidence=record["timing_confidence"],
            doubt=record.get("timing_doubt", ""),
        )
        for part in (row, timing):
            check_shape(part)
        duration = float(record["duration"])
        if not 0 <= duration <= LONGEST_HOURS * 3600:
            raise ValueError(f"a song of {duration:g} s")
        return cls(row, timing, frozenset(record.get("kept", ())), duration)


def _timing(song: Song, said: RowTiming, found: SongFindings) -> RowTiming:
    return replace(
        said,
        bpm=song.timing.tempos[0].bpm,
        offset=song.timing.offset,
        changes=len(song.timing.tempos) - 1,
        stops=len(song.timing.stops) + len(song.timing.delays),
        sync_ms=found.sync.milliseconds if found.sync else None,
    )


def _charts(song: Song, said: _Said, found: SongFindings) -> list[RowChart]:
    rows = []
    for chart, measured in zip(song.charts, found.charts, strict=True):
        timing = song.timing_of(chart)
        seconds = np.asarray(timing.seconds_at(chart.hit_ticks(timing)), np.float64)
        rows.append(
            RowChart(
                difficulty=measured.difficulty,
                meter=chart.meter,
                rows=measured.rows,
                rows_per_second=measured.rows_per_second,
                density=density_curve(seconds, said.duration),
                is_kept=chart.difficulty is None or chart.difficulty.label in said.kept,
            )
        )
    return rows


def _findings(found: SongFindings) -> list[RowFinding]:
    of_song = [_finding("", finding) for finding in found.findings]
    return of_song + [_finding(chart.difficulty, finding) for chart in found.charts for finding in chart.findings]


def _finding(chart: str, finding: Finding) -> RowFinding:
    return RowFinding(chart, finding.severity.value, finding.kind.value, finding.message, finding.beat, finding.second)
