"""Tables for people: drawn on a terminal, plain aligned lines in a pipe or a log."""

from collections.abc import Sequence

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

_UNLIMITED = 10_000  # columns

Cell = str | int | float | None


def show_table(title: str, head: Sequence[str], lines: Sequence[Sequence[Cell]]) -> None:
    """Write a table to stdout. The first column names the line; an unknown value is a dash."""
    texts = [[_text(cell) for cell in line] for line in lines]
    console = Console()
    table = _drawn(head, texts)
    needed = console.measure(table, options=console.options.update(max_width=_UNLIMITED)).maximum
    # Rich would cut cells to make a wide table fit; a line that the terminal wraps still holds every figure.
    if console.is_terminal and needed <= console.width:
        console.print(title, style="bold", markup=False, highlight=False)
        console.print(table)
    else:
        typer.echo("\n".join([title, *_aligned([list(head), *texts]), ""]))


def _drawn(head: Sequence[str], texts: Sequence[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for place, name in enumerate(head):
        table.add_column(Text(name), justify="left" if place == 0 else "right")
    for line in texts:
        table.add_row(*map(Text, line))  # as text: a title in brackets is no markup
    return table


def _text(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
