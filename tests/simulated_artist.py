"""An artist who works on a chart as fast as a fast one: places, deletes, takes back, comments, and remembers it all."""

import random
import time
from collections import Counter
from typing import Any
from uuid import uuid4

import httpx

from tests.review_server import Visitor

Cell = tuple[int, int]
_ROW = 12  # ticks: 16ths
_MOST_CELLS = 4  # that one edit changes


class Artist:
    """Somebody at one chart. acknowledged: keys of edits by the version that the server said they made."""

    def __init__(self, url: str, name: str, chart: int, seed: int) -> None:
        self.visitor = Visitor(url, name)
        self.chart = chart
        self.random = random.Random(seed)
        self.acknowledged: dict[str, int] = {}
        self.refused: set[str] = set()
        self.unsure: set[str] = set()  # the server went away before it answered
        self.latencies: list[float] = []
        self.counts: Counter[str] = Counter()
        self._mine: list[dict[str, Any]] = []
        self.look()

    def look(self) -> None:
        """Read the chart anew."""
        said = self.visitor.get(f"/api/charts/{self.chart}")
        self.version: int = said["version"]
        self.cells: dict[Cell, list[Any]] = {(note[0], note[1]): note[2:] for note in said["notes"]}

    def work(self) -> None:
        """One thing that artists do."""
        what = self.random.random()
        if what < 0.1 and self._mine:
            self._edit(
                "undo", [[tick, panel, now, was] for tick, panel, was, now in reversed(self._mine.pop()["notes"])]
            )
        elif what < 0.13:
            self.visitor.post(f"/api/charts/{self.chart}/comments", {"tick": self._row(), "text": "too busy here?"})
            self.counts["comment"] += 1
        else:
            self._edit("edit", self._changes())

    def _row(self) -> int:
        last = max((tick for tick, _ in self.cells), default=0)
        return self.random.randrange(last // _ROW + 2) * _ROW

    def _changes(self) -> list[list[Any]]:
        row = self._row()
        cells = {(row + _ROW * self.random.randrange(2), self.random.randrange(4)) for _ in range(_MOST_CELLS)}
        changes = []
        for cell in sorted(cells)[: self.random.randint(1, _MOST_CELLS)]:
            was = self.cells.get(cell)
            changes.append([*cell, was, None if was else ["1", None]])
        return changes

    def _edit(self, kind: str, notes: list[list[Any]]) -> None:
        edit = {"key": uuid4().hex, "base": self.version, "kind": kind, "changes": {"notes": notes}, "summary": ""}
        self._send(edit)

    def _send(self, edit: dict[str, Any]) -> None:
        started = time.perf_counter()
        try:
            response = self.visitor.http.post(f"/api/charts/{self.chart}/edits", json=edit)
        except httpx.TransportError:
            self.unsure.add(edit["key"])
            raise
        self.latencies.append(time.perf_counter() - started)
        if response.status_code in (409, 422):  # somebody else was there first, or a hold is in the way
            self.refused.add(edit["key"])
            self.counts["refused"] += 1
            self.look()
            return
        response.raise_for_status()
        said = response.json()
        self.acknowledged[edit["key"]] = said["version"]
        self.counts[edit["kind"]] += 1
        self.version = said["version"]
        for other in said["others"]:
            self._apply(other["changes"]["notes"])
        self._apply(edit["changes"]["notes"])
        if edit["kind"] == "edit":
            self._mine.append(edit["changes"])

    def _apply(self, changes: list[list[Any]]) -> None:
        for tick, panel, _, now in changes:
            if now is None:
                self.cells.pop((tick, panel), None)
            else:
                self.cells[tick, panel] = now


def faults(visitor: Visitor, chart: int, artists: list[Artist]) -> list[str]:
    """What is lost or double in a chart's history, by what its artists remember; empty when all is well."""
    edits = visitor.get(f"/api/charts/{chart}/edits?after=0")
    by_key = {edit["key"]: edit for edit in edits}
    wrong = [] if len(by_key) == len(edits) else [f"chart {chart}: edits are there twice"]
    if [edit["version"] for edit in edits] != list(range(1, len(edits) + 1)):
        wrong.append(f"chart {chart}: versions are missing")
    for artist in artists:
        for key, version in artist.acknowledged.items():
            if key not in by_key or by_key[key]["version"] != version:
                wrong.append(f"chart {chart}: the edit of version {version} by {artist.visitor.name} is lost")
        wrong += [f"chart {chart}: a refused edit is there" for key in artist.refused if key in by_key]
    cells = {(note[0], note[1]): note[2:] for note in visitor.get(f"/api/charts/{chart}/notes?version=0")["notes"]}
    for edit in edits:
        for tick, panel, was, now in edit["changes"]["notes"]:
            if cells.get((tick, panel)) != was:
                wrong.append(f"chart {chart}: version {edit['version']} overwrote what it had not seen")
            if now is None:
                cells.pop((tick, panel), None)
            else:
                cells[tick, panel] = now
    head = {(note[0], note[1]): note[2:] for note in visitor.get(f"/api/charts/{chart}")["notes"]}
    return wrong if head == cells else [*wrong, f"chart {chart}: its notes are not those that its edits make"]
