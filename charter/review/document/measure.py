"""How much of what the model wrote artists keep, and how long they take.

What is counted, exactly:

- A row is all that is to be hit on one tick of a chart, as `charter check`, `charter.json` and the pages count rows:
  mines, fakes and lifts are none, and a change of them alone changes no row. Only charts that are accepted are
  compared: the draft as the model wrote it with the chart as it is now. Where beat 0 was moved, the draft moves with
  it, so that a downbeat put right costs no row; nor does a nudge of BPM or offset, which changes when rows are heard
  and not where they stand.
- Each row of the draft is one of: kept (the same notes on the same tick), rewritten (other notes, or other lengths of
  holds, on the same tick), moved (the same notes, up to a beat away), removed. Each row of the chart as it is now is
  one of: kept, rewritten, moved, added. So kept + rewritten + moved + removed = draft_rows, and
  kept + rewritten + moved + added = final_rows. (`charter.review.document.compare` says how rows are paired.)
- The shares of kept, rewritten, moved and removed are of draft_rows, and sum to 1: what became of the model's work. The
  share of added is of final_rows: how much of the chart the model did not write. Over several charts, rows are summed
  first: a long chart counts for more. Without rows to divide by, a share is None.
- minutes is the time with all charts of the group; minutes_per_chart that with charts that were decided on, rejected
  ones too, by the number of accepted ones: what one accepted chart costs. median_minutes is that of accepted charts.
- Charts that no network wrote (those of a pack that came with a person's steps) are in the group of weights ``""`` and
  in no other.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from charter.notation import Difficulty, slot_word
from charter.review.document.changes import hits, moved, notes_by_cell
from charter.review.document.compare import compared
from charter.review.document.verdicts import ACCEPTED, DECIDED, OPEN, REJECTED, SENT_BACK

PARTS = ("kept", "moved", "rewritten", "removed", "added")
SLOTS = tuple(map(slot_word, (*Difficulty, None)))


@dataclass(frozen=True)
class RowCounts:
    """Rows by what became of them; of one chart, or summed."""

    kept: int = 0
    moved: int = 0
    rewritten: int = 0
    removed: int = 0
    added: int = 0

    @property
    def draft_rows(self) -> int:
        """Rows that the model wrote."""
        return self.kept + self.moved + self.rewritten + self.removed

    @property
    def final_rows(self) -> int:
        """Rows that there are now."""
        return self.kept + self.moved + self.rewritten + self.added

    def shares(self) -> dict[str, float | None]:
        """Each part's share: of the draft's rows, those added of the final ones."""
        totals = {part: self.final_rows if part == "added" else self.draft_rows for part in PARTS}
        return {part: getattr(self, part) / total if total else None for part, total in totals.items()}

    @classmethod
    def sum_of(cls, counts: Iterable["RowCounts"]) -> "RowCounts":
        """The counts of several charts together."""
        listed = list(counts)
        return cls(**{part: sum(getattr(each, part) for each in listed) for part in PARTS})


def row_counts(draft: Iterable[Any], shift: int, final: Iterable[Any]) -> RowCounts:
    """What became of a draft. Both are notes ``[tick, panel, kind, end]``; shift: ticks that beat 0 moved since."""
    found = compared(hits(moved(notes_by_cell(draft), shift)), hits(notes_by_cell(final)))
    return RowCounts(**{part: len(getattr(found, part)) for part in PARTS})


@dataclass(frozen=True)
class MeasuredChart:
    """One chart of a run.

    weights: key of the networks that wrote its draft, ``""`` for none; since: when the song came, ISO 8601
    rows: None unless it is accepted; seconds: of work; accepted: when, or None
    """

    chart: int
    song: int
    title: str
    artist: str
    slot: str
    meter: int
    status: str
    weights: str
    since: str
    version: int
    seconds: float
    accepted: str | None
    rows: RowCounts | None

    def json(self) -> dict[str, Any]:
        """As plain values, in one level."""
        values = asdict(self)
        rows = values.pop("rows")
        counts = self.rows
        return {
            **values,
            "draft_rows": counts.draft_rows if counts else None,
            "final_rows": counts.final_rows if counts else None,
            **(rows or dict.fromkeys(PARTS)),
        }


def weights_key(weights: Mapping[str, Any], slot: str, by_hand: Collection[str] = ()) -> str:
    """Which networks wrote a chart's draft, as 12 hex digits; empty where none did.

    weights: fingerprints by network; by_hand: slots of the song's charts that came with the song
    """
    if not weights or slot in by_hand:
        return ""
    return hashlib.sha256(weights_label(weights).encode()).hexdigest()[:12]


def weights_label(weights: Mapping[str, Any]) -> str:
    """The networks for a person, e.g. ``placement 0b1b073f, symbols f7c3c456``."""
    return ", ".join(f"{name} {str(weights[name])[:8]}" for name in sorted(weights) if weights[name])


def measured(run_id: int, charts: Collection[MeasuredChart], labels: Mapping[str, str]) -> dict[str, Any]:
    """The measure of a run, as ``GET /api/runs/{run}/measure`` answers it.

    labels: of weights by key
    ``{"run", "total": Group, "slots": [Group], "weights": [Group], "charts": [of each accepted chart its values]}``. A
    Group is ``{"key": slot or weights, "label", "since": when its first song came or null, "charts", "accepted",
    "rejected", "sent_back", "open": numbers, "draft_rows", "final_rows", "rows": {"kept", "moved", "rewritten",
    "removed", "added"}, "shares": the same names, 0 to 1 or null, "minutes", "minutes_per_chart": or null,
    "median_minutes": or null}``. Slots are from easy to hard, weights from the oldest to the newest: a new model's
    group stands behind that of the one before it.
    """
    written = [chart for chart in charts if chart.weights]
    by_weights: dict[str, list[MeasuredChart]] = {}
    for chart in sorted(charts, key=lambda chart: (chart.since, chart.chart)):
        by_weights.setdefault(chart.weights, []).append(chart)
    slots = {slot: [chart for chart in written if chart.slot == slot] for slot in SLOTS}
    return {
        "run": run_id,
        "total": _group("", "all charts by a network", written),
        "slots": [_group(slot, slot.capitalize(), each) for slot, each in slots.items() if each],
        "weights": [_group(key, labels.get(key, "by no network"), each) for key, each in by_weights.items()],
        "charts": [chart.json() for chart in charts if chart.rows is not None],
    }


def _group(key: str, label: str, charts: Collection[MeasuredChart]) -> dict[str, Any]:
    counts = RowCounts.sum_of(chart.rows for chart in charts if chart.rows is not None)
    accepted = [chart for chart in charts if chart.status == ACCEPTED]
    statuses = [chart.status for chart in charts]
    decided = sum(chart.seconds for chart in charts if chart.status in DECIDED)
    return {
        "key": key,
        "label": label,
        "since": min((chart.since for chart in charts), default=None),
        "charts": len(charts),
        "accepted": len(accepted),
        "rejected": statuses.count(REJECTED),
        "sent_back": statuses.count(SENT_BACK),
        "open": statuses.count(OPEN),
        "draft_rows": counts.draft_rows,
        "final_rows": counts.final_rows,
        "rows": asdict(counts),
        "shares": counts.shares(),
        "minutes": round(sum(chart.seconds for chart in charts) / 60, 2),
        "minutes_per_chart": round(decided / 60 / len(accepted), 2) if accepted else None,
        "median_minutes": round(median(chart.seconds for chart in accepted) / 60, 2) if accepted else None,
    }
