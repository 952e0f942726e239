"""How much a chart set changes with the guise of its music: later, softer, faster, coded, twice.

    python -m tests.benchmarks.guises SONG... [--guise "1 % faster"]

Each song is charted with found timing as it is and in each guise. Prints, beside the tempo and the offset that were
found, how many rows of each difficulty and of all lie elsewhere, and on how many of those in common the steps differ.
Asserts nothing.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from charter.errors import CharterError
from charter.generate import Generated, Models, generate
from charter.request import Request
from tests.guises import GUISES, apart, rows_elsewhere, samples_of, write_guise


def main(
    songs: Annotated[list[Path], typer.Argument()],
    guise: Annotated[list[str] | None, typer.Option(help="Only these; repeatable.")] = None,
) -> None:
    unknown = sorted(set(guise or ()) - set(GUISES))
    if unknown:
        raise typer.BadParameter(f"no guise is called {unknown[0]!r}; there are {', '.join(GUISES)}")
    models = Models.load()
    for song in songs:
        typer.echo(f"\n{song.name}")
        samples = samples_of(song)
        with TemporaryDirectory() as folder:
            first: Generated | None = None
            for name in [GUISES[0], *(guise or GUISES[1:])]:
                try:
                    made = generate(write_guise(name, samples, Path(folder)), Request(), models)
                except CharterError as error:
                    typer.echo(f"  {name:14s} {error}")
                    if first is None:
                        break
                    continue
                first = first or made
                tempos = made.song.timing.tempos
                found = f"{tempos[0].bpm:8.3f} BPM ({len(tempos)}), offset {made.song.timing.offset:7.4f}"
                each = apart(first, made)
                rows = " ".join(f"{pair.elsewhere / pair.rows:6.1%}" for pair in each.values())
                steps = " ".join(f"{pair.differing / max(pair.shared, 1):6.1%}" for pair in each.values())
                typer.echo(f"  {name:14s} {found}  rows {rows}, all {rows_elsewhere(first, made):.1%}; steps {steps}")


if __name__ == "__main__":
    typer.run(main)
