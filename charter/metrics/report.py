"""A generated chart set beside the one people wrote: every figure by difficulty and over all, as one value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from charter.errors import RequestError
from charter.metrics.nesting import NestingFigures, nested_shares, pool_nesting
from charter.metrics.onsets import TimedChart
from charter.metrics.placement import PlacementCounts, PlacementFigures, count_placement, pool_placement
from charter.metrics.steps import StepCounts, StepFigures, count_steps, pool_steps
from charter.notation import Difficulty

T = TypeVar("T")


@dataclass(frozen=True)
class SongPair:
    """One song, charted twice.

    reference: the charts to score, their timing shifted to where the audio has their beats
    generated: what there is; a difficulty that is missing counts as a chart without notes
    duration: of the audio, in seconds; None where nobody measured it
    trouble: why nothing generated could be read, or empty
    """

    id: str
    reference: Mapping[Difficulty, TimedChart]
    generated: Mapping[Difficulty, TimedChart]
    duration: float | None = None
    trouble: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not there, one line each."""
        if self.trouble:
            return (f"{self.id}: {self.trouble}",)
        return tuple(
            f"{self.id}: no {difficulty.label}" for difficulty in self.reference if difficulty not in self.generated
        )


@dataclass(frozen=True)
class Sides(Generic[T]):
    """One figure of what people wrote and of what was generated."""

    reference: T
    generated: T


@dataclass(frozen=True)
class Figures:
    """All figures of a set of charts. ``nesting`` is that of each chart in the next harder one of its song."""

    placement: PlacementFigures
    nesting: Sides[NestingFigures]
    steps: Sides[StepFigures]


@dataclass(frozen=True)
class ChartScore:
    """The placement of one chart."""

    song: str
    difficulty: str
    placement: PlacementFigures


@dataclass(frozen=True)
class Report:
    """All figures, by difficulty (those that any song has) and over all; and each chart's own placement."""

    difficulties: dict[Difficulty, Figures]
    pooled: Figures
    charts: tuple[ChartScore, ...]
    missing: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The report in plain values that JSON can hold; difficulties go by their labels."""
        sections = {difficulty.label: asdict(section) for difficulty, section in self.difficulties.items()}
        return {
            "difficulties": sections,
            "pooled": asdict(self.pooled),
            "charts": [asdict(chart) for chart in self.charts],
            "missing": list(self.missing),
        }


@dataclass(frozen=True)
class _ChartRecord:
    song: str
    difficulty: Difficulty
    placement: PlacementCounts
    reference_steps: StepCounts
    generated_steps: StepCounts | None


@dataclass(frozen=True)
class _NestingRecord:
    difficulty: Difficulty
    sides: Sides[float | None]


def compare(songs: Iterable[SongPair]) -> Report:
    """Every figure of the songs, which are taken one at a time.

    Raises RequestError where no song has a reference chart, or none of them has a generated one.
    """
    charts: list[_ChartRecord] = []
    nestings: list[_NestingRecord] = []
    missing: list[str] = []
    for song in songs:
        charts += _chart_records(song)
        nestings += _nesting_records(song)
        missing += song.missing
    if not charts:
        raise RequestError("the reference holds no chart of a standard difficulty")
    if all(record.generated_steps is None for record in charts):
        raise RequestError(f"nothing that is generated goes with the reference ({missing[0]}); are the names the same?")
    return Report(
        difficulties={
            difficulty: _figures(charts, nestings, {difficulty})
            for difficulty in sorted({record.difficulty for record in charts})
        },
        pooled=_figures(charts, nestings, set(Difficulty)),
        charts=tuple(
            ChartScore(record.song, record.difficulty.label, pool_placement([record.placement])) for record in charts
        ),
        missing=tuple(missing),
    )


def _chart_records(song: SongPair) -> list[_ChartRecord]:
    records = []
    for difficulty, reference in song.reference.items():
        generated = song.generated.get(difficulty)
        records.append(
            _ChartRecord(
                song.id,
                difficulty,
                count_placement(reference, generated, song.duration),
                count_steps(reference),
                count_steps(generated) if generated else None,
            )
        )
    return records


def _nesting_records(song: SongPair) -> list[_NestingRecord]:
    """Both sides over the difficulties that are scored, so that they can be compared."""
    reference = nested_shares(song.reference)
    scored = {difficulty: chart for difficulty, chart in song.generated.items() if difficulty in song.reference}
    generated = nested_shares(scored)
    return [
        _NestingRecord(difficulty, Sides(reference.get(difficulty), generated.get(difficulty)))
        for difficulty in song.reference
    ]


def _figures(charts: Sequence[_ChartRecord], nestings: Sequence[_NestingRecord], wanted: set[Difficulty]) -> Figures:
    chosen = [record for record in charts if record.difficulty in wanted]
    shares = [record.sides for record in nestings if record.difficulty in wanted]
    return Figures(
        placement=pool_placement([record.placement for record in chosen]),
        nesting=Sides(
            pool_nesting([side.reference for side in shares if side.reference is not None]),
            pool_nesting([side.generated for side in shares if side.generated is not None]),
        ),
        steps=Sides(
            pool_steps([record.reference_steps for record in chosen]),
            pool_steps([record.generated_steps for record in chosen if record.generated_steps]),
        ),
    )
