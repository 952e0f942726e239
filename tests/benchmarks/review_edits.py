"""Milliseconds that an edit of a long chart takes, and a list of a large run; each in a database of its own.

    python -m tests.benchmarks.review_edits [DATABASE_URL]

A database that a URL names is emptied. Without one it is SQLite in a new folder, written through to the disk.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import numpy as np

from charter.review.document.changes import Cell, Changes, Swap, Symbol
from charter.review.store.charts import chart_detail
from charter.review.store.database import Database
from charter.review.store.edits import Asked, add_edit
from charter.review.store.runs import run_detail, runs
from charter.review.store.tables import Table
from charter.review.store.versions import version_of, versions
from tests.review.store.stores import Store, filled

NOTES, EDITS, SONGS = 3000, 1000, 1000
_TAP = Symbol("1", None)


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder)}/review.sqlite3")
        if len(sys.argv) > 1:
            Table.metadata.drop_all(database.engine)
            Table.metadata.create_all(database.engine)
        store = filled(database)
        _edits(store)
        _lists(store)
        database.close()


def _edits(store: Store) -> None:
    chart = store.chart([[12 * place, place % 4, "1", None] for place in range(NOTES)])
    rng = np.random.default_rng(1)
    standing: set[Cell] = set()

    taken = []
    worked = time.process_time()
    for base in range(EDITS):
        cell = Cell(int(rng.integers(NOTES)) * 12 + 6, int(rng.integers(4)))
        changes = Changes({cell: Swap(_TAP, None) if cell in standing else Swap(None, _TAP)})
        standing.symmetric_difference_update({cell})
        start = time.perf_counter()
        with store.database.write() as session:
            add_edit(session, chart, Asked(uuid4().hex, base, "edit", changes), store.ann)
        taken.append(1000 * (time.perf_counter() - start))
    p50, p95, most = np.percentile(taken, [50, 95, 100])
    worked = 1000 * (time.process_time() - worked) / EDITS
    print(
        f"an edit of a chart of {NOTES} notes: median {p50:.1f} ms, 95 % under {p95:.1f} ms, most {most:.1f} ms; "
        f"{worked:.1f} ms of this process's work"
    )
    with store.database.read() as session:
        _print("the chart with all its notes", lambda: chart_detail(session, chart))
        _print(f"version {EDITS // 2} of {EDITS}", lambda: version_of(session, chart, EDITS // 2))
        _print(f"the list of {EDITS} versions", lambda: versions(session, chart))


def _lists(store: Store) -> None:
    finding = {"kind": "jack", "severity": "advice", "message": "a jack of 4 rows at 6 a second", "beat": 1.0}
    findings = [{**finding, "id": f"{number:012x}", "second": 1.0, "tick": 48} for number in range(10)]
    for _ in range(SONGS):
        song = store.song()
        for slot in ("beginner", "easy", "medium", "hard", "challenge"):
            store.chart([[0, 0, "1", None]], song, slot=slot, findings=findings)
    with store.database.read() as session:
        _print(f"a run of {SONGS} songs with 5 charts each", lambda: run_detail(session, store.run))
        _print("the list of runs", lambda: runs(session))


def _print(what: str, action: Callable[[], object]) -> None:
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    print(f"{what}: {1000 * min(taken):.0f} ms")


if __name__ == "__main__":
    main()
