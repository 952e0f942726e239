"""Many dancers at once pay what the cheapest footing costs."""

import numpy as np
import pytest

from charter.decode.feet import WAYS, Dance, Dancers, StepTable
from charter.notation import Difficulty, Note, NoteKind
from charter.notation.footing import annotate, elapsed, row_demand
from charter.notation.hit_rows import HitRow
from charter.notation.stances import COSTS, CROSSOVERS, SWITCHES, Tech

LEVEL = Difficulty.HARD
LEFT, DOWN, UP, RIGHT = (1 << panel for panel in range(4))
NOTHING = np.zeros((1, 1), dtype=np.int64)


def rows_of(masks: list[int], seed: int) -> list[HitRow]:
    """Rows that hit these panels, at random times; one of the first row's may be held to the end, if it is not hit."""
    rng = np.random.default_rng(seed)
    seconds = np.cumsum(rng.uniform(0.05, 0.5, len(masks)))
    hit = [[panel for panel in range(4) if mask >> panel & 1] for mask in masks]
    free = [panel for panel in hit[0] if not any(panel in panels for panels in hit[1:])]
    held = free[:1] if rng.random() < 0.5 else []
    rows = []
    for place, panels in enumerate(hit):
        starts = held if place == 0 else []
        notes = tuple(Note(place, panel, NoteKind.HOLD if panel in starts else NoteKind.TAP) for panel in panels)
        rows.append(HitRow(place, float(seconds[place]), notes, frozenset(held if place else [])))
    return rows


def some_dancers(banned: frozenset[Tech] = frozenset(), count: int = 1) -> Dancers:
    """Of one chart."""
    return Dancers(StepTable(), [Dance(COSTS[LEVEL], banned)], count)


def paid(rows: list[HitRow], banned: frozenset[Tech] = frozenset()) -> float:
    """What a dancer has been asked for in all, row by row."""
    dancers, whole = some_dancers(banned), 0.0
    for place in range(len(rows)):
        demand = row_demand(rows, place)
        asked = dancers.asked(np.array([[demand.held]]), [elapsed(rows, place)], [demand.hits.bit_count() > 2])
        whole += float(asked[0, 0, demand.hits - 1])
        dancers.step(np.array([[demand.hits - 1]]))
    return whole


def taps(seed: int, count: int) -> list[int]:
    return [1 << int(panel) for panel in np.random.default_rng(seed).integers(0, 4, count)]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_asked_in_all_is_the_cheapest_cost(seed):
    rows = rows_of([*taps(seed, 2), 1 + seed % WAYS], seed)
    assert paid(rows) == pytest.approx(annotate(rows, LEVEL).cost)


@pytest.mark.parametrize("seed", range(10))
def test_over_many_rows_it_is_never_less_and_seldom_more(seed):
    """Of the ways to dance them, a dancer keeps only a few in mind."""
    rows = rows_of(taps(seed, 60), seed)
    cost = annotate(rows, LEVEL).cost
    assert cost - 1e-6 <= paid(rows) <= 1.1 * cost + 1


def test_a_foot_that_has_just_let_go_of_a_hold_is_no_excuse():
    """Read, a chart may step twice with one foot while the other lets go; written, it shall not need to."""
    notes = [(0, NoteKind.HOLD), *((panel, NoteKind.TAP) for panel in (3, 2, 0, 3))]
    held = [frozenset(), frozenset({0}), *[frozenset[int]()] * 3]
    rows = [HitRow(place, 0.25 * (place + 1), (Note(place, *note),), held[place]) for place, note in enumerate(notes)]
    assert paid(rows) > annotate(rows, LEVEL).cost + 100


def asked_after(ways: list[int], banned: frozenset[Tech] = frozenset(), *, wide: bool = False) -> np.ndarray:
    """What each way costs next, in 8ths at 120, by the panels that it hits: index 0 is none."""
    dancers = some_dancers(banned)
    for way in ways:
        dancers.asked(NOTHING, [0.25], [False])
        dancers.step(np.array([[way - 1]]))
    return np.append(np.inf, dancers.asked(NOTHING, [0.25], [wide])[0, 0])


ALTERNATING = [LEFT, RIGHT, LEFT, RIGHT, LEFT]


