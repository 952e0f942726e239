"""Symbols from a net that has learnt nothing: whatever it says, the notes obey the format, the feet and the rules."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.decode.blend import Blend
from charter.decode.placed import Listening, Placed
from charter.decode.rules import RULES
from charter.decode.symbols import write_symbols
from charter.model.config import SymbolConfig
from charter.model.symbols import SymbolNet
from charter.notation import HITS, Chart, Difficulty, Note, NoteKind, Pause, Tempo, Timing
from charter.notation.footing import annotate, row_demand
from charter.notation.hit_rows import hit_rows as rows_to_hit
from charter.notation.rules import violations
from charter.notation.stances import AT_REST, COSTS, Feet
from export.stepmania.radar import radar_values

SPEC = AudioSpec(mels=16)
SECONDS = 40.0
TIMING = Timing((Tempo(0, 140), Tempo(960, 171.5)), offset=-0.4, stops=(Pause(480, 0.7),))
LAST_TICK = int(TIMING.ticks_at(SECONDS))
# Rows per second: two feet cannot keep a difficulty's rules at any speed, but they can at these.
DENSITIES = dict(zip(Difficulty, (1.5, 2.5, 4.0, 6.0, 9.0), strict=True))


def small_net(seed: int, loud: float = 6.0) -> SymbolNet:
    """Untrained, its scores spread so far that it insists on odd symbols; holds, jumps and mines are all common."""
    torch.manual_seed(seed)
    net = SymbolNet(SymbolConfig(SPEC, embedding=8, hidden=8, layers=2)).eval()
    with torch.no_grad():
        for layer in (net.symbol, net.length, net.mines):
            layer.weight *= loud
    return net


def placed(difficulty: Difficulty, seed: int, *, spacing: float | None = None) -> Placed:
    """Random rows at the difficulty's density, the last of them right at the end."""
    rng = np.random.default_rng(seed)
    gap = spacing or 1 / DENSITIES[difficulty]
    times = 0.5 + np.cumsum(rng.uniform(0.6, 1.4, int(SECONDS / gap)) * gap)
    ticks = 4 * (TIMING.ticks_at(times[times < SECONDS - 0.5]) // 4)
    return Placed(difficulty, np.unique(np.append(ticks, LAST_TICK - 8)).astype(np.int64), RULES[difficulty])


def listening(last_tick: int = LAST_TICK) -> Listening:
    mel = np.random.default_rng(1).uniform(-1, 0.3, (int(SECONDS * SPEC.frames_per_second), SPEC.mels, 2))
    return Listening(TIMING, lambda spec: mel, last_tick)


def written(charts: list[Placed], seed: int = 0, net_seed: int = 0) -> list[tuple[Note, ...]]:
    return write_symbols(Blend(small_net(net_seed)), charts, listening(), seed=seed)


@pytest.fixture(
    scope="module", params=[0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]
)
def charts(request) -> list[tuple[Placed, tuple[Note, ...]]]:
    rows = [placed(level, request.param) for level in Difficulty]
    return list(zip(rows, written(rows, seed=request.param, net_seed=request.param), strict=True))


def hit_rows(notes: tuple[Note, ...]) -> dict[int, list[Note]]:
    rows: dict[int, list[Note]] = {}
    for note in notes:
        if note.kind in HITS:
            rows.setdefault(note.tick, []).append(note)
    return rows


def holds(notes: tuple[Note, ...]) -> list[tuple[int, int, int]]:
    """(head, tail, panel) of every hold and roll."""
    found, heads = [], {}
    for note in notes:
        if note.kind in (NoteKind.HOLD, NoteKind.ROLL):
            heads[note.panel] = note.tick
        elif note.kind is NoteKind.TAIL:
            found.append((heads.pop(note.panel), note.tick, note.panel))
    return found


def test_the_charts_try_everything(charts):
    """Or what follows would prove little."""
    notes = [note for _, chart in charts for note in chart]
    assert {note.kind for note in notes} == {*HITS, NoteKind.TAIL, NoteKind.MINE}
    for _, chart in charts:
        assert holds(chart)
        assert any(len(row) == 2 for row in hit_rows(chart).values())


def test_every_row_is_hit_and_no_other(charts):
    for rows, notes in charts:
        assert sorted(hit_rows(notes)) == rows.ticks.tolist()


def test_the_format_is_obeyed(charts):
    for rows, notes in charts:
        assert violations(Chart(rows.difficulty, 5, notes), TIMING) == []


def test_there_is_no_third_foot_but_for_brackets_in_holds(charts):
    for rows, notes in charts:
        brackets = RULES[rows.difficulty].jumps_in_holds
        for tick, hits in hit_rows(notes).items():
            held = [panel for head, tail, panel in holds(notes) if head < tick <= tail]
            assert len(hits) <= 2
            assert len(held) <= 1
            assert brackets or len(hits) + len(held) <= 2, (rows.difficulty, tick)
        assert brackets or radar_values(Chart(rows.difficulty, 5, notes), TIMING, SECONDS).hands == 0


def test_tails_keep_clear_of_the_end_and_of_the_next_note(charts):
    for _, notes in charts:
        assert all(tail <= LAST_TICK for _, tail, _ in holds(notes))
        for _, tail, panel in holds(notes):
            assert not [n for n in notes if n.panel == panel and n.kind in HITS and tail < n.tick < tail + 6]


def fast_jacks(rows: Placed, notes: tuple[Note, ...]) -> int:
    """Hits that follow their panel's last hit or tail faster than the difficulty allows."""
    count, free_at = 0, dict.fromkeys(range(4), -np.inf)
    for note in notes:
        second = float(TIMING.seconds_at(note.tick))
        count += note.kind in HITS and second - free_at[note.panel] < RULES[rows.difficulty].fastest_jack
        if note.kind is not NoteKind.MINE:
            free_at[note.panel] = second
    return count


def test_holds_last(charts):
    for chart, notes in charts:
        for head, tail, _ in holds(notes):
            seconds = TIMING.seconds_at([head, tail])
            assert seconds[1] - seconds[0] >= RULES[chart.difficulty].shortest_hold


def test_jacks_keep_to_the_rules(charts):
    """But for the row in hundreds on which holds, jacks and crossovers together leave no panel at all."""
    for rows, notes in charts:
        assert fast_jacks(rows, notes) <= len(rows.ticks) / 90, rows.difficulty
    assert sum(fast_jacks(*chart) for chart in charts) <= 1


def test_jumps_keep_to_the_rules(charts):
    for rows, notes in charts:
        by_tick = hit_rows(notes)
        for before, after in pairwise(sorted(by_tick)):
            if len(by_tick[before]) + len(by_tick[after]) > 2:
                gap = TIMING.seconds_at(after) - TIMING.seconds_at(before)
                assert gap >= RULES[rows.difficulty].fastest_jump


def test_mines_lie_only_where_allowed_and_no_foot_is_near(charts):
    for rows, notes in charts:
        mines = [note for note in notes if note.kind is NoteKind.MINE]
        assert bool(mines) == RULES[rows.difficulty].mines
        steps = [note for note in notes if note.kind is not NoteKind.MINE]
        seconds, panels = TIMING.seconds_at([step.tick for step in steps]), np.array([step.panel for step in steps])
        for mine in mines:
            assert np.abs(seconds[panels == mine.panel] - TIMING.seconds_at(mine.tick)).min() >= 0.2 - 1e-9


def can_be_danced(rows: Placed, notes: tuple[Note, ...]) -> bool:
    """Whether there is any footing of the whole chart without what its rules ban."""
    feet, stances = Feet(COSTS[rows.difficulty]), {AT_REST}
    hit = rows_to_hit(Chart(rows.difficulty, 5, notes), TIMING)
    for place in range(len(hit)):
        demand = row_demand(hit, place)
        steps = [step for stance in stances for step in feet.steps(stance, demand)]
        stances = {step.stance for step in steps if not step.techs & rows.rules.banned}
    return bool(stances)


def test_two_feet_can_dance_it_without_what_is_banned(charts):
    for rows, notes in charts:
        assert can_be_danced(rows, notes), rows.difficulty


def test_the_cheapest_footing_has_next_to_nothing_that_is_banned(charts):
    """It may still cross over or switch once where another way would do without."""
    for rows, notes in charts:
        danced = annotate(rows_to_hit(Chart(rows.difficulty, 5, notes), TIMING), rows.difficulty).rows
        assert sum(bool(row.techs & rows.rules.banned) for row in danced) <= len(danced) / 50, rows.difficulty


def switched_off(seed: int, **switches: bool) -> tuple[Note, ...]:
    rows = placed(Difficulty.CHALLENGE, seed)
    rows = replace(rows, rules=replace(rows.rules, **switches))
    (notes,) = written([rows], seed)
    assert sorted(hit_rows(notes)) == rows.ticks.tolist()
    return notes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("switch", "gone"),
    [
        ("mines", {NoteKind.MINE}),
        ("rolls", {NoteKind.ROLL}),
        ("holds", {NoteKind.HOLD}),
    ],
)
def test_what_is_switched_off_is_not_written_and_the_rest_is(switch, gone):
    notes = switched_off(0, **{switch: False})
    assert {note.kind for note in notes} == {*HITS, NoteKind.TAIL, NoteKind.MINE} - gone


