"""Placement, tick classes and nesting: by hand, against mir_eval, and at the edges."""

import json

import mir_eval
import numpy as np
import pytest

from charter.metrics import SongPair, TickClass, compare, count_placement, nested_share, pool_placement
from charter.metrics.matching import closest_offsets, match_counts, matched_indices, validate
from charter.metrics.nesting import nested_shares, pool_nesting
from charter.metrics.onsets import onset_seconds
from charter.metrics.placement import evaluate, null_counts, shuffled
from charter.metrics.tick_class import tick_classes
from charter.notation import Difficulty, Span, Tempo, Timing


def rhythm(seed, onsets=60, longest=0.08):
    """Onsets (onsets,) in seconds, close enough together that partners compete."""
    return np.cumsum(np.random.default_rng(seed).uniform(0.001, longest, onsets))


# ---- matching


@pytest.mark.parametrize("tolerance", [0.02, 0.05])
@pytest.mark.parametrize("seed", range(10))
def test_pairing_is_as_large_as_a_maximum_bipartite_matching(seed, tolerance):
    reference, generated = rhythm(seed), rhythm(seed + 100, onsets=45, longest=0.1)
    expected = mir_eval.util.match_events(reference, generated, tolerance)
    assert len(expected) > 10
    assert len(matched_indices(reference, generated, tolerance)) == len(expected)


def test_indices_name_reference_onsets_that_have_a_partner():
    reference, generated = np.array([1.0, 2.0, 3.0]), np.array([2.01, 3.5])
    assert matched_indices(reference, generated, 0.02).tolist() == [1]


@pytest.mark.parametrize(("late", "matched"), [(0.020, 1), (-0.020, 1), (0.0200009, 1), (0.0200021, 0)])
def test_tolerance_is_inclusive_but_for_rounding(late, matched):
    assert match_counts(np.array([1.0]), np.array([1.0 + late]), 0.02).matched == matched


def test_partners_pair_off_closest_first():
    offsets = closest_offsets(np.array([1.0, 1.04]), np.array([1.035, 1.085]), 0.05)
    assert offsets == pytest.approx([-0.005])  # 1.085 is left over: its only other partner is 85 ms away


@pytest.mark.parametrize(
    ("onsets", "message"),
    [
        (np.array([2.0, 1.0]), "rising"),
        (np.array([1.0, np.nan]), "NaN"),
        (np.zeros((2, 2)), "dimensions"),
        (np.array([180_000.0]), "milliseconds"),
    ],
)
def test_onsets_that_break_the_conventions_are_refused(onsets, message):
    with pytest.raises(ValueError, match=message):
        validate(onsets)


# ---- scores


def test_scores_of_a_small_chart_by_hand(written):
    reference = written("1000 0100 0010 0001")  # at 0, 1, 2 and 3 s
    tempos = (Tempo(0, 60), Tempo(48, 60 / 1.03), Tempo(96, 60))
    generated = written("1000 0001 0000 0000", timing=Timing(tempos))  # 0 and 1 s
    late = written("1000 0000 1000", timing=Timing(tempos))  # 0 and 2.03 s

    exact = evaluate(reference, generated).within[20]
    assert (exact.precision, exact.recall, exact.f1) == pytest.approx((1.0, 0.5, 2 / 3))
    beside = evaluate(reference, late)
    assert beside.within[20].f1 == pytest.approx(2 * 1 / 6)
    assert beside.within[50].f1 == pytest.approx(2 * 2 / 6)
    assert beside.ratio == pytest.approx(0.5)


@pytest.mark.parametrize("tolerance_ms", [20, 50])
def test_scores_agree_with_mir_eval_on_onsets(written, tolerance_ms):
    random = np.random.default_rng(5)
    rows = [" ".join(random.choice(["0000", "1000", "0110"], 200)) for _ in range(2)]
    reference = written(rows[0], spacing=6, timing=Timing.constant(150))
    generated = written(rows[1], spacing=6, timing=Timing.constant(150.7, offset=0.011))
    ours = evaluate(reference, generated).within[tolerance_ms]
    theirs = mir_eval.onset.f_measure(onset_seconds(reference), onset_seconds(generated), window=tolerance_ms / 1000)
    assert 0.2 < ours.f1 < 0.98
    assert (ours.f1, ours.precision, ours.recall) == pytest.approx(theirs)


