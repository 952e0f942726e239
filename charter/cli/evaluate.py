"""`charter evaluate`: generated charts beside those people wrote."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from charter.cli.errors import told_to_user
from charter.cli.figures import show_report
from charter.cli.options import AsJson
from charter.cli.pairing import read_pairs, wanted_songs
from charter.errors import RequestError
from charter.metrics import compare


def evaluate(
    *,
    reference: Annotated[Path, typer.Option(help="Charts people wrote: one folder per song id.")],
    generated: Annotated[Path, typer.Option(help="Charts to score: folders of the same names.")],
    manifest: Annotated[
        Path | None, typer.Option(help="A TSV that lists the songs and charts to score, and their sync.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Only songs of this split of the manifest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score generated charts against human ones: when the notes fall, and what they ask of two feet.

    Without a manifest every standard difficulty of the reference is scored, taken to be in sync with the audio as it
    is. A generated song or chart that is missing or broken counts as one without notes and is named.
    """
    with told_to_user():
        songs = wanted_songs(reference, manifest, split)
        if not generated.is_dir():
            raise RequestError(f"{generated}: no such folder")
        console = Console(stderr=True)
        pairs = read_pairs(songs, reference, generated)
        report = compare(
            track(
                pairs,
                "scoring",
                total=len(songs),
                console=console,
                transient=True,
                disable=as_json or not console.is_terminal,
            )
        )
    if as_json:
        typer.echo(json.dumps(report.as_dict(), indent=1))
    else:
        show_report(report)
