"""Footing: the cheapest of all ways to dance a chart, tried one by one; and every tech by a chart written by hand."""

import time

import numpy as np
import pytest

from charter.notation import Chart, Difficulty, Note, NoteKind, Timing
from charter.notation.footing import Annotated, annotate, elapsed, row_demand
from charter.notation.hit_rows import HitRow, hit_rows
from charter.notation.stances import AT_REST, COSTS, SWITCHES, Demand, Feet, Stance, Step, Tech
from tests.chart_text import notes_of

LETTERS = {"L": "1000", "D": "0100", "U": "0010", "R": "0001"}
LEFT, RIGHT, BOTH = 1, 2, 3
MIRROR = (3, 1, 2, 0)
DIAGONAL = 0.5**0.5


def rows_of(text: str, bpm: float = 120.0, ticks: int = 24) -> list[HitRow]:
    """Rows in 8ths unless told: L, D, U and R, or as a file writes them; 0 hits nothing."""
    rows = " ".join(LETTERS.get(row, row) for row in text.split())
    return hit_rows(Chart(None, 1, notes_of(rows, ticks)), Timing.constant(bpm))


def danced(text: str, bpm: float = 120.0, ticks: int = 24, difficulty: Difficulty | None = None) -> Annotated:
    return annotate(rows_of(text, bpm, ticks), difficulty)


def techs(found: Annotated) -> list[set[Tech]]:
    return [set(row.techs) for row in found.rows]


def feet(found: Annotated) -> list[int]:
    return [row.moved for row in found.rows]


# The oracle


def random_rows(seed: int, length: int = 7) -> list[HitRow]:
    """Taps, jumps, holds and the odd row of three panels, 30 to 500 ms apart."""
    rng = np.random.default_rng(seed)
    rows, held, second = [], frozenset[int](), 0.0
    for place in range(length):
        held = frozenset(panel for panel in held if rng.random() < 0.7)
        free = [panel for panel in range(4) if panel not in held]
        hits = min(len(free), int(rng.choice([1, 2, 3], p=[0.7, 0.25, 0.05])))
        kinds = [NoteKind.HOLD if len(held) < 2 and rng.random() < 0.2 else NoteKind.TAP for _ in range(hits)]
        panels = sorted(rng.choice(free, hits, replace=False).tolist())
        mined = frozenset(np.flatnonzero(rng.random(4) < 0.1).tolist())
        notes = tuple(Note(place * 12, panel, kind) for panel, kind in zip(panels, kinds, strict=True))
        rows.append(HitRow(place * 12, second, notes, held, mined))
        held |= {note.panel for note in notes if note.kind is NoteKind.HOLD}
        held = frozenset(sorted(held)[:2])
        second += float(rng.uniform(0.03, 0.5))
    return rows


def every_way(rows: list[HitRow], difficulty: Difficulty | None) -> list[tuple[float, list[Step]]]:
    """(cost, steps) of every sequence of steps there is."""
    costs = COSTS[difficulty]
    stepper = Feet(costs)
    ways = [(0.0, AT_REST, [])]
    for place in range(len(rows)):
        demand, seconds = row_demand(rows, place), elapsed(rows, place)
        ways = [
            (cost + step.cost(costs.of_width(seconds), costs.of_jack(seconds)), step.stance, [*steps, step])
            for cost, stance, steps in ways
            for step in stepper.steps(stance, demand)
        ]
    return [(cost, steps) for cost, _, steps in ways]


def under_the_feet_that_hit(step: Step) -> tuple:
    return (
        step.moved,
        step.stance.left if step.moved & LEFT else None,
        step.stance.right if step.moved & RIGHT else None,
    )


