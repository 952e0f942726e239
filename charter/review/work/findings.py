"""Findings of `charter.check`, and footing, as plain JSON values."""

from collections.abc import Sequence
from typing import Any

from charter.check.finding import Finding
from charter.notation import PANELS, Chart, Timing, to_tick
from charter.notation.footing import RowFooting, annotate
from charter.notation.hit_rows import hit_rows
from charter.notation.pad import Foot
from charter.review.document.findings import finding_id

_LEFT, _RIGHT = "Ll", "Rr"  # a foot, or its heel, and its toe


def findings_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """``{id, kind, severity, message, beat, second, tick}`` of each; of two that say the same, one."""
    found = {
        (number := finding_id(each.kind.value, each.beat, each.message)): {
            "id": number,
            "kind": each.kind.value,
            "severity": each.severity.value,
            "message": each.message,
            "beat": each.beat,
            "second": each.second,
            "tick": None if each.beat is None else to_tick(each.beat),
        }
        for each in findings
    }
    return list(found.values())


def footing_json(chart: Chart, timing: Timing) -> list[list[Any]]:
    """``[tick, feet, techs]`` of each row: feet has a character for each panel, ``.`` where no foot is."""
    return [_foot(row) for row in annotate(hit_rows(chart, timing), chart.difficulty).rows]


def _foot(row: RowFooting) -> list[Any]:
    feet = ["."] * PANELS
    for foot, letters in ((row.left, _LEFT), (row.right, _RIGHT)):
        _put(feet, foot, letters)
    return [row.tick, "".join(feet), sorted(tech.value for tech in row.techs)]


def _put(feet: list[str], foot: Foot, letters: str) -> None:
    for panel, letter in zip(foot, letters, strict=False):  # heel first
        feet[panel] = letter