@pytest.mark.slow
def test_without_holds_and_rolls_there_are_no_tails():
    assert {note.kind for note in switched_off(0, holds=False, rolls=False)} == {NoteKind.TAP, NoteKind.MINE}


@pytest.mark.slow
def test_without_jumps_every_row_is_one_panel():
    assert {len(hits) for hits in hit_rows(switched_off(0, jumps=False)).values()} == {1}


# Charts that have some of their notes already


def standing_chart() -> Placed:
    """A row in three stands already: taps, a hold over later rows, and rows of three and four panels."""
    rows = placed(Difficulty.CHALLENGE, 1, spacing=0.25)
    ticks = rows.ticks
    notes = [Note(int(tick), int(place) % 4, NoteKind.TAP) for place, tick in enumerate(ticks[::3])]
    notes += [Note(int(ticks[9]), panel, NoteKind.TAP) for panel in range(4) if panel != 3]
    notes += [Note(int(ticks[18]), panel, NoteKind.TAP) for panel in range(4) if panel != 2]
    notes += [Note(int(ticks[31]), 1, NoteKind.HOLD), Note(int(ticks[32]), 1, NoteKind.TAIL)]
    return replace(rows, standing=tuple(sorted(set(notes), key=lambda note: (note.tick, note.panel))))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_standing_notes_stay_and_the_rows_between_are_written(seed):
    rows = standing_chart()
    (notes,) = written([rows], seed)
    standing = {note.tick for note in rows.standing if note.kind in HITS}
    assert set(hit_rows(notes)) == set(rows.ticks.tolist()) - standing
    whole = tuple(sorted([*rows.standing, *notes], key=lambda note: (note.tick, note.panel)))
    assert violations(Chart(Difficulty.CHALLENGE, 5, whole), TIMING) == []
    assert holds(notes)
    for head, tail, _ in holds(notes):
        assert not [tick for tick in standing if head < tick <= tail]