@pytest.mark.parametrize("seed", range(30))
def test_no_sequence_of_steps_is_cheaper(seed):
    difficulty = (*Difficulty, None)[seed % 6]
    rows = random_rows(seed)
    ways, found = every_way(rows, difficulty), annotate(rows, difficulty)
    cheapest = min(cost for cost, _ in ways)
    assert found.cost == pytest.approx(cheapest, rel=1e-9)
    best = [steps for cost, steps in ways if cost <= cheapest + 1e-7]
    told = [(row.left, row.right, row.moved, row.techs) for row in found.rows]
    assert told in [[(*step.stance, step.techs) for step in steps] for steps in best]
    others = [{under_the_feet_that_hit(steps[place]) for steps in best} for place in range(len(rows))]
    assert [row.is_ambiguous for row in found.rows] == [len(each) > 1 for each in others]


def test_the_oracle_tries_everything():
    """Or it would prove little."""
    rows = [row for seed in range(30) for row in random_rows(seed)]
    assert {len(row.hits) for row in rows} == {1, 2, 3}
    assert any(row.held for row in rows)
    assert any(row.mined for row in rows)
    found = set().union(*(row.techs for seed in range(30) for row in annotate(random_rows(seed), None).rows))
    assert len(found) >= 8


def test_every_row_has_feet_that_hit_just_its_panels():
    for seed in range(30):
        rows = random_rows(seed, 40)
        for row, step in zip(rows, annotate(rows, None).rows, strict=True):
            under = [
                panel for bit, foot in ((LEFT, step.left), (RIGHT, step.right)) if step.moved & bit for panel in foot
            ]
            assert set(row.panels) <= set(under) <= set(row.panels) | row.held
            assert set(row.panels) | row.held <= {*step.left, *step.right}
            assert not set(step.left) & set(step.right)


# Each tech by hand


@pytest.mark.parametrize("text", ["L R L R L R", "L R D R U R L", "L R D R L U L R", "D R U R D", "L D L U L D L U"])
def test_steps_that_alternate_ask_nothing_but_a_candle(text):
    found = danced(text)
    assert set().union(*techs(found)) <= {Tech.CANDLE}
    assert feet(found) in ([LEFT, RIGHT] * 4, ([LEFT, RIGHT] * 4)[: len(found.rows)])


@pytest.mark.parametrize("text", ["L R L D R D L", "L R L U R U L"])
def test_a_foot_on_its_far_panel_across_the_other_is_a_half_crossover(text):
    found = danced(text)
    assert techs(found)[4] == {Tech.HALF_CROSSOVER}
    assert feet(found) == [LEFT, RIGHT, LEFT, RIGHT, LEFT, RIGHT, LEFT]


def test_both_feet_on_their_far_panels_are_a_full_crossover():
    found = danced("L R L D R L R D L R L R")
    assert techs(found)[4:6] == [{Tech.HALF_CROSSOVER}, {Tech.FULL_CROSSOVER}]
    assert (found.rows[5].left, found.rows[5].right) == ((3,), (0,))
    assert abs(found.rows[5].facing) == pytest.approx(180)


def test_a_quick_repeat_is_a_footswitch_and_a_slow_one_a_jack():
    quick, slow = danced("L D D R L", bpm=280), danced("L D D R L", bpm=80)
    assert (techs(quick)[2], quick.rows[2].moved) == ({Tech.FOOTSWITCH}, LEFT)
    assert (techs(slow)[2], slow.rows[2].moved) == ({Tech.JACK}, RIGHT)


def test_the_foot_that_is_wanted_next_makes_a_repeat_a_footswitch_or_a_jack():
    assert techs(danced("L R L D D R L R"))[4] == {Tech.FOOTSWITCH}
    assert techs(danced("L R L D D L R L"))[4] == {Tech.JACK}


def test_a_mine_makes_a_repeat_a_footswitch():
    marked, plain = (danced(f"L 0 D {mine} D", ticks=12) for mine in ("0M00", "0"))
    assert Tech.FOOTSWITCH in techs(marked)[2]
    assert techs(plain)[2] == {Tech.JACK}


def test_a_switch_on_left_or_right_is_a_sideswitch():
    found = danced("R L R D L 0 M000 L 0 R L R L R", bpm=240, ticks=12)
    assert Tech.SIDESWITCH in techs(found)[5]
    assert Tech.FOOTSWITCH not in set().union(*techs(found))


