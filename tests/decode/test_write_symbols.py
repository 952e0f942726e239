"""Symbols from a net that has learnt nothing: whatever it says, the notes obey the format, the feet and the rules."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.decode.feet import AlternatingFeet
from charter.decode.rules import RULES
from charter.decode.symbols import Listening, Placed, write_symbols
from charter.model.config import SymbolConfig
from charter.model.symbols import SymbolNet
from charter.notation import HITS, Chart, Difficulty, Note, NoteKind, Pause, Tempo, Timing
from charter.notation.rules import violations
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
    return Placed(difficulty, np.unique(np.append(ticks, LAST_TICK - 8)).astype(np.int64))


def listening(last_tick: int = LAST_TICK) -> Listening:
    mel = np.random.default_rng(1).uniform(-1, 0.3, (int(SECONDS * SPEC.frames_per_second), SPEC.mels, 2))
    return Listening(TIMING, mel, SPEC, last_tick)


def written(charts: list[Placed], seed: int = 0, net_seed: int = 0) -> list[tuple[Note, ...]]:
    return write_symbols(small_net(net_seed), charts, listening(), seed=seed)


@pytest.fixture(scope="module", params=range(3))
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


def test_there_is_no_third_foot(charts):
    for rows, notes in charts:
        for tick, hits in hit_rows(notes).items():
            held = [panel for head, tail, panel in holds(notes) if head < tick <= tail]
            assert len(hits) + len(held) <= 2, (rows.difficulty, tick)
        assert radar_values(Chart(rows.difficulty, 5, notes), TIMING, SECONDS).hands == 0


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


def crossovers(rows: Placed, notes: tuple[Note, ...]) -> int:
    feet, count, by_tick, spans = AlternatingFeet(), 0, hit_rows(notes), holds(notes)
    for tick in rows.ticks:
        panels = [note.panel for note in by_tick[tick]]
        count += len(panels) == 1 and bool(feet.crossing()[panels[0]])
        feet.step(
            panels,
            hold=max((panel for head, _, panel in spans if head == tick), default=None),
            still_held=any(head < tick < tail for head, tail, _ in spans),
        )
    return count


def test_beginner_and_easy_never_cross_over(charts):
    for rows, notes in charts[:2]:
        assert crossovers(rows, notes) == 0, rows.difficulty


def test_harder_charts_may_cross_over():
    rows = placed(Difficulty.CHALLENGE, 0)
    assert any(crossovers(rows, written([rows], seed)[0]) for seed in range(4))


def test_rows_too_fast_for_the_rules_still_obey_the_format():
    """32nds for a beginner: no jack or crossover can be spared, but no jump is made and the format holds."""
    ticks = placed(Difficulty.BEGINNER, 0, spacing=0.05).ticks[:-1]
    rows = Placed(Difficulty.BEGINNER, ticks)
    (notes,) = written([rows])
    assert violations(Chart(Difficulty.BEGINNER, 5, notes), TIMING) == []
    gaps = np.diff(TIMING.seconds_at(rows.ticks))
    assert (gaps < RULES[Difficulty.BEGINNER].fastest_jump).mean() > 0.99
    assert [tick for tick, hits in hit_rows(notes).items() if len(hits) > 1] == []


def test_same_seed_same_notes_and_another_seed_others():
    rows = [placed(level, 0) for level in (Difficulty.EASY, Difficulty.HARD)]
    first = written(rows, seed=5)
    assert written(rows, seed=5) == first
    assert all(other != one for one, other in zip(first, written(rows, seed=6), strict=True))


def test_a_chart_is_the_same_alone_and_beside_others():
    rows = [placed(level, 0) for level in Difficulty]
    assert [written([one])[0] for one in rows] == written(rows)


def test_no_room_for_a_tail_makes_a_tap():
    rows = Placed(Difficulty.CHALLENGE, np.arange(0, 480, 24))
    last = int(rows.ticks[-1])
    (notes,) = write_symbols(small_net(0), [rows], listening(last), seed=0)
    assert not {note.kind for note in notes if note.tick == last} & {NoteKind.HOLD, NoteKind.ROLL}
    assert max(note.tick for note in notes) == last


def test_one_row():
    (notes,) = written([Placed(Difficulty.MEDIUM, np.array([96]))])
    assert {note.tick for note in notes if note.kind in HITS} == {96}


def kinds_and_panels(temperature: float) -> tuple[np.ndarray, int]:
    """Shares of (single, jump, with a hold) over many rows without haste, and how many different symbols there are."""
    rows = [placed(Difficulty.CHALLENGE, seed, spacing=0.5) for seed in range(6)]
    counts, symbols = np.zeros(3), set()
    for number, chart in enumerate(rows):
        (notes,) = write_symbols(small_net(0), [chart], listening(), seed=number, temperature=temperature)
        for hits in hit_rows(notes).values():
            holds_there = any(note.kind is not NoteKind.TAP for note in hits)
            counts += [len(hits) == 1, len(hits) == 2, holds_there]
            symbols.add(tuple((note.panel, note.kind) for note in hits))
    return counts / counts[:2].sum(), len(symbols)


def test_a_low_temperature_has_fewer_symbols_but_no_fewer_jumps_and_holds():
    (warm, many), (cold, few) = kinds_and_panels(1.0), kinds_and_panels(0.05)
    assert few < 0.75 * many
    assert warm[1] > 0.05
    assert cold == pytest.approx(warm, abs=0.12)
