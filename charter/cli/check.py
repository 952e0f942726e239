"""`charter check`: what a strict reviewer would say of a chart file."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from charter.check.finding import MOST_OF_A_KIND, Finding, Severity
from charter.check.findings import SongFindings, examine
from charter.check.sync import HeardMusic, listen
from charter.cli.errors import told_to_user
from charter.cli.options import AsJson, Rules
from charter.cli.pictures import check_picture
from charter.cli.tables import show_table
from charter.decode.rules_file import step_rules
from charter.errors import CharterError, RequestError
from charter.notation import Song
from charter.song_draft import simfiles_below
from export.stepmania import read_song


def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="CHARTFILE...", help="Simfiles (.ssc or .sm), or folders with some.")
    ],
    *,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw how the beats lie to the music; for one chart file.")
    ] = None,
    rules: Rules = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for faults too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check chart files: format, metadata, the ladder of difficulties, what the steps ask of feet, and their sync.

    Of a folder those are checked that the game reads, at any depth: a .sm only where no .ssc lies beside it.
    A violation is what the game would not take; a fault is what charts of that difficulty do not ask of feet; advice is
    what a reviewer would frown at. Exits with 1 where a file cannot be read or has a violation (with --strict also:
    a fault), or where --plot cannot be drawn. Faults without --strict, and advice, leave the exit code at 0.
    """
    found, errors = _found(files)
    with told_to_user():
        _check_plot(plot, found)
        allowed = step_rules(rules)
    for line in errors.values():
        typer.echo(f"error: {line}", err=True)
    examined: dict[Path, SongFindings] = {}
    heard: tuple[Song, HeardMusic] | None = None
    for path in found:
        try:
            song = read_song(path)
            heard = song, listen(path.parent, song.music)
            examined[path] = examine(song, path.parent, heard[1], allowed)
        except CharterError as error:
            errors[path] = str(error)
            typer.echo(f"error: {error}", err=True)
        else:
            if not as_json:
                _show(path, examined[path])
    failing = {Severity.VIOLATION, Severity.FAULT} if strict else {Severity.VIOLATION}
    failed = bool(errors) or any(song.worst() in failing for song in examined.values())
    if as_json:
        typer.echo(json.dumps(_as_dict(examined, errors, failed=failed), indent=1))
    if plot is not None and heard is not None:
        with told_to_user():
            _draw(plot, *heard)
    if failed:
        raise typer.Exit(1)


def _found(paths: Iterable[Path]) -> tuple[list[Path], dict[Path, str]]:
    """The files to check, each once, and why there are none of some paths."""
    found: dict[Path, None] = {}
    errors: dict[Path, str] = {}
    for path in paths:
        try:
            found |= dict.fromkeys(_simfiles(path))
        except RequestError as error:
            errors[path] = str(error)
    return list(found), errors


def _simfiles(path: Path) -> list[Path]:
    """The path, or where it is a folder, what of it is to be checked. Raises RequestError where that is nothing."""
    if not path.is_dir():
        return [path]
    try:
        found = list(simfiles_below(path))
    except OSError as error:
        raise RequestError(f"{error.filename or path}: cannot be read ({error.strerror or error})") from error
    if not found:
        raise RequestError(f"{path}: holds no .ssc or .sm file, at any depth")
    newer = {each.parent for each in found if each.suffix.lower() == ".ssc"}
    return [each for each in found if each.suffix.lower() == ".ssc" or each.parent not in newer]


def _check_plot(plot: Path | None, files: list[Path]) -> None:
    if plot is None:
        return
    if len(files) > 1:
        raise RequestError("--plot draws one chart file, and several are given")
    check_picture(plot)


def _draw(plot: Path, song: Song, recording: HeardMusic) -> None:
    """The song's timing, or where no chart is played by it, that of its first chart."""
    from charter.sync_picture import draw_sync  # noqa: PLC0415  # brings in torch

    if recording.envelope is None:
        raise RequestError(f"{plot}: not drawn, for the sync is {recording.silent}")
    timings = [song.timing_of(chart) for chart in song.charts]
    played = song.timing if not timings or song.timing in timings else timings[0]
    draw_sync(plot, recording.envelope, played)


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
    if song.sync:
        typer.echo(song.sync.line())
    for chart in song.charts:
        if chart.sync:
            typer.echo(f"{chart.difficulty}'s own {chart.sync.line()}")
    lines = list(_lines("song", song.findings))
    for chart in song.charts:
        lines += _lines(chart.difficulty, chart.findings)
    syncs = [sync for sync in (song.sync, *(chart.sync for chart in song.charts)) if sync]
    untold = any(sync.milliseconds is None for sync in syncs)
    nothing = f"nothing to put right{', the sync aside' if untold else ''}"
    typer.echo("\n".join([*(lines or [nothing]), ""]))


def _lines(where: str, findings: Iterable[Finding]) -> Iterator[str]:
    """Worst first; kinds in the order in which they first come."""
    kinds: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.severity, finding.kind), []).append(finding)
    for (severity, _), of_kind in kinds.items():
        for finding in of_kind[:MOST_OF_A_KIND]:
            yield f"{severity}: {where}{_place(finding)}: {finding.message}"
        if len(of_kind) > MOST_OF_A_KIND:
            yield f"{severity}: {where}: and {len(of_kind) - MOST_OF_A_KIND} more of this kind (--json has all)"


def _place(finding: Finding) -> str:
    return "" if finding.beat is None else f", beat {finding.beat:g} ({finding.second:.2f} s)"
