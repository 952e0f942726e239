"""`python -m datasets index|check|manifest FOLDER`: what a corpus holds and leaves out; `from-review`: a review's."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.progress import track

from charter.errors import CharterError
from charter.files import write_text
from datasets import report
from datasets.corpus import discover
from datasets.listing import listing
from datasets.reviewed import MANIFEST, SONGS, from_review
from datasets.sources import Source

app = typer.Typer(help="What a folder of simfiles holds.", no_args_is_help=True, add_completion=False)

Folder = Annotated[Path, typer.Argument(help="A folder of songs, at any depth.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, and nothing else.")]


@app.command()
def index(folder: Folder, *, as_json: AsJson = False) -> None:
    """Count the songs, hours, charts and rows that can be used."""
    _tell(folder, report.index, None if as_json else report.index_table)


@app.command()
def check(folder: Folder, *, as_json: AsJson = False) -> None:
    """List every file and chart that is left out, with the reason."""
    _tell(folder, report.check, None if as_json else report.check_table)


@app.command()
def manifest(
    folder: Folder, *, out: Annotated[Path, typer.Option("--out", help="The manifest to write, a .tsv.")]
) -> None:
    """Write a list of the songs, with the splits that a fit without a list would give them."""
    try:
        write_text(out, listing(folder, _watched))
    except CharterError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(out)


@app.command("from-review")
def _from_review(
    export: Annotated[Path, typer.Argument(help="A pack that was exported from a review: its zip or folder.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="The corpus: songs/ and songs.tsv are written into it.")],
    as_json: AsJson = False,
) -> None:
    """Make a corpus of the charts that were accepted in a review."""
    try:
        gathered = from_review(export, out)
    except CharterError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(asdict(gathered), indent=2))
        return
    for line in gathered.skipped:
        typer.echo(f"left out: {line}")
    typer.echo(f"{gathered.charts} charts of {len(gathered.songs)} songs in {out / SONGS}, listed in {out / MANIFEST}")


def _tell(
    folder: Path,
    gather: Callable[[Any], dict[str, Any]],
    table: Callable[[dict[str, Any]], RenderableType] | None,
) -> None:
    try:
        facts = gather(discover(folder, _watched))
    except CharterError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    if table is None:
        typer.echo(json.dumps(facts, indent=2))
    else:
        Console(soft_wrap=True).print(table(facts))


def _watched(sources: Sequence[Source]) -> Iterable[Source]:
    console = Console(stderr=True)
    return track(sources, "Reading", console=console, transient=True, disable=not console.is_terminal)


if __name__ == "__main__":
    app(prog_name="python -m datasets")
