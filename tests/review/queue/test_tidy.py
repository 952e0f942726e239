"""Exports that nobody fetches any more, and what else is too old."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from charter.review.errors import Conflict
from charter.review.queue.tidy import tidy
from charter.review.store.database import now
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


def test_jobs_that_are_long_over_go_and_uploads_that_nobody_tried_again(made: Callable[..., Any]) -> None:
    queue = made()
    old, young = now() - timedelta(days=15), now() - timedelta(days=13)
    ended = {}
    for name, when, state in (
        ("done", old, "done"), ("failed", old, "failed"), ("cancelled", old, "cancelled"), ("late", young, "failed"),
        ("waits", None, "waiting"),
    ):  # fmt: skip
        numbers = queue.intake("fine")[0], queue.redo(), queue.export()
        with queue.database.write() as session:
            for number in numbers:
                job = session.get_one(Job, number)
                job.state, job.ended = state, when
            upload = session.get_one(Job, numbers[0]).request["upload"]
        ended[name] = numbers, upload
    tidy(queue.database, queue.data)
    with queue.database.read() as session:
        left = set(session.scalars(select(Job.id)))
    assert {name: [number in left for number in numbers] for name, (numbers, _) in ended.items()} == {
        "done": [False, False, False],
        "failed": [True, False, False],  # the song says why, and says what to do when it is tried again
        "cancelled": [True, False, False],
        "late": [True, True, True],
        "waits": [True, True, True],
    }
    there = {path.name for path in (queue.data / "uploads").iterdir()}
    assert {name for name, (_, upload) in ended.items() if upload in there} == {"done", "late", "waits"}
    with pytest.raises(Conflict, match="drop it on the page again"):
        queue.runner.retry(ended["failed"][0][0])
