"""`charter generate`: songs in, chart sets out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.console import Console
from rich.progress import track

from charter.cli.errors import told_to_user
from charter.cli.known_timing import known_tempos, known_timing
from charter.cli.options import (
    ALL_DIFFICULTIES,
    AsJson,
    BeatWeights,
    Bpm,
    BpmRange,
    Density,
    Difficulties,
    Formats,
    Holds,
    Jumps,
    Meter,
    Mines,
    Offset,
    PlacementWeights,
    Preview,
    RequireTiming,
    Rolls,
    Rules,
    Seed,
    StyleAmount,
    SymbolWeights,
    SyncName,
    TimingFile,
)
from charter.cli.wanted import by_difficulty, difficulties_of, formats_of
from charter.decode.rules_file import step_rules
from charter.errors import CharterError, RequestError
from charter.request import Request, WeightsFiles

if TYPE_CHECKING:
    from charter.song_folder import SavedSong


def generate(
    songs: Annotated[list[Path], typer.Argument(metavar="SONG...", help="Audio files of any common format.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder to write into: one folder per song.")],
    difficulties: Difficulties = ALL_DIFFICULTIES,
    meter: Meter = None,
    density: Density = None,
    bpm: Bpm = None,
    bpm_range: BpmRange = "",
    offset: Offset = None,
    timing: TimingFile = None,
    require_timing: RequireTiming = False,
    sync: SyncName = "null",
    seed: Seed = 0,
    formats: Formats = "ssc,sm",
    title: Annotated[str, typer.Option(help="Title, for one song; else its tag or file name.")] = "",
    artist: Annotated[str, typer.Option(help="Artist; else the file's tag.")] = "",
    rules: Rules = None,
    mines: Mines = True,
    rolls: Rolls = True,
    holds: Holds = True,
    jumps: Jumps = True,
    preview: Preview = False,
    placement_weights: PlacementWeights = None,
    symbol_weights: SymbolWeights = None,
    style_amount: StyleAmount = None,
    beat_weights: BeatWeights = None,
    as_json: AsJson = False,
) -> None:
    """Chart songs: each gets a folder with its music, a .ssc and a .sm file, in all five difficulties.

    A song that cannot be charted is told in one line and costs only itself; the exit code is then 1.
    """
    with told_to_user():
        if title and len(songs) > 1:
            raise RequestError("--title names one song, and several are given")
        output = Output(out, formats_of(formats, preview=preview))
        request = Request(
            difficulties=difficulties_of(difficulties),
            meters=by_difficulty("--meter", meter, int),
            densities=by_difficulty("--density", density, float),
            timing=known_timing(bpm, offset, timing),
            tempos=known_tempos(bpm, bpm_range) if offset is None or bpm_range else None,
            require_timing=require_timing,
            rules=step_rules(rules, mines=mines, rolls=rolls, holds=holds, jumps=jumps),
            sync=sync,
            seed=seed,
            preview=preview,
            title=title,
            artist=artist,
        )
        weights = WeightsFiles(placement_weights, symbol_weights, beat_weights, style_amount)
        saved, errors = _generate_all(songs, request, output, weights, quiet=as_json)
    if as_json:
        failed = [{"file": str(path), "error": error} for path, error in errors.items()]
        typer.echo(json.dumps({"songs": [song.as_dict() for song in saved], "failed": failed}, indent=1))
    if errors:
        raise typer.Exit(1)


class Output(NamedTuple):
    """Where to write, and what."""

    folder: Path
    formats: tuple[str, ...]


def _generate_all(
    songs: list[Path], request: Request, output: Output, weights: WeightsFiles, *, quiet: bool
) -> tuple[list["SavedSong"], dict[Path, str]]:
    # Imported here: they bring in torch, and `charter --help` has to answer at once.
    from charter.generate import Models, generate  # noqa: PLC0415
    from charter.song_folder import output_folder, save  # noqa: PLC0415

    console = Console(stderr=True)
    saved: list[SavedSong] = []
    errors: dict[Path, str] = {}
    watched = track(songs, "charting", console=console, transient=True, disable=quiet or not console.is_terminal)
    with output_folder(*output):
        models = Models.load(*weights)
        for path in watched:
            try:
                song = save(generate(path, request, models), path, *output, taken={s.folder for s in saved})
            except CharterError as error:
                errors[path] = str(error)
                typer.echo(f"error: {error}", err=True)
            else:
                saved.append(song)
                if song.generated.doubt:
                    typer.echo(f"warning: {path}: {song.generated.doubt}", err=True)
                if not quiet:
                    typer.echo(song.summary())
    return saved, errors