def test_a_chart_is_its_own_perfect_match(written):
    chart = written("1000 0100 0110 2000 3000 0001", spacing=24)
    figures = evaluate(chart, chart, duration=5.0)
    assert [figures.within[ms].f1 for ms in (20, 50)] == [1.0, 1.0]
    assert (figures.phase_median_ms, figures.phase_mad_ms, figures.ratio) == (0.0, 0.0, 1.0)
    assert figures.usual_gap == figures.longest_gap > 0
    assert (figures.reference_per_second, figures.generated_per_second) == (1.0, 1.0)
    assert [figures.classes[kind].f1 for kind in TickClass] == [1.0, 1.0, 1.0]


def test_a_missing_chart_counts_as_one_without_notes(written):
    chart = written("1000 0100")
    figures = evaluate(chart, None)
    assert (figures.within[20].precision, figures.within[20].recall, figures.within[20].f1) == (0.0, 0.0, 0.0)
    assert (figures.phase_median_ms, figures.generated_onsets) == (None, 0)


def test_two_empty_charts_agree(written):
    figures = evaluate(written(""), written(""))
    assert (figures.within[20].f1, figures.within[20].null_f1, figures.ratio) == (1.0, 1.0, 0.0)


def test_pooled_scores_are_micro_and_the_mean_is_over_charts(written):
    full, short = written("1000 " * 8), written("0001 0001")
    pooled = pool_placement([count_placement(full, full), count_placement(short, None)])
    assert pooled.charts == 2
    assert pooled.within[20].f1 == pytest.approx(2 * 8 / 18)
    assert pooled.within[20].chart_mean_f1 == pytest.approx(0.5)


def test_density_needs_every_duration(written):
    chart = written("1000 0001")
    counts = [count_placement(chart, chart, duration=4.0), count_placement(chart, None, duration=6.0)]
    assert pool_placement(counts).reference_per_second == pytest.approx(0.4)
    assert pool_placement(counts).generated_per_second == pytest.approx(0.2)
    assert pool_placement([*counts, count_placement(chart, chart)]).reference_per_second is None


def test_only_rows_that_can_be_hit_are_onsets(written):
    timing = Timing((Tempo(0, 60),), warps=(Span(48, 48),), fakes=(Span(144, 24),))
    chart = written("1000 1000 1000 1000 M000 F000 L000 2000 3000", timing=timing)
    assert onset_seconds(chart) == pytest.approx([0.0, 1.0, 6.0])


def test_phase_is_what_the_generated_chart_is_late_by(written):
    rows = "1000 0100 0010 0001 1000"
    late = written(rows, timing=Timing.constant(60).shifted(0.012))
    figures = evaluate(written(rows), late)
    assert figures.phase_median_ms == pytest.approx(12.0)
    assert figures.phase_mad_ms == pytest.approx(0.0, abs=1e-9)


# ---- the deaf floor


def test_shuffling_keeps_the_intervals_and_the_first_onset():
    onsets = rhythm(3)
    deaf = shuffled(onsets, seed=0)
    assert deaf[0] == onsets[0]
    assert not np.allclose(deaf, onsets)
    assert np.sort(np.diff(deaf)) == pytest.approx(np.sort(np.diff(onsets)))
    assert shuffled(onsets[:1], seed=0).tolist() == onsets[:1].tolist()


def test_null_is_the_mean_over_five_shuffles():
    reference, generated = rhythm(1), rhythm(2)
    matched = []
    for seed in range(5):
        gaps = np.random.default_rng(seed).permutation(np.diff(generated))
        deaf = generated[0] + np.array([0.0, *np.cumsum(gaps)])
        matched.append(len(mir_eval.util.match_events(reference, deaf, 0.02)))
    assert len(set(matched)) > 1
    assert null_counts(reference, generated, 0.02).matched == pytest.approx(np.mean(matched))


