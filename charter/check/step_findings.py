"""What a strict reviewer finds in the steps of a chart: what they ask of two feet, beside what they may ask."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.check.finding import Finding, Kind, Severity
from charter.decode.rules import StepRules
from charter.notation import PANELS, TICKS_PER_MEASURE, Chart, Difficulty, NoteKind, Timing, paired_holds, to_beat
from charter.notation.footing import RowFooting, annotate
from charter.notation.hit_rows import HitRow, hit_rows
from charter.notation.stances import SWITCHES, Tech

# Between a mine and a step on its panel: the foot would have to be off it, or not yet on it, sooner than feet are.
MINE_SECONDS = 0.1
_ROUNDING = 1e-3  # seconds: files round their tempos, and nobody feels a millisecond
_SAME_RUN = TICKS_PER_MEASURE  # from one of a kind to the next: a reviewer names passages


class _What(NamedTuple):
    """What is found, in words for one of it and for several."""

    kind: Kind
    severity: Severity
    one: str
    many: str


class _Sighting(NamedTuple):
    """Where something is found."""

    what: _What
    tick: int
    second: float


_TECHS = MappingProxyType(
    {
        Tech.DOUBLE_STEP: (Kind.DOUBLE_STEP, "double-steps"),
        Tech.SPIN: (Kind.SPIN, "spins"),
        Tech.TWIST: (Kind.TWIST, "twisted feet"),
        Tech.UNREACHABLE: (Kind.UNREACHABLE, "unreachable rows"),
        Tech.HOLD_SWITCH: (Kind.HOLD_SWITCH, "hold switches"),
        Tech.HALF_CROSSOVER: (Kind.CROSSOVER, "crossovers"),
        Tech.FULL_CROSSOVER: (Kind.CROSSOVER, "crossovers"),
        Tech.FOOTSWITCH: (Kind.FOOTSWITCH, "footswitches"),
        Tech.SIDESWITCH: (Kind.SIDESWITCH, "sideswitches"),
        Tech.BRACKET: (Kind.BRACKET, "brackets"),
    }
)
_JUMP = _What(Kind.JUMP, Severity.FAULT, "jump", "jumps")
_JUMP_IN_HOLD = _What(Kind.JUMP_IN_HOLD, Severity.FAULT, "jump in a hold", "jumps in holds")
_MINE = _What(Kind.MINE, Severity.FAULT, "mine", "mines")
_MINE_UNDER_FOOT = _What(
    Kind.MINE,
    Severity.ADVICE,
    f"mine within {MINE_SECONDS:g} s of a step on its panel",
    f"mines within {MINE_SECONDS:g} s of a step on their panel",
)


def step_findings(chart: Chart, timing: Timing, rules: StepRules) -> list[Finding]:
    """What the steps of a chart ask of feet that ``rules`` do not allow, and what is better otherwise, by beat.

    The feet go as `annotate` has them. What comes again and again, a measure apart at most, is one finding
    that tells how many there are and where they end.
    """
    rows = hit_rows(chart, timing)
    danced = annotate(rows, chart.difficulty).rows
    seen = [
        *_of_feet(rows, danced, rules),
        *_of_hands(rows, danced, rules),
        *_of_speed(rows, danced, rules),
        *_of_holds(chart, timing, rows, rules),
        *_of_mines(chart, timing, rows, danced, rules),
    ]
    if chart.difficulty is None or chart.difficulty >= Difficulty.HARD:
        seen += _unmarked_switches(rows, danced, rules)
    return _merged(seen)


def _of_feet(rows: Sequence[HitRow], danced: Sequence[RowFooting], rules: StepRules) -> Iterator[_Sighting]:
    for row, footing in zip(rows, danced, strict=True):
        techs = footing.techs & rules.banned
        if Tech.HAND in footing.techs:
            techs -= {Tech.BRACKET}  # three panels are no row for two feet without one
        for kind, many in sorted({_TECHS[tech] for tech in techs if tech in _TECHS}):
            yield _Sighting(_What(kind, Severity.FAULT, kind.value, many), row.tick, row.second)


def _of_hands(rows: Sequence[HitRow], danced: Sequence[RowFooting], rules: StepRules) -> Iterator[_Sighting]:
    """Jumps where there may be none, and what takes more than two feet; a jump in a hold is a matter of its own."""
    hand = _What(Kind.HAND, Severity.ADVICE if rules.jumps_in_holds else Severity.FAULT, "hand", "hands")
    for row, footing in zip(rows, danced, strict=True):
        if row.is_jump and not rules.jumps:
            yield _Sighting(_JUMP, row.tick, row.second)
        if len(row.hits) == 2 and row.held:
            if not rules.jumps_in_holds:
                yield _Sighting(_JUMP_IN_HOLD, row.tick, row.second)
        elif Tech.HAND in footing.techs:
            yield _Sighting(hand, row.tick, row.second)


def _of_speed(rows: Sequence[HitRow], danced: Sequence[RowFooting], rules: StepRules) -> Iterator[_Sighting]:
    fast_row = _faster(Kind.DENSITY, "row", "rows", rules.fastest_row)
    fast_jack = _faster(Kind.JACK, "jack", "jacks", rules.fastest_jack)
    within = f"within {rules.fastest_jump:g} s of a row"
    fast_jump = _What(Kind.JUMP, Severity.FAULT, f"jump {within}", f"jumps {within}")
    gaps = [after.second - before.second for before, after in pairwise(rows)]
    for place, (row, footing) in enumerate(zip(rows, danced, strict=True)):
        around = gaps[max(place - 1, 0) : place + 1]
        if place and gaps[place - 1] < rules.fastest_row - _ROUNDING:
            yield _Sighting(fast_row, row.tick, row.second)
        if Tech.JACK in footing.techs and gaps[place - 1] < rules.fastest_jack - _ROUNDING:
            yield _Sighting(fast_jack, row.tick, row.second)
        if row.is_jump and min(around, default=rules.fastest_jump) < rules.fastest_jump - _ROUNDING:
            yield _Sighting(fast_jump, row.tick, row.second)


def _faster(kind: Kind, one: str, many: str, seconds: float) -> _What:
    return _What(kind, Severity.FAULT, f"{one} faster than {seconds:g} s", f"{many} faster than {seconds:g} s")


def _of_holds(chart: Chart, timing: Timing, rows: Sequence[HitRow], rules: StepRules) -> Iterator[_Sighting]:
    """Holds and rolls that are too short, or that there may be none of."""
    seconds = {row.tick: row.second for row in rows}
    banned = {
        kind: _What(word, Severity.FAULT, word.value, f"{word.value}s")
        for kind, word, allowed in ((NoteKind.HOLD, Kind.HOLD, rules.holds), (NoteKind.ROLL, Kind.ROLL, rules.rolls))
        if not allowed
    }
    shorter = f"shorter than {rules.shortest_hold:g} s"
    short = _What(Kind.HOLD, Severity.FAULT, f"hold {shorter}", f"holds {shorter}")
    for row in rows:
        for note in row.hits:
            if note.kind in banned:
                yield _Sighting(banned[note.kind], row.tick, row.second)
    for head, tail in paired_holds(chart.notes):
        second = seconds.get(head.tick)  # none where nobody can hit it
        if second is not None and float(timing.seconds_at(tail.tick)) - second < rules.shortest_hold - _ROUNDING:
            yield _Sighting(short, head.tick, second)


def _of_mines(
    chart: Chart, timing: Timing, rows: Sequence[HitRow], danced: Sequence[RowFooting], rules: StepRules
) -> Iterator[_Sighting]:
    """Mines where there may be none; else those that a foot has no time to stay off, but for marks of a switch."""
    mines = [note for note in chart.notes if note.kind is NoteKind.MINE and 0 <= note.panel < PANELS]
    if not mines:
        return
    at = [note.tick for note in mines]
    ticks = [row.tick for row in rows]
    pressed = [_pressed(chart, timing, panel) for panel in range(PANELS)]
    for mine, second, can in zip(mines, timing.seconds_at(at).tolist(), timing.hittable(at), strict=True):
        if not can:
            continue
        if not rules.mines:
            yield _Sighting(_MINE, mine.tick, second)
            continue
        place = bisect_left(ticks, mine.tick)
        near = bool((np.abs(pressed[mine.panel] - second) < MINE_SECONDS - _ROUNDING).any())
        marks = place < len(rows) and mine.panel in rows[place].panels and bool(danced[place].techs & SWITCHES)
        if near and not marks:
            yield _Sighting(_MINE_UNDER_FOOT, mine.tick, second)


def _pressed(chart: Chart, timing: Timing, panel: int) -> NDArray[np.float64]:
    """Seconds at which a foot comes down on a panel, or may leave a hold there."""
    notes = (note for note in chart.notes if note.panel == panel)
    return timing.seconds_at([note.tick for note in notes if note.kind.is_hit or note.kind is NoteKind.TAIL])


def _unmarked_switches(rows: Sequence[HitRow], danced: Sequence[RowFooting], rules: StepRules) -> Iterator[_Sighting]:
    """Switches that read as jacks, for no mine tells the dancer of them."""
    for before, row, footing in zip(rows, rows[1:], danced[1:], strict=False):
        again = set(row.panels) & set(before.panels)
        if not again or again & row.mined:
            continue
        for tech in footing.techs & SWITCHES - rules.banned:
            kind, many = _TECHS[tech]
            unmarked = _What(kind, Severity.ADVICE, f"{kind.value} without a mine", f"{many} without mines")
            yield _Sighting(unmarked, row.tick, row.second)


def _merged(seen: Iterable[_Sighting]) -> list[Finding]:
    runs: dict[_What, list[list[_Sighting]]] = {}
    for sighting in sorted(seen, key=lambda one: one.tick):
        of_kind = runs.setdefault(sighting.what, [])
        if of_kind and sighting.tick - of_kind[-1][-1].tick <= _SAME_RUN:
            of_kind[-1].append(sighting)
        else:
            of_kind.append([sighting])
    found = [(run[0].tick, _finding(what, run)) for what, of_kind in runs.items() for run in of_kind]
    return [finding for _, finding in sorted(found, key=lambda each: each[0])]


def _finding(what: _What, run: Sequence[_Sighting]) -> Finding:
    first, last = (float(to_beat(run[end].tick)) for end in (0, -1))
    message = what.one
    if len(run) > 1:
        where = f"beats {first:g} to {last:g}" if first != last else f"all at beat {first:g}"
        message = f"{len(run)} {what.many}, {where}"
    return Finding.at(what.kind, what.severity, message, run[0].tick, run[0].second)
