"""What a batch reports of one song: a line of ``report.jsonl``, a block of ``report.html``."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from charter.batch.shape import check_shape

DENSITY_SECONDS = 4.0  # one point of a density curve


class Status(StrEnum):
    """What became of a song."""

    CHARTED = "charted"  # in this run
    KEPT = "kept"  # finished by an earlier run, from the same audio, options and weights
    EDITED = "edited"  # charted by `charter generate`, or changed by hand since it was charted: left alone
    REPEATED = "repeated"  # the same audio as another song of this run
    FAILED = "failed"


@dataclass(frozen=True)
class RowFinding:
    """One finding of `charter check`. chart: its difficulty as shown; empty where it concerns the song."""

    chart: str
    severity: str
    kind: str
    message: str
    beat: float | None = None
    second: float | None = None


@dataclass(frozen=True)
class RowChart:
    """One chart.

    rows_per_second: of the music, as `charter.check.findings.ChartFindings` has it
    density: rows per second in each `DENSITY_SECONDS` of the music, from its start
    is_kept: a person's, from the simfile that lay in the folder
    """

    difficulty: str
    meter: int
    rows: int
    rows_per_second: float | None
    density: tuple[float, ...] = ()
    is_kept: bool = False


@dataclass(frozen=True)
class RowTiming:
    """The song's timing in short.

    bpm: the first; changes, stops: how many
    found: whether charter found it; confidence: how sure it was (0 to 1), None where the timing was given
    doubt: what to warn of; sync_ms: from the steps to the sound as `charter check` measures it, None where untold
    """

    bpm: float
    offset: float
    changes: int = 0
    stops: int = 0
    found: bool = True
    confidence: float | None = None
    doubt: str = ""
    sync_ms: float | None = None


@dataclass(frozen=True)
class Row:
    """One song of a batch; what a song that failed never had is empty.

    source: the music's path below the input folder; folder: its folder's name in the pack
    key: 16 hex digits of all that the result depends on: audio, other files, options, weights, version
    error: why it failed, in one line; notes: what else to tell (formats left out, a chart with fewer rows than asked)
    duration: seconds of music; seconds: how long the work took, None where it was not done now
    timing_picture: a PNG in base64: the sound around the beats, left to right along the song; empty for none
    """

    source: str
    status: Status
    folder: str = ""
    error: str = ""
    notes: tuple[str, ...] = ()
    title: str = ""
    artist: str = ""
    audio_hash: str = ""
    key: str = ""
    seed: int | None = None
    weights: Mapping[str, str] = field(default_factory=dict)
    duration: float | None = None
    seconds: float | None = None
    timing: RowTiming | None = None
    charts: tuple[RowChart, ...] = ()
    findings: tuple[RowFinding, ...] = ()
    timing_picture: str = ""

    def line(self) -> str:
        """One line of JSON, without its end."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def parse(cls, line: str) -> Self:
        """The row of a line. Raises ValueError, KeyError or TypeError for what is no such line."""
        values: dict[str, Any] = json.loads(line)
        if not isinstance(values, dict):
            raise TypeError(f"a row is an object, not a {type(values).__name__}")
        timing = values.pop("timing")
        charts = tuple(RowChart(**{**chart, "density": tuple(chart["density"])}) for chart in values.pop("charts"))
        findings = tuple(RowFinding(**finding) for finding in values.pop("findings"))
        values |= {"status": Status(values["status"]), "notes": tuple(values["notes"])}
        row = cls(**values, timing=RowTiming(**timing) if timing else None, charts=charts, findings=findings)
        for part in (row, *charts, *findings, *([row.timing] if row.timing else ())):
            check_shape(part)
        return row
