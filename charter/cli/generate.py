"""`charter generate`: songs in, chart sets out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeVar

import typer
from rich.console import Console
from rich.progress import track

from charter.cli.errors import told_to_user
from charter.cli.known_timing import known_tempos, known_timing
from charter.cli.options import (
    AsJson,
    BeatWeights,
    Bpm,
    BpmRange,
    Offset,
    PlacementWeights,
    Rules,
    StyleAmount,
    SymbolWeights,
    TimingFile,
)
from charter.decode.rules_file import step_rules
from charter.errors import CharterError, RequestError
from charter.notation import Difficulty
from charter.request import Request, WeightsFiles

if TYPE_CHECKING:
    from charter.song_folder import SavedSong

T = TypeVar("T")
ALL = ",".join(level.name.lower() for level in Difficulty)


def generate(
    songs: Annotated[list[Path], typer.Argument(metavar="SONG...", help="Audio files of any common format.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder to write into: one folder per song.")],
    difficulties: Annotated[str, typer.Option(help="Which charts to write.")] = ALL,
    meter: Annotated[list[str] | None, typer.Option(help="How hard a chart is, e.g. challenge=12; repeatable.")] = None,
    density: Annotated[
        list[str] | None, typer.Option(help="Rows per second of a chart, e.g. hard=5.5; repeatable.")
    ] = None,
    bpm: Bpm = None,
    bpm_range: BpmRange = "",
    offset: Offset = None,
    timing: TimingFile = None,
    require_timing: Annotated[bool, typer.Option(help="Refuse a song whose timing was found with doubt.")] = False,
    sync: Annotated[str, typer.Option(help="null: steps at the sound; itg: 9 ms before it.")] = "null",
    seed: Annotated[int, typer.Option(help="The same seed gives the same charts.")] = 0,
    formats: Annotated[str, typer.Option(help="Simfiles to write.")] = "ssc,sm",
    title: Annotated[str, typer.Option(help="Title, for one song; else its tag or file name.")] = "",
    artist: Annotated[str, typer.Option(help="Artist; else the file's tag.")] = "",
    rules: Rules = None,
    mines: Annotated[bool, typer.Option(help="Write mines.")] = True,
    rolls: Annotated[bool, typer.Option(help="Write rolls.")] = True,
    holds: Annotated[bool, typer.Option(help="Write holds.")] = True,
    jumps: Annotated[bool, typer.Option(help="Write jumps.")] = True,
    preview: Annotated[
        bool, typer.Option("--preview/--no-preview", help="The game's menu plays a chip tune of the song.")
    ] = False,
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
        if preview and "ssc" not in formats.split(","):
            raise RequestError("--preview needs a .ssc to name the tune in; add ssc to --formats")
        request = Request(
            difficulties=tuple(sorted({Difficulty.parse(word) for word in difficulties.split(",")})),
            meters=_by_difficulty("--meter", meter or [], int),
            densities=_by_difficulty("--density", density or [], float),
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
        saved, errors = _generate_all(songs, request, Output(out, formats.split(",")), weights, quiet=as_json)
    if as_json:
        failed = [{"file": str(path), "error": error} for path, error in errors.items()]
        typer.echo(json.dumps({"songs": [song.as_dict() for song in saved], "failed": failed}, indent=1))
    if errors:
        raise typer.Exit(1)


class Output(NamedTuple):
    """Where to write, and what."""

    folder: Path
    formats: list[str]


def _generate_all(
    songs: list[Path], request: Request, output: Output, weights: WeightsFiles, *, quiet: bool
) -> tuple[list["SavedSong"], dict[Path, str]]:
    # Imported here: they bring in torch, and `charter --help` has to answer at once.
    from charter.generate import Models, generate  # noqa: PLC0415
    from charter.song_folder import prepare_output, save  # noqa: PLC0415

    prepare_output(*output)
    models = Models.load(*weights)
    console = Console(stderr=True)
    saved: list[SavedSong] = []
    errors: dict[Path, str] = {}
    for path in track(songs, "charting", console=console, transient=True, disable=quiet or not console.is_terminal):
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


def _by_difficulty(option: str, words: list[str], number: type[T]) -> dict[Difficulty, T]:
    """`hard=5.5` (several with commas) as values by difficulty."""
    values: dict[Difficulty, Any] = {}
    for word in ",".join(words).split(",") if words else []:
        name, equals, value = word.partition("=")
        if not equals:
            raise RequestError(f"{option} {word!r}: expected a difficulty and a number, such as hard=8")
        try:
            values[Difficulty.parse(name)] = number(value)  # type: ignore[call-arg]
        except ValueError:
            raise RequestError(f"{option} {word!r}: {value!r} is not a number") from None
    return values