def test_a_chart_that_stands_in_full_gets_no_step():
    ticks = np.arange(0, 960, 48)
    standing = tuple(Note(int(tick), place % 4, NoteKind.TAP) for place, tick in enumerate(ticks))
    assert written([Placed(Difficulty.HARD, ticks, RULES[Difficulty.HARD], standing)]) == [()]


def test_an_edit_is_written_like_any_other():
    rows = replace(placed(Difficulty.CHALLENGE, 0), difficulty=None)
    (notes,) = written([rows])
    assert sorted(hit_rows(notes)) == rows.ticks.tolist()


@pytest.mark.slow
def test_rows_too_fast_for_the_rules_still_obey_the_format():
    """32nds for a beginner: no jack or crossover can be spared, but no jump is made and the format holds."""
    ticks = placed(Difficulty.BEGINNER, 0, spacing=0.05).ticks[:-1]
    rows = Placed(Difficulty.BEGINNER, ticks, RULES[Difficulty.BEGINNER])
    (notes,) = written([rows])
    assert violations(Chart(Difficulty.BEGINNER, 5, notes), TIMING) == []
    gaps = np.diff(TIMING.seconds_at(rows.ticks))
    assert (gaps < RULES[Difficulty.BEGINNER].fastest_jump).mean() > 0.99
    assert [tick for tick, hits in hit_rows(notes).items() if len(hits) > 1] == []


@pytest.mark.slow
def test_same_seed_same_notes_and_another_seed_others():
    rows = [placed(level, 0) for level in (Difficulty.EASY, Difficulty.HARD)]
    first = written(rows, seed=5)
    assert written(rows, seed=5) == first
    assert all(other != one for one, other in zip(first, written(rows, seed=6), strict=True))


@pytest.mark.slow
def test_a_chart_is_the_same_alone_and_beside_others():
    rows = [placed(level, 0) for level in Difficulty]
    assert [written([one])[0] for one in rows] == written(rows)


def test_no_room_for_a_tail_makes_a_tap():
    rows = Placed(Difficulty.CHALLENGE, np.arange(0, 480, 24), RULES[Difficulty.CHALLENGE])
    last = int(rows.ticks[-1])
    (notes,) = write_symbols(Blend(small_net(0)), [rows], listening(last), seed=0)
    assert not {note.kind for note in notes if note.tick == last} & {NoteKind.HOLD, NoteKind.ROLL}
    assert max(note.tick for note in notes) == last


def test_one_row():
    (notes,) = written([Placed(Difficulty.MEDIUM, np.array([96]), RULES[Difficulty.MEDIUM])])
    assert {note.tick for note in notes if note.kind in HITS} == {96}