def test_the_panel_of_a_hold_just_let_go_is_no_switch():
    stance, on_down = Stance((1,), (3,), RIGHT), 1 << 1
    for freed, switches in ((0, {Tech.FOOTSWITCH}), (on_down, set())):
        (step,) = (s for s in Feet(COSTS[None]).steps(stance, Demand(on_down, freed=freed)) if s.moved == RIGHT)
        assert step.techs & SWITCHES == switches


@pytest.mark.parametrize("row", ["0011", "0101"])
def test_a_jump_in_a_hold_is_a_bracket_and_a_hand(row):
    found = danced(f"2000 {row} 3000 R")
    assert techs(found)[1] == {Tech.BRACKET, Tech.HAND}
    assert found.rows[1].moved == BOTH


def test_three_panels_at_once_are_a_hand():
    found = danced("L 0111 R")
    assert techs(found)[1] == {Tech.BRACKET, Tech.HAND}


TAIL = "R L R L R L R"


def test_one_foot_that_steps_twice_though_the_other_is_free_is_a_double_step():
    found = danced(f"L R L D {TAIL}")
    (place,) = (place for place, each in enumerate(techs(found)) if Tech.DOUBLE_STEP in each)
    assert place in (3, 4)  # on the way to Down or away from it
    assert feet(found)[place - 1] == feet(found)[place]


@pytest.mark.parametrize(
    "text",
    [
        f"L R L 0101 {TAIL}",  # after a jump
        f"L R 2000 D U R D {TAIL.replace('R', '3001', 1)}",  # the other foot holds, or has held until now
        f"L R 2000 D {TAIL.replace('R', '3001', 1)}",
    ],
)
def test_no_double_step(text):
    found = danced(text)
    assert not set().union(*techs(found)) & {Tech.DOUBLE_STEP, Tech.HALF_CROSSOVER, Tech.FULL_CROSSOVER}


def test_a_foot_that_holds_lets_the_other_step_twice():
    assert feet(danced("2000 D U R D 3000")) == [LEFT, RIGHT, RIGHT, RIGHT, RIGHT]


def test_a_foot_from_up_to_down_past_the_other_is_a_candle():
    found = danced("L U L D L")
    assert [Tech.CANDLE in each for each in techs(found)] == [False, False, False, True, False]


def test_from_facing_away_on_one_side_to_the_other_is_a_spin():
    found = danced("L R L R L D R U L R L R", bpm=150)
    assert Tech.SPIN in techs(found)[7]
    assert sum(Tech.SPIN in each for each in techs(found)) == 1


def test_the_other_foot_that_takes_over_a_hold_is_a_hold_switch():
    found = danced("L R L R U 2000 0011 3000 R L R")
    assert found.rows[5].right == (0,)
    assert Tech.HOLD_SWITCH in techs(found)[6]
    assert 0 in found.rows[6].left


def test_a_bracket_of_crossed_feet_is_a_twisted_foot():
    steps = Feet(COSTS[None]).steps(Stance((2,), (0,), RIGHT), Demand(0b1100, held=0b0001))
    (twisted,) = (step for step in steps if step.stance[:2] == ((3, 2), (0,)))
    assert Tech.TWIST in twisted.techs
    assert all(Tech.TWIST not in step.techs for step in steps if step.stance.left == (0,))


@pytest.mark.parametrize(
    ("is_quick", "stepped", "out_of_reach"), [(True, 2, True), (False, 2, False), (True, 1, False)]
)
def test_a_foot_that_has_just_stepped_cannot_cross_the_pad_at_once(is_quick, stepped, out_of_reach):
    demand = Demand(0b0100, held=0b0001, is_quick=is_quick)
    steps = Feet(COSTS[None]).steps(Stance((0,), (1,), stepped), demand)
    (far,) = (step for step in steps if step.stance.right == (2,))
    assert (Tech.UNREACHABLE in far.techs) is out_of_reach