def test_what_is_banned_makes_way_for_what_is_not():
    """Left of the left foot and down of the right one: right would cross over, or else step twice."""
    before = [*ALTERNATING, DOWN]
    free = asked_after(before)
    flat = asked_after(before, frozenset(CROSSOVERS))
    strict = asked_after(before, frozenset({*CROSSOVERS, *SWITCHES, Tech.DOUBLE_STEP}))
    assert free[RIGHT] < flat[RIGHT] < 5_000 < strict[RIGHT]
    assert strict[[LEFT, UP]] == pytest.approx(free[[LEFT, UP]])
    assert strict[1:].argmin() != RIGHT - 1


def test_three_panels_are_hit_only_where_asked_for():
    ways = np.array([mask for mask in range(1, 16) if mask.bit_count() > 2])
    assert np.isinf(asked_after([LEFT])[ways]).all()
    wide = asked_after([LEFT], wide=True)
    assert np.isfinite(wide[1:]).all()
    few = [mask for mask in range(1, 16) if mask.bit_count() < 3]
    assert wide[few] == pytest.approx(asked_after([LEFT])[few])


def test_dancers_do_not_touch():
    together, still = some_dancers(count=3), np.zeros((1, 3), dtype=np.int64)
    walks = np.array([[LEFT, DOWN, RIGHT], [RIGHT, UP, LEFT], [DOWN, UP, LEFT | RIGHT]])
    for ways in walks.T:
        together.asked(still, [0.25], [False])
        together.step(ways[None] - 1)
    (asked,) = together.asked(still, [0.25], [False])
    for dancer, walk in enumerate(walks):
        assert asked[dancer] == pytest.approx(asked_after(list(walk))[1:])


def test_dancers_that_are_kept_go_on_and_the_others_are_forgotten():
    dancers, still = some_dancers(count=2), np.zeros((1, 2), dtype=np.int64)
    dancers.asked(still, [0.25], [False])
    dancers.step(np.array([[LEFT - 1, DOWN - 1]]))
    first, second = dancers.asked(still, [0.25], [False])[0]
    assert not np.allclose(first[[LEFT - 1, DOWN - 1]], second[[LEFT - 1, DOWN - 1]])
    dancers.keep(0, np.array([1, 1]))
    assert dancers.asked(still, [0.25], [False])[0] == pytest.approx(np.stack([second, second]))


def entries(table: StepTable, dance: int, stances: list[int], held: list[int], *, wide: bool = False) -> np.ndarray:
    """By stance and what is held, none of it quick."""
    numbers = np.array(stances)[:, None], np.array(held)
    return table.entries(np.array(dance), *numbers, np.array(False), np.array(wide))


def test_the_table_grows_without_forgetting():
    table = StepTable()
    dance = table.number(Dance(COSTS[LEVEL], frozenset()))
    first = int(entries(table, dance, [0], [0], wide=True)[0, 0])
    known = table.after[first].copy()
    room = len(table.fixed)
    for held in range(16):  # from each stance to the next
        for stance in range(40):
            entries(table, dance, [stance], [held])
    found = entries(table, dance, list(range(40)), list(range(16)))
    assert len(np.unique(found)) == found.size > room
    assert np.array_equal(table.after[entries(table, dance, [0], [0], wide=True)[0, 0]], known)


def test_dances_of_other_costs_do_not_share_their_prices():
    table = StepTable()
    numbers = [table.number(Dance(COSTS[level], frozenset())) for level in (Difficulty.EASY, LEVEL)]
    easy, hard = (table.fixed[entries(table, number, [0], [0])[0, 0]] for number in numbers)
    assert not np.array_equal(easy, hard)
    assert table.number(Dance(COSTS[Difficulty.BEGINNER], frozenset())) == numbers[0]


def test_charts_side_by_side_are_asked_what_each_is_asked_alone():
    dances = [Dance(COSTS[level], frozenset()) for level in (LEVEL, Difficulty.EASY)]
    table = StepTable()
    together, alone = Dancers(table, dances, 1), [Dancers(table, [dance], 1) for dance in dances]
    for way in [*ALTERNATING, DOWN]:
        asked = together.asked(np.zeros((2, 1), dtype=np.int64), [0.25, 0.1], [False, True])
        for place, (each, seconds) in enumerate(zip(alone, (0.25, 0.1), strict=True)):
            assert np.array_equal(each.asked(NOTHING, [seconds], [bool(place)])[0], asked[place])
            each.step(np.array([[way - 1]]))
        together.step(np.full((2, 1), way - 1))
    # The longer chart goes on by itself.
    assert np.array_equal(together.asked(NOTHING, [0.2], [False]), alone[0].asked(NOTHING, [0.2], [False]))
