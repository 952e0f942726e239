"""`fit`, `validate` and `test --config …` are LightningCLI's, each with its own --help; the other commands are ours."""

import sys
from dataclasses import astuple
from pathlib import Path
from typing import Annotated

import typer

from charter.cli.errors import told_to_user
from charter.cli.tables import show_table
from charter.generate import Models
from charter.model.shipped import SHIPPED_SECTIONS
from charter.model.weights import load_beats, load_sections
from training.ablate import ARMS, Budget, Corpus, sweep, table
from training.charts import SplitRequest, chart_split
from training.checkpoint import release
from training.cli import run_cli
from training.meters import RatedCharts, meter_table
from training.passages import ChartSource
from training.previews import fit_shipped, preview_tables
from training.rivals import fit_rivals
from training.symbol_scores import symbol_scores

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=__doc__,
)
_NAME = "python -m training"
_LIGHTNINGS = ("fit", "validate", "test")


@app.command(name="release")
def _release(checkpoints: list[Path], *, out: Annotated[Path, typer.Option(help="The weights file to write.")]) -> None:
    """Make a weights file of a checkpoint, or of the mean of several of one start."""
    with told_to_user():
        release(checkpoints, out)


@app.command(name="charts")
def _charts(  # noqa: PLR0913  # one argument per option
    *,
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    split: Annotated[str, typer.Option(help="Songs of this split.")],
    out: Annotated[Path, typer.Option(help="Folder to write into, one folder per song id.")],
    seed: int = 0,
    as_dense: Annotated[bool, typer.Option(help="Ask for the density of the human charts.")] = False,
    placement: Annotated[Path | None, typer.Option(help="Weights.", show_default="shipped")] = None,
    symbols: Annotated[
        Path | None, typer.Option(help="Weights, or a shipped style's name.", show_default="shipped")
    ] = None,
) -> None:
    """Chart every song of a split with the human timing given, for `charter evaluate`."""
    with told_to_user():
        models = Models.load(placement, symbols)
        for path in chart_split(SplitRequest(corpus, manifest, split, out, seed, as_dense), models):
            typer.echo(path)


@app.command(name="symbols")
def _symbols(  # noqa: PLR0913  # one argument per option
    *,
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    charts_only: Annotated[Path | None, typer.Option(help="Folder of simfiles without audio, to learn from.")] = None,
    ddc: Annotated[Path | None, typer.Option(help="A checkpoint of ddc_symbols.yaml.")] = None,
    weights: Annotated[Path | None, typer.Option(help="Weights of a symbol net.")] = None,
    split: Annotated[str, typer.Option(help="Songs of this split: valid or test.")] = "test",
    cache: Annotated[Path, typer.Option(help="Folder for features.")] = Path(".cache"),
) -> None:
    """Score how well the next symbol of human charts for feet is foretold, by the symbol net and by its rivals."""
    with told_to_user():
        source = ChartSource(corpus, manifest, charts_only, cache, styles=("pad",))
        lines = [astuple(line) for line in symbol_scores(source, split, ddc, weights)]
        show_table(f"Next symbol, {split}", ("", "rows", "accuracy", "top-3", "perplexity"), lines)


@app.command(name="rivals")
def _rivals(
    *,
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    beats: Annotated[Path, typer.Option(help="Weights of a beat net that was trained without the held-out songs.")],
    held_out: Annotated[int, typer.Option(help="As the net's training had it.")],
) -> None:
    """Fit the weights that choose a song's tempo and its downbeats, and print them."""
    with told_to_user():
        for name, fit in zip(
            ("tempo", "downbeat"),
            fit_rivals(corpus, manifest, load_beats(beats).net, held_out),
            strict=True,
        ):
            scores = f"right in {fit.accuracy:.3f} of {fit.choices} songs, cross-entropy {fit.cross_entropy:.3f}"
            typer.echo(f"{name}: {scores}, cross-validated")
            for feature, weight in fit.weights.items():
                typer.echo(f"    {feature!r}: {weight:.2f},")