def test_fast_jumps_from_side_to_side_are_unreachable():
    jumps = "1001 0110 1001 0110"
    assert Tech.UNREACHABLE not in set().union(*techs(danced(jumps, bpm=150)))
    assert Tech.UNREACHABLE not in set().union(*techs(danced("L R L R", bpm=900)))
    assert any(Tech.UNREACHABLE in each for each in techs(danced(jumps, bpm=900)))


# Facing, ties, symmetry, costs


@pytest.mark.parametrize(
    ("text", "degrees"), [("L R", 0), ("L R L D", 45), ("L R L U", -45), ("L R U", 45), ("L R D", -45)]
)
def test_the_body_faces_right_where_the_left_foot_is_the_farther_from_the_player(text, degrees):
    assert danced(text).rows[-1].facing == pytest.approx(degrees)


@pytest.mark.parametrize("start", ["D", "U"])
def test_a_start_on_down_or_up_may_be_of_either_foot(start):
    assert [row.is_ambiguous for row in danced(f"{start} 1001").rows] == [True, False]


@pytest.mark.parametrize("start", ["L", "R"])
def test_a_start_on_left_or_right_is_of_its_own_foot(start):
    found = danced(f"{start} 1001")
    assert [row.is_ambiguous for row in found.rows] == [False, False]
    assert found.rows[0].moved == {"L": LEFT, "R": RIGHT}[start]


def mirrored(row: HitRow) -> HitRow:
    hits = sorted((note._replace(panel=MIRROR[note.panel]) for note in row.hits), key=lambda note: note.panel)
    held, mined = (frozenset(MIRROR[panel] for panel in panels) for panels in (row.held, row.mined))
    return row._replace(hits=tuple(hits), held=held, mined=mined)


@pytest.mark.parametrize("seed", range(20))
def test_the_mirrored_chart_is_danced_by_the_other_foot(seed):
    rows = random_rows(seed, 12)
    one, other = annotate(rows, Difficulty.HARD), annotate([mirrored(row) for row in rows], Difficulty.HARD)
    assert other.cost == pytest.approx(one.cost)
    if not any(row.is_ambiguous for row in one.rows):
        assert [row.techs for row in one.rows] == [row.techs for row in other.rows]
        assert [row.moved for row in one.rows] == [{1: 2, 2: 1, 3: 3}[row.moved] for row in other.rows]
        assert [abs(row.facing) for row in one.rows] == pytest.approx([abs(row.facing) for row in other.rows])


def test_turning_away_costs_more_in_easier_charts():
    cost = {level: danced("L R L D R", difficulty=level).cost for level in (*Difficulty, None)}
    assert cost[Difficulty.BEGINNER] == cost[Difficulty.EASY] > cost[Difficulty.MEDIUM] > cost[Difficulty.HARD]
    assert cost[Difficulty.HARD] == cost[Difficulty.CHALLENGE] == cost[None]
    assert cost[Difficulty.EASY] - cost[Difficulty.HARD] == pytest.approx(400 * DIAGONAL**1.8)
    assert cost[Difficulty.MEDIUM] - cost[Difficulty.HARD] == pytest.approx(100 * DIAGONAL**1.8)


def test_easier_charts_repeat_a_foot_where_harder_ones_switch():
    assert Tech.FOOTSWITCH in techs(danced("L R L D D R L R", difficulty=Difficulty.HARD))[4]
    assert Tech.FOOTSWITCH not in techs(danced("L R L D D R L R", difficulty=Difficulty.EASY))[4]


def test_a_chart_without_rows_costs_nothing():
    assert annotate([], None) == Annotated(0.0, ())


@pytest.mark.slow
def test_the_time_grows_with_the_rows_and_no_faster():
    def seconds(rows: list[HitRow]) -> float:
        started = time.process_time()
        annotate(rows, None)
        return time.process_time() - started

    rows = random_rows(0, 2400)
    seconds(rows[:200])
    # In turns, so that a busy moment of the machine meets both.
    taken = [(seconds(rows[:300]), seconds(rows)) for _ in range(5)]
    short, long = (min(times) for times in zip(*taken, strict=True))
    assert long < 24 * short  # a square would be 64
