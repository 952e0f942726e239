"""The measure: what is counted, share for share."""

import csv
import io

import pytest

from charter.review.document.measure import (
    PARTS,
    MeasuredChart,
    RowCounts,
    measured,
    row_counts,
    weights_key,
    weights_label,
)
from charter.review.out.measure_csv import csv_lines


def taps(*ticks, panel=0):
    return [[tick, panel, "1", None] for tick in ticks]


def test_every_row_is_counted_once_and_the_sums_hold():
    draft = [*taps(0, 48, 96, 144, 192), [240, 0, "2", 288]]
    final = [*taps(0, 96, 150), *taps(48, panel=3), *taps(1000, 1048), [240, 0, "2", 300]]
    counts = row_counts(draft, 0, final)
    assert counts == RowCounts(kept=2, moved=1, rewritten=2, removed=1, added=2)
    assert (counts.draft_rows, counts.final_rows) == (6, 7)
    shares = counts.shares()
    assert sum(shares[part] for part in ("kept", "moved", "rewritten", "removed")) == pytest.approx(1)
    assert shares["added"] == pytest.approx(2 / 7)


@pytest.mark.parametrize("shift", [-48, 48, 192])
def test_a_downbeat_put_right_costs_no_row(shift):
    draft = [*taps(*range(192, 1920, 24)), [2000, 1, "2", 2048]]
    final = [[tick + shift, panel, kind, end and end + shift] for tick, panel, kind, end in draft]
    assert row_counts(draft, shift, final).shares()["kept"] == 1
    assert row_counts(draft, shift, final[1:]).removed == 1
    assert row_counts(draft, 0, final).kept < len(draft)


def test_nothing_to_divide_by_is_no_share():
    assert set(RowCounts().shares().values()) == {None}
    assert row_counts([], 0, taps(0)).shares() == {**dict.fromkeys(PARTS), "added": 1.0}


def chart(number, rows=None, status="accepted", weights="old", since="2026-01-01", seconds=60.0, **more):
    values = {"title": "t", "artist": "a", "slot": "hard", "meter": 8, **more}
    return MeasuredChart(
        chart=number, song=number, status=status, weights=weights, since=since, version=3, seconds=seconds,
        accepted=None, rows=rows, **values,
    )  # fmt: skip


def test_groups_sum_rows_before_they_divide():
    long, short = RowCounts(kept=900, removed=100), RowCounts(kept=0, removed=10, added=10)
    found = measured(1, [chart(1, long), chart(2, short, slot="easy")], {"old": "placement 01"})
    assert found["total"]["shares"]["kept"] == pytest.approx(900 / 1010)
    assert [(group["key"], group["shares"]["removed"]) for group in found["slots"]] == [("easy", 1.0), ("hard", 0.1)]
    assert [each["chart"] for each in found["charts"]] == [1, 2]


def test_a_new_model_stands_behind_the_one_before_and_people_stand_alone():
    good, bad = RowCounts(kept=9, removed=1), RowCounts(kept=5, rewritten=5)
    charts = [
        chart(1, good, weights="new", since="2026-03-01"),
        chart(2, bad, weights="old", since="2026-01-01"),
        chart(3, good, weights="", since="2026-02-01"),
    ]
    found = measured(1, charts, {"old": "placement 01", "new": "placement 02"})
    assert [(g["key"], g["label"]) for g in found["weights"]] == [
        ("old", "placement 01"),
        ("", "by no network"),
        ("new", "placement 02"),
    ]
    assert [group["shares"]["kept"] for group in found["weights"]] == [0.5, 0.9, 0.9]
    assert (found["total"]["charts"], found["total"]["draft_rows"]) == (2, 20)


def test_minutes_are_what_an_accepted_chart_costs():
    rows = RowCounts(kept=1)
    charts = [
        chart(1, rows, seconds=60),
        chart(2, rows, seconds=180),
        chart(3, status="rejected", seconds=120),
        chart(4, status="open", seconds=600),
        chart(5, status="sent back", seconds=60),
    ]
    total = measured(1, charts, {})["total"]
    assert (total["minutes"], total["minutes_per_chart"], total["median_minutes"]) == (17, 3, 2)
    assert [total[name] for name in ("charts", "accepted", "rejected", "sent_back", "open")] == [5, 2, 1, 1, 1]
    assert measured(1, charts[2:], {})["total"]["minutes_per_chart"] is None


def test_weights_are_told_apart_by_any_network():
    one = {"placement": "a" * 16, "symbols": "b" * 16}
    assert weights_label(one) == "placement aaaaaaaa, symbols bbbbbbbb"
    assert weights_key(one, "hard") == weights_key(dict(reversed(one.items())), "hard")
    assert weights_key(one, "hard") != weights_key({**one, "symbols": "c" * 16}, "hard")
    assert weights_key(one, "hard", by_hand=["hard"]) == weights_key({}, "hard") == ""


@pytest.mark.parametrize("first", ["+", "-", "@", "\t", "\uff1d", "\uff0b"])
def test_no_cell_starts_as_a_formula_does(first):
    made = chart(1, RowCounts(kept=3), title=f"{first}1+1")
    (row,) = csv.DictReader(io.StringIO("".join(csv_lines([made.json()]))))
    assert row["title"] == f"'{first}1+1"


def test_the_table_opens_in_a_spreadsheet_and_computes_nothing():
    made = chart(1, RowCounts(kept=3, added=1), title='=cmd|"x", y', seconds=90)
    rows = list(csv.DictReader(io.StringIO("".join(csv_lines([made.json()])))))
    assert rows[0]["title"] == '\'=cmd|"x", y'
    assert [rows[0][name] for name in ("kept", "kept_share", "added_share", "minutes")] == [
        "3",
        "1.0000",
        "0.2500",
        "1.50",
    ]
