"""`charter check`: what a strict reviewer would say of a chart file."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from charter.cli.findings import Finding, SongFindings, examine
from charter.cli.tables import show_table
from charter.errors import CharterError
from charter.notation import to_beat


def check(
    files: Annotated[list[Path], typer.Argument(metavar="CHARTFILE...", help="Simfiles: .ssc or .sm.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Check chart files: format, metadata, the ladder of difficulties, and how dense each chart is.

    Exits with 1 where a file cannot be read or breaks the format. Advice alone leaves the exit code at 0.
    """
    examined: dict[Path, SongFindings] = {}
    errors: dict[Path, str] = {}
    for path in files:
        try:
            examined[path] = examine(path)
        except CharterError as error:
            errors[path] = str(error)
            typer.echo(f"error: {error}", err=True)
        else:
            if not as_json:
                _show(path, examined[path])
    failed = bool(errors) or any(song.breaks_format for song in examined.values())
    if as_json:
        typer.echo(json.dumps(_as_dict(examined, errors, failed=failed), indent=1))
    if failed:
        raise typer.Exit(1)


def _as_dict(examined: dict[Path, SongFindings], errors: dict[Path, str], *, failed: bool) -> dict[str, Any]:
    songs = [{"file": str(path), **asdict(song)} for path, song in examined.items()]
    broken = [{"file": str(path), "error": error} for path, error in errors.items()]
    return {"passed": not failed, "songs": songs, "unreadable": broken}


def _show(path: Path, song: SongFindings) -> None:
    show_table(
        f"{path}: {song.title or '(no title)'}",
        ("chart", "meter", "rows", "rows/s"),
        [(chart.difficulty, chart.meter, chart.rows, chart.rows_per_second) for chart in song.charts],
    )
    lines = list(_lines("song", song.findings))
    for chart in song.charts:
        lines += _lines(chart.difficulty, chart.findings)
    typer.echo("\n".join([*lines, ""]) if lines else "nothing to put right\n")


def _lines(where: str, findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        weight = "violation" if finding.breaks_format else "advice"
        place = "" if finding.tick is None else f", beat {float(to_beat(finding.tick)):g}"
        yield f"{weight}: {where}{place}: {finding.message}"
