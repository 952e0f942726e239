"""The report's life on disk."""

import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from charter.batch.report import Report
from charter.batch.row import Row, Status
from charter.errors import OutputError


def sources(report):
    return [row.source for row in report.rows()]


def test_nothing_is_there_before_the_first_run(tmp_path):
    assert list(Report(tmp_path).rows()) == []


def test_a_row_is_on_disk_as_soon_as_it_is_added(tmp_path, make_row, fault):
    report = Report(tmp_path)
    report.begin()
    row = make_row("日本/تجربة.ogg", findings=(fault,), notes=("one", "two"))
    report.add(row)
    assert Row.parse(report.lines.read_text(encoding="utf-8").rstrip("\n")) == row
    assert list(Report(tmp_path).rows()) == [row]


def test_a_kill_leaves_every_row_that_was_added(tmp_path, make_row):
    Report(tmp_path).begin([make_row("a.ogg")])
    program = """
import os, signal, sys
from pathlib import Path
from dataclasses import replace
from charter.batch.report import Report
report = Report(Path(sys.argv[1]))
row = next(report.rows())
for source in ("c.ogg", "b.ogg"):
    report.add(replace(row, source=source))
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert sources(Report(tmp_path)) == ["a.ogg", "b.ogg", "c.ogg"]


@pytest.mark.parametrize(
    "spoilt",
    [b"", b"null\n", b"[1, 2]\n", b'{"source": "x.ogg"}\n', b"\xff\xfe\n", b"\0\0\0\n", b'{"source": "x.o', b"\n\n"],
)
def test_what_is_no_row_is_left_out(tmp_path, make_row, spoilt):
    report = Report(tmp_path)
    report.begin([make_row("a.ogg"), make_row("b.ogg")])
    first, second = report.lines.read_bytes().splitlines(keepends=True)
    report.lines.write_bytes(first + (spoilt if spoilt.endswith(b"\n") else b"") + second + spoilt)
    assert sources(report) == ["a.ogg", "b.ogg"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("source", None), ("source", 5), ("folder", {}), ("folder", "\ud800"), ("title", True), ("notes", [1])),
        *(
            ("weights", {"a": 1}),
            ("duration", float("nan")),
            ("duration", 10**400),
            ("duration", "long"),
            ("seed", 1.5),
        ),
        *(("findings", [5]), ("charts", [{"density": [None]}]), ("timing", {"bpm": "x", "offset": 0})),
    ],
)
def test_a_row_of_other_types_is_left_out(tmp_path, make_row, field, value):
    report = Report(tmp_path)
    report.begin([make_row("a.ogg")])
    said = json.loads(report.lines.read_text()) | {"source": "b.ogg"}
    report.lines.write_text(f"{report.lines.read_text()}{json.dumps(said)}\n{json.dumps(said | {field: value})}\n")
    report.finish()
    assert sources(report) == ["a.ogg", "b.ogg"]


def test_brackets_within_brackets_are_no_row(tmp_path, make_row):
    report = Report(tmp_path)
    report.begin([make_row("a.ogg")])
    report.lines.write_text(report.lines.read_text() + "[" * 100_000 + "\n")
    assert sources(report) == ["a.ogg"]


def test_a_row_of_another_version_is_left_out(tmp_path, make_row):
    report = Report(tmp_path)
    report.begin([make_row("a.ogg")])
    line = report.lines.read_text()
    report.lines.write_text(line.replace('"seed"', '"grain"').replace("a.ogg", "b.ogg") + line)
    assert sources(report) == ["a.ogg"]


def test_any_cut_of_the_last_line_leaves_the_rest(tmp_path, make_row):
    report = Report(tmp_path)
    report.begin([make_row("a.ogg")])
    whole = len(report.lines.read_bytes())
    report.add(make_row("b.ogg"))
    data = report.lines.read_bytes()
    for length in range(whole, len(data) - 1):
        report.lines.write_bytes(data[:length])
        assert sources(report) == ["a.ogg"]


def test_the_next_run_starts_on_whole_lines(tmp_path, make_row):
    report = Report(tmp_path)
    report.begin([make_row("a.ogg"), make_row("b.ogg")])
    with report.lines.open("ab") as file:
        file.write(b'{"source": "cut o')
    report.begin(row for row in report.rows() if row.source != "a.ogg")
    report.add(make_row("c.ogg"))
    assert sources(report) == ["b.ogg", "c.ogg"]


def test_the_latest_row_of_a_song_counts(tmp_path, make_row):
    report = Report(tmp_path)
    report.begin([make_row("a.ogg", status=Status.FAILED, error="the disk is full"), make_row("b.ogg")])
    report.add(make_row("a.ogg"))
    report.finish()
    assert [row.status for row in report.rows()] == [Status.CHARTED, Status.CHARTED]
    assert len(report.lines.read_text().splitlines()) == 2
    assert "the disk is full" not in report.page.read_text(encoding="utf-8")


def test_the_end_does_not_depend_on_which_song_was_done_first(tmp_path, make_row):
    rows = [make_row(f"{name}.ogg", seconds=None) for name in "dbac"]
    ends = []
    for name, order in (("one", rows), ("other", rows[::-1])):
        pack = tmp_path / name / "pack"
        pack.mkdir(parents=True)
        report = Report(pack)
        report.begin()
        for row in order:
            report.add(row)
        report.finish()
        ends.append((report.lines.read_bytes(), report.page.read_bytes()))
        assert sorted(path.name for path in pack.iterdir()) == ["report.html", "report.jsonl"]
    assert ends[0] == ends[1]
    assert sources(report) == ["a.ogg", "b.ogg", "c.ogg", "d.ogg"]


def test_a_name_that_is_no_utf8(tmp_path, make_row):
    report = Report(tmp_path)
    report.begin()
    row = make_row(os.fsdecode(b"caf\xe9.ogg"), folder="")
    report.add(replace(row, title=""))
    report.finish()
    assert sources(report) == [row.source]
    assert "caf\\udce9.ogg" in report.page.read_text(encoding="utf-8")


def test_a_row_that_the_disk_has_no_room_for_leaves_the_others_whole(tmp_path, make_row):
    report = Report(tmp_path)
    report.begin([make_row("a.ogg")])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OutputError, match=r"report\.jsonl: cannot be written"):
            report.add(make_row("b.ogg", timing_picture="A" * 200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    report.add(make_row("c.ogg"))
    assert sources(report) == ["a.ogg", "c.ogg"]


def test_a_pack_that_is_not_there(tmp_path, make_row):
    with pytest.raises(OutputError, match=r"nowhere/report\.jsonl: cannot be written \(its folder does not exist\)"):
        Report(tmp_path / "nowhere").begin([make_row()])


def test_thousands_of_songs_are_not_held_in_memory(tmp_path, make_row, monkeypatch):
    monkeypatch.setattr("charter.batch.report.MOST_SONGS", 100)
    report = Report(tmp_path)
    report.begin(make_row(f"{number}.ogg", timing_picture="A" * 4000) for number in range(300))
    report.add(make_row("250 bad.ogg", Status.FAILED, error="no music"))  # in the midst of them by name
    report.finish(60.0)
    page = report.page.read_text(encoding="utf-8")
    assert page.count("<article") == 100
    assert "201 songs more" in page
    assert "no music" in page
