"""Which notes they are: what a chart asks of two feet. Each side is measured alone, and the two are set side by side.

Conventions
    Rows are onsets, as in `charter.metrics.placement`. Rates are per 100 rows and micro over charts. A panel is held
    after its head and before its tail.

Metrics
    double_steps, twists, spins, unreachable, crossovers, footswitches, brackets
                            rows that ask this of the feet, on their cheapest path (see `charter.notation.footing`)
    hands                   rows with more than two panels hit or held
    jumps_in_hold           rows that hit two or more panels while another is held
    jumps, holds, rolls     rows that hit two or more panels; rows with the head of a hold; of a roll
    mines                   mines that can be met, one by one
    jacks                   same panel in consecutive rows less than 0.25 s apart
    panel_percent           share of the hits on left, down, up and right; balance is the smallest over the largest
    repeated                see `charter.metrics.repeats`
    snaps                   share of rows on 4ths, 8ths, 12ths, 16ths and other ticks of the chart's own grid
    entropy                 bits of three successive row symbols, and of the third given two; grows with sample size
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from charter.metrics.onsets import TimedChart
from charter.metrics.repeats import RepeatCounts, count_repeats
from charter.notation import PANELS, TICKS_PER_BEAT, NoteKind
from charter.notation.footing import annotate
from charter.notation.hit_rows import HitRow, hit_rows
from charter.notation.stances import CROSSOVERS, SWITCHES, Tech

SLOWEST_JACK_SECONDS = 0.25
SNAPS = {1: "4th", 2: "8th", 3: "12th", 4: "16th"}  # denominator of the beat -> name
OTHER_SNAP = "other"
_TECHS = {
    "double_steps": {Tech.DOUBLE_STEP},
    "twists": {Tech.TWIST},
    "spins": {Tech.SPIN},
    "unreachable": {Tech.UNREACHABLE},
    "crossovers": CROSSOVERS,
    "footswitches": SWITCHES,
    "brackets": {Tech.BRACKET},
    "hands": {Tech.HAND},
}
# What rates there are, in the order in which they are shown.
RATES = (
    "double_steps",
    "twists",
    "spins",
    "hands",
    "unreachable",
    "jumps_in_hold",
    "crossovers",
    "footswitches",
    "brackets",
    "jumps",
    "holds",
    "rolls",
    "mines",
    "jacks",
)

Trigram = tuple[str, str, str]


@dataclass(frozen=True)
class StepCounts:
    """What one chart adds to the pool.

    events: by the name of each rate
    panels: hits by panel
    snaps: rows by name of snap
    trigrams: by the symbols of three successive rows
    repeats: of bars
    """

    rows: int
    events: Counter[str]
    panels: Counter[int]
    snaps: Counter[str]
    trigrams: Counter[Trigram]
    repeats: RepeatCounts


@dataclass(frozen=True)
class StepFigures:
    """The steps of a set of charts.

    rates: per 100 rows, by name; panel_percent: (panels,); snaps: shares of 1
    repeated: None where no bar's rhythm comes back
    """

    rows: int
    rates: dict[str, float]
    panel_percent: tuple[float, ...]
    panel_balance: float
    repeated: float | None
    snaps: dict[str, float]
    trigram_bits: float
    third_given_two_bits: float


def symbol(row: HitRow) -> str:
    """A row as the file writes it, heads and taps only, e.g. ``1002``."""
    kinds = {note.panel: note.kind.value for note in row.hits}
    return "".join(kinds.get(panel, "0") for panel in range(PANELS))


def snap(tick: int) -> str:
    """The name of the coarsest grid that a tick stands on."""
    return SNAPS.get(Fraction(tick, TICKS_PER_BEAT).denominator, OTHER_SNAP)


def is_jack(before: HitRow, after: HitRow) -> bool:
    """Whether two consecutive rows hit one panel twice, fast."""
    return bool(set(before.panels) & set(after.panels)) and after.second - before.second < SLOWEST_JACK_SECONDS


def entropy(counts: Iterable[int]) -> float:
    """Bits per draw from a distribution given by counts; 0 where there are none."""
    known = [count for count in counts if count]
    drawn = sum(known)
    return -sum(count / drawn * math.log2(count / drawn) for count in known)


def count_steps(timed: TimedChart) -> StepCounts:
    """Counts of one chart."""
    rows = hit_rows(timed.chart, timed.timing)
    danced = annotate(rows, timed.chart.difficulty).rows
    symbols = [symbol(row) for row in rows]
    events = {name: sum(bool(row.techs & techs) for row in danced) for name, techs in _TECHS.items()} | {
        "jumps_in_hold": sum(row.is_jump and bool(row.held) for row in rows),
        "jumps": sum(row.is_jump for row in rows),
        "holds": sum(_has(row, NoteKind.HOLD) for row in rows),
        "rolls": sum(_has(row, NoteKind.ROLL) for row in rows),
        "mines": _mines(timed),
        "jacks": sum(is_jack(before, after) for before, after in pairwise(rows)),
    }
    return StepCounts(
        rows=len(rows),
        events=Counter(events),
        panels=Counter(panel for row in rows for panel in row.panels),
        snaps=Counter(snap(row.tick) for row in rows),
        trigrams=Counter(zip(symbols, symbols[1:], symbols[2:], strict=False)),
        repeats=count_repeats(rows),
    )


def pool_steps(counts: Sequence[StepCounts]) -> StepFigures:
    """The figures of a set of charts; zeros where there are none."""
    rows = sum(chart.rows for chart in counts)
    events = sum((chart.events for chart in counts), Counter[str]())
    panels = sum((chart.panels for chart in counts), Counter[int]())
    snaps = sum((chart.snaps for chart in counts), Counter[str]())
    trigrams = sum((chart.trigrams for chart in counts), Counter[Trigram]())
    bigrams = Counter[tuple[str, str]]()
    for (first, second, _), count in trigrams.items():
        bigrams[first, second] += count
    percent = tuple(100 * panels[panel] / max(panels.total(), 1) for panel in range(PANELS))
    rhythms, steps = (sum(chart.repeats[place] for chart in counts) for place in (0, 1))
    bits = entropy(trigrams.values())
    return StepFigures(
        rows=rows,
        rates={name: 100 * events[name] / max(rows, 1) for name in RATES},
        panel_percent=percent,
        panel_balance=min(percent) / max(*percent, 1e-9),
        repeated=steps / rhythms if rhythms else None,
        snaps={name: snaps[name] / max(rows, 1) for name in (*SNAPS.values(), OTHER_SNAP)},
        trigram_bits=bits,
        third_given_two_bits=bits - entropy(bigrams.values()),
    )


def evaluate(timed: TimedChart) -> StepFigures:
    """The figures of one chart."""
    return pool_steps([count_steps(timed)])


def _has(row: HitRow, kind: NoteKind) -> bool:
    return any(note.kind is kind for note in row.hits)


def _mines(timed: TimedChart) -> int:
    ticks = [note.tick for note in timed.chart.notes if note.kind is NoteKind.MINE]
    return int(timed.timing.hittable(ticks).sum())
