"""Exports that nobody fetches any more."""

import os
import time
from collections.abc import Callable
from typing import Any

from charter.review.queue.tidy import tidy
from charter.review.store.tables import Job


def test_what_was_exported_more_than_a_week_ago_goes_but_not_what_is_being_made(made: Callable[..., Any]) -> None:
    queue = made()
    exports = queue.data / "exports"
    files = {name: exports / f"{letter * 32}" for name, letter in (("waits", "a"), ("failed", "b"), ("done", "c"))}
    for name, file in files.items():
        number = queue.export()
        with queue.database.write() as session:
            job = session.get_one(Job, number)
            job.request, job.state = {"file": file.name}, {"waits": "waiting"}.get(name, name)
    old = time.time() - 8 * 86_400
    for ending in (".zip", ".songs.jsonl", ".txt"):
        for file in (*files.values(), exports / ("d" * 32), exports / ("e" * 32)):
            path = file.with_name(file.name + ending)
            path.write_text("x")
            if file.name[0] != "e":
                os.utime(path, (old, old))
    tidy(queue.database, queue.data)
    left = sorted(path.name[0] + path.suffixes[-1] for path in exports.iterdir() if path.suffix != ".txt")
    assert left == ["a.jsonl", "a.zip", "e.jsonl", "e.zip"]
    assert len(list(exports.glob("*.txt"))) == 5