@app.command(name="passage")
def _passage(
    *,
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    charts_only: Annotated[Path | None, typer.Option(help="Folder of simfiles without audio, to learn from.")] = None,
    weights: Annotated[Path, typer.Option(help="Weights of a section net.")] = SHIPPED_SECTIONS,
    cache: Annotated[Path, typer.Option(help="Folder for features.")] = Path(".cache"),
) -> None:
    """Fit the weights that choose the preview passage on the train split's human windows, and print them."""
    with told_to_user():
        fit = fit_shipped(corpus, manifest, load_sections(weights).net, cache, charts_only)
        error = fit.overlaps.std() / fit.songs**0.5
        typer.echo(f"overlap {fit.overlaps.mean():.3f} ± {error:.3f} of {fit.songs} songs, cross-validated")
        for feature, weight in fit.weights.items():
            typer.echo(f"    {feature!r}: {weight:.3f},")


@app.command(name="previews")
def _previews(
    *,
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    split: Annotated[str, typer.Option(help="Songs of this split: valid or test.")] = "valid",
    charts_only: Annotated[Path | None, typer.Option(help="Folder of simfiles without audio, to learn from.")] = None,
    weights: Annotated[Path, typer.Option(help="Weights of a section net.")] = SHIPPED_SECTIONS,
    cache: Annotated[Path, typer.Option(help="Folder for features.")] = Path(".cache"),
) -> None:
    """Score the preview passage, and simpler picks, on the windows that people chose for the songs of a split."""
    with told_to_user():
        picks, nearness = preview_tables(corpus, manifest, split, load_sections(weights).net, cache, charts_only)
        show_table(f"Preview, {split}", ("", "songs", "overlap", "covered", "start within 2 s", "seconds"), picks)
        show_table("Starts within a bar of a boundary", ("", "people's", "all bars"), nearness)


@app.command(name="meters")
def _meters(
    *,
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    charts_only: Annotated[Path | None, typer.Option(help="Folder of simfiles without audio, to set beside.")] = None,
) -> None:
    """Fit the scale of meters on the train split, and print it with what it and its rivals are worth on valid."""
    with told_to_user():
        charts = RatedCharts.read(corpus, manifest, charts_only)
        typer.echo("\n".join(meter_table(charts)))


@app.command(name="ablate")
def _ablate(  # noqa: PLR0913  # one argument per option
    *,
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    out: Annotated[
        Path, typer.Option(help="Folder of the runs' scores; a run that has left its file is not repeated.")
    ],
    cache: Annotated[Path, typer.Option(help="Folder for features.")] = Path(".cache"),
    other_games: Annotated[Path | None, typer.Option(help="Folder of songs of other games.")] = None,
    arm: Annotated[list[str] | None, typer.Option(help="Only this arm; may be repeated.", show_default="all")] = None,
    seeds: Annotated[int, typer.Option(help="Runs of each arm.", min=1)] = 3,
    steps: Annotated[int, typer.Option(help="Length of each run.", min=1)] = Budget.steps,
) -> None:
    """Train arms of the placement net that differ in one thing, equally long, and print their scores on valid."""
    with told_to_user():
        where = Corpus(corpus, manifest, cache, other_games)
        sweep(arm or list(ARMS), seeds, where, Budget(steps), out, lambda line: typer.echo(line, err=True))
        typer.echo("\n".join(table(out)))


def main() -> None:
    """Run what was typed."""
    ours = sorted(str(command.name) for command in app.registered_commands)
    if sys.argv[1:2] in ([], ["-h"], ["--help"]) or sys.argv[1] in ours:
        app(prog_name=_NAME)
        return
    if sys.argv[1] not in _LIGHTNINGS and not sys.argv[1].startswith("-"):
        sys.exit(f"error: no command is called {sys.argv[1]}; there are {', '.join([*_LIGHTNINGS, *ours])}")
    run_cli(prog=_NAME)