# ---- tick classes


def test_ticks_are_classed_by_the_coarsest_grid_they_stand_on():
    assert tick_classes(np.array([0, 48, 24, 72, 12, 16, 1, -48])).tolist() == [
        *("4th", "4th", "8th", "8th"),
        *("finer", "finer", "finer", "4th"),
    ]


def test_playing_every_tick_scores_the_floor(written):
    reference = written("1000 0000 1000 0000 0000 1000 0000 0000 1000", spacing=24)  # ticks 0, 48, 120, 192
    every = written("1000 " * 9, spacing=24)
    figures = evaluate(reference, every).classes
    # 4 beats long: 3 of its 4ths, of which the floor counts 4, and 1 of its 8ths, of which there are 4
    assert figures[TickClass.QUARTER].every_tick_f1 == pytest.approx(2 * 3 / (3 + 4))
    assert figures[TickClass.QUARTER].f1 == pytest.approx(2 * 3 / (3 + 5))
    assert figures[TickClass.EIGHTH].f1 == figures[TickClass.EIGHTH].every_tick_f1 == pytest.approx(2 * 1 / (1 + 4))
    assert (figures[TickClass.FINER].f1, figures[TickClass.FINER].every_tick_f1) == (1.0, 0.0)


# ---- nesting


def test_nested_share_counts_exact_ticks(written):
    easier, harder = written("1000 0100 0010 0001"), written("1000 0000 1111 0000 1000")
    assert nested_share(easier, harder) == pytest.approx(0.5)
    assert nested_share(written(""), harder) is None


def test_nesting_is_taken_between_neighbours_of_the_ladder(written):
    charts = {
        Difficulty.BEGINNER: written("1000"),
        Difficulty.EASY: written("1000 1000"),
        Difficulty.HARD: written("0000 1000"),
        Difficulty.CHALLENGE: written("1000 0000"),
    }
    assert nested_shares(charts) == {Difficulty.BEGINNER: 1.0, Difficulty.HARD: 0.0}


def test_nesting_is_pooled_over_songs():
    figures = pool_nesting([1.0, 0.9, 0.2])
    assert (figures.shares, figures.median) == (3, 0.9)
    assert figures.mean == pytest.approx(0.7)
    assert pool_nesting([]).median is None


# ---- all together


def test_a_report_pools_by_difficulty_and_names_what_is_missing(written):
    full, half = written("1000 0100 0010 0001"), written("1000 0000 0010")
    songs = [
        SongPair(
            "one",
            {Difficulty.BEGINNER: half, Difficulty.EASY: full},
            {Difficulty.BEGINNER: half, Difficulty.CHALLENGE: full},
        ),
        SongPair("two", {Difficulty.EASY: full}, {}, trouble="no such folder"),
    ]
    report = compare(iter(songs))
    assert list(report.difficulties) == [Difficulty.BEGINNER, Difficulty.EASY]
    assert report.missing == ("one: no Easy", "two: no such folder")
    assert report.difficulties[Difficulty.BEGINNER].placement.within[20].f1 == 1.0
    assert report.difficulties[Difficulty.EASY].placement.within[20].f1 == 0.0
    assert report.pooled.placement.within[20].f1 == pytest.approx(2 * 2 / (10 + 2))
    assert report.pooled.nesting.reference.median == 1.0
    assert report.pooled.nesting.generated.shares == 0
    assert (report.pooled.steps.reference.rows, report.pooled.steps.generated.rows) == (10, 2)


def test_a_report_becomes_json(written):
    chart = written("1000 0100")
    report = compare([SongPair("one", {Difficulty.EASY: chart}, {Difficulty.EASY: chart}, duration=2.0)])
    read_back = json.loads(json.dumps(report.as_dict()))
    assert read_back["difficulties"]["Easy"]["placement"]["within"]["20"]["f1"] == 1.0
    assert read_back["pooled"]["placement"]["classes"]["4th"]["f1"] == 1.0
    assert read_back["charts"][0]["song"] == "one"
