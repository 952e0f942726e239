"""The report's life on disk: a line for each song as soon as it is done, and at the end a page to look through.

A row is a few kilobytes, and there may be a million songs: what is told of a batch is read from the file, a row at a
time, and never held in memory.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from charter.batch.page import page
from charter.batch.row import Row
from charter.batch.standing import Rank, Summary, rank
from charter.files import append_bytes, whole_file

LINES_NAME, PAGE_NAME = "report.jsonl", "report.html"
MOST_SONGS = 5000  # on the page; a browser takes this many, 50 MB of them


class Report:
    """The report of a pack.

    lines, page: where it lies, in the pack's folder
    """

    def __init__(self, pack: Path) -> None:
        self._name = pack.resolve().name
        self.lines = pack / LINES_NAME
        self.page = pack / PAGE_NAME

    def rows(self) -> Iterator[Row]:
        """What is there, the latest row of each song, by source. A line that is no row of this version is left out."""
        try:
            file = self.lines.open("rb")
        except OSError:  # no earlier run left one, or none that can be read
            return
        with file:
            for place in _places(file):
                yield _row_at(file, place)

    def begin(self, rows: Iterable[Row] = ()) -> None:
        """Start anew with these rows, which may be read from `rows`. Raises OutputError."""
        with whole_file(self.lines) as draft, draft.open("wb") as file:
            file.writelines(map(_line, rows))

    def add(self, row: Row) -> None:
        """Write a row behind the others, at once: a kill loses at most this one. Raises OutputError."""
        append_bytes(self.lines, _line(row))

    def finish(self, run_seconds: float | None = None) -> None:
        """Sort the rows by source, the latest of each, and write the page. Raises OutputError.

        run_seconds: how long the run took by the clock, for the page's rate; None to tell none
        """
        summary = Summary(run_seconds)
        ranked: list[tuple[Rank, int]] = []
        with whole_file(self.lines) as draft, draft.open("wb") as file:
            for row in self.rows():
                ranked.append((rank(row), file.tell()))
                file.write(_line(row))
                summary.add(row)
        ranked.sort()
        with self.lines.open("rb") as lines, whole_file(self.page) as draft, draft.open("wb") as file:
            worst = (_row_at(lines, place) for _, place in islice(ranked, MOST_SONGS))
            for part in page(self._name, summary, worst):
                file.write(_bytes(part))


def _places(file: BinaryIO) -> list[int]:
    """Where the latest row of each song starts, by source."""
    places: dict[str, int] = {}
    place = 0
    for line in file:
        # Cut off by a kill, damaged, or of another version.
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            places[Row.parse(line.decode()).source] = place
        place += len(line)
    return [places[source] for source in sorted(places)]


def _row_at(file: BinaryIO, place: int) -> Row:
    file.seek(place)
    return Row.parse(file.readline().decode())


def _line(row: Row) -> bytes:
    return _bytes(row.line() + "\n")


def _bytes(text: str) -> bytes:
    # A file's name may hold bytes that are no UTF-8, which Python has as lone surrogates; as \udc80 they stand in JSON.
    return text.encode("utf-8", "backslashreplace")
