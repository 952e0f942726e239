"""How a batch is told while it runs: a bar with rate and time left on a terminal, plain lines otherwise."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.table import Column
from rich.text import Text

from charter.batch.row import Row, RowChart, Status

_BAR = 24  # characters
# What to do about a timing in doubt, by whether it was found.
_MEND = {
    True: "if it is wrong, chart the song anew by charter generate SONG --out PACK --bpm BPM",
    False: "if it is wrong, mend its simfile",
}


class _Rate(TextColumn):
    """Songs per minute so far."""

    def __init__(self) -> None:
        super().__init__("", table_column=Column(no_wrap=True))

    def render(self, task: Task) -> Text:
        """Of one task; nothing before its first step."""
        elapsed = task.elapsed or 0.0
        return Text(f"{60 * task.completed / elapsed:.3g} songs/min" if task.completed and elapsed else "")


class BatchProgress:
    """Tells of songs as they are done; quiet: not at all, except for errors."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(_BAR),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
        )
        shown = console.is_terminal and not quiet
        self._bars = Progress(*columns, console=console, transient=True, disable=not shown)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def steps(self, what: str, total: int) -> Callable[[], None]:
        """A bar of so many steps; what to call behind each. It takes the place of the one before."""
        for task in self._bars.task_ids:
            self._bars.remove_task(task)
        bar = self._bars.add_task(what, total=total)
        return lambda: self._bars.advance(bar)

    def show(self, row: Row, pack: Path) -> None:
        """A line, or none, for what became of a song."""
        if row.status is Status.FAILED:
            typer.echo(f"error: {row.error}", err=True)
        elif row.status is Status.REPEATED:
            self.say(f"note: {row.source}: {row.error}; charted once")
        elif row.status is Status.EDITED:
            folder = pack / row.folder
            self.say(f"note: {folder}: charted or edited by hand, and left alone; remove it to have it charted anew")
        elif row.status is Status.CHARTED:
            if row.timing and row.timing.doubt:
                self.say(f"warning: {row.source}: {row.timing.doubt}; {_MEND[row.timing.found]}")
            self.tell(f"{row.source} -> {pack / row.folder} ({'; '.join(_words(row))})")

    def say(self, line: str) -> None:
        """A line that is no result; an empty one is not said."""
        if line and not self._quiet:
            typer.echo(line, err=True)

    def tell(self, line: str) -> None:
        """A line of the result."""
        if not self._quiet:
            typer.echo(line)


def _words(row: Row) -> list[str]:
    words = []
    if row.timing:
        count = row.timing.changes
        changes = f" and {count} change{'s' if count > 1 else ''}" if count else ""
        words.append(f"{row.timing.bpm:.6g} BPM{changes}")
    if row.charts:
        words.append(", ".join(map(_chart_words, row.charts)))
    return [*words, *row.notes]


def _chart_words(chart: RowChart) -> str:
    return f"{chart.difficulty.lower()} {chart.meter}{' (kept)' if chart.is_kept else ''}"
