"""`charter batch`: a folder of songs in, a pack out."""

import json
from contextlib import closing
from dataclasses import replace as replace_fields
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from charter.batch.discover import discover
from charter.batch.job import Settings
from charter.batch.local import on_this_machine
from charter.batch.machine import worker_count
from charter.batch.on_ray import on_ray
from charter.batch.pack import write_zip
from charter.batch.plan import make_plan
from charter.batch.report import PAGE_NAME
from charter.batch.row import Status
from charter.batch.run import Batch, Crew, held
from charter.cli.batch_progress import BatchProgress
from charter.cli.errors import told_to_user
from charter.cli.known_timing import known_tempos
from charter.cli.options import (
    ALL_DIFFICULTIES,
    AsJson,
    BeatWeights,
    BpmRange,
    Density,
    Difficulties,
    Formats,
    Holds,
    Jumps,
    Meter,
    Mines,
    PlacementWeights,
    Preview,
    RequireTiming,
    Rolls,
    Rules,
    Seed,
    StyleAmount,
    SymbolWeights,
    SyncName,
)
from charter.cli.wanted import by_difficulty, difficulties_of, formats_of
from charter.decode.rules_file import step_rules
from charter.errors import OutputError, RequestError
from charter.files import make_folder
from charter.request import Request, WeightsFiles

_STOPPED = 130  # the exit code of what Ctrl-C ended


def batch(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Audio files and song folders, at any depth.")],
    *,
    out: Annotated[Path, typer.Option(metavar="PACK", help="The pack's folder, e.g. Songs/My Pack.")],
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; else by cores and memory.")] = None,
    ray: Annotated[str, typer.Option(metavar="ADDRESS", help="Work on this Ray cluster: auto, or its address.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Write charts of existing simfiles anew.")] = False,
    as_zip: Annotated[bool, typer.Option("--zip", help="Write PACK.zip beside the pack as well.")] = False,
    difficulties: Difficulties = ALL_DIFFICULTIES,
    meter: Meter = None,
    density: Density = None,
    bpm_range: BpmRange = "",
    require_timing: RequireTiming = False,
    sync: SyncName = "null",
    seed: Seed = 0,
    formats: Formats = "ssc,sm",
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
    most_memory: Annotated[float, typer.Option(metavar="GB", min=0.1, help="A song that needs more fails.")] = 4.0,
    most_minutes: Annotated[float, typer.Option(min=0.01, help="A song that takes longer fails.")] = 30.0,
    as_json: AsJson = False,
) -> None:
    """Make a pack of a folder of songs: each gets a folder with music, charts and pictures.

    Run it again after a stop, a crash or with new songs: what is finished stays, the rest is done. A song that cannot
    be charted is told in one line and costs only itself; the exit code is then 1. PACK/report.html shows every song,
    the worst first.
    """
    with told_to_user():
        if ray and workers:
            raise RequestError("--workers is for this machine, and --ray works on a cluster; leave one out")
        request = Request(
            difficulties=difficulties_of(difficulties),
            meters=by_difficulty("--meter", meter, int),
            densities=by_difficulty("--density", density, float),
            tempos=known_tempos(None, bpm_range),
            require_timing=require_timing,
            rules=step_rules(rules, mines=mines, rolls=rolls, holds=holds, jumps=jumps),
            sync=sync,
            seed=seed,
            preview=preview,
        )
        settings = Settings(
            folder,
            out,
            request,
            WeightsFiles(placement_weights, symbol_weights, beat_weights, style_amount),
            formats_of(formats, preview=preview),
            replace,
            int(most_memory * 2**30),
            most_minutes * 60,
        )
        if ray:
            done = _run(_anywhere(settings), partial(on_ray, address=ray), as_zip=as_zip, quiet=as_json)
        else:
            done = _run(settings, _local(workers), as_zip=as_zip, quiet=as_json)
    if as_json:
        typer.echo(json.dumps(done, indent=1))
    if done["failed"]:
        raise typer.Exit(1)


def _anywhere(settings: Settings) -> Settings:
    """The same for workers that stand in other folders."""
    files = settings.weights
    weights = files._replace(
        placement=files.placement and files.placement.absolute(),
        # The name of a style that is shipped is no path.
        symbols=files.symbols.absolute() if files.symbols and files.symbols.exists() else files.symbols,
        beats=files.beats and files.beats.absolute(),
    )
    return replace_fields(settings, folder=settings.folder.absolute(), pack=settings.pack.absolute(), weights=weights)


def _local(workers: int | None) -> Crew:
    return lambda jobs, settings: on_this_machine(jobs, settings, workers or worker_count(len(jobs)))


def _run(settings: Settings, crew: Crew, *, as_zip: bool, quiet: bool) -> dict[str, Any]:
    """The batch, shown as it goes; what it came to, as plain JSON values."""
    found = discover(settings.folder, leave_out=settings.pack)
    make_folder(settings.pack)
    with held(settings.pack), BatchProgress(quiet=quiet) as progress:
        plan = make_plan(found.sources, settings, progress.steps("reading", len(found.sources)))
        for oddity in (*found.oddities, found.passed_over()):
            progress.say(oddity and f"note: {oddity}")
        batch = Batch(settings, found.faults, plan)
        told: dict[Status, list[dict[str, str]]] = {status: [] for status in Status if status is not Status.KEPT}
        step = progress.steps("charting", len(plan.jobs))
        try:
            rows = batch.rows(crew)
            with closing(rows):
                for row in rows:
                    if row.status in told:
                        told[row.status].append({"source": row.source, "folder": row.folder, "error": row.error})
                    progress.show(row, settings.pack)
                    if row.key and row.status in (Status.CHARTED, Status.FAILED):
                        step()
        except KeyboardInterrupt:
            progress.say(f"stopped; run it again to go on ({_counts(batch)})")
            raise typer.Exit(_STOPPED) from None
        except OutputError:  # of the report: the songs are there
            progress.tell(_counts(batch))
            raise
        there = batch.counts.keys() - {Status.FAILED, Status.REPEATED}
        packed = write_zip(settings.pack) if as_zip and there else None
        for warning in batch.warnings:
            progress.say(f"warning: {warning}")
    if plan.others:
        progress.say(f"note: of no song of {settings.folder}, and left in the pack: {', '.join(plan.others)}")
    charted = batch.counts[Status.CHARTED]
    rate = f", {60 * charted / batch.seconds:.3g} songs a minute" if charted else ""
    progress.tell(f"{_counts(batch)}{rate}; look through {settings.pack / PAGE_NAME}")
    if packed:
        progress.tell(f"packed up as {packed}")
    return {
        "pack": str(settings.pack),
        "report": str(settings.pack / PAGE_NAME),
        "zip": str(packed) if packed else None,
        "seconds": round(batch.seconds, 1),
        "songs": {status.value: batch.counts[status] for status in Status},
        **{status.value: rows for status, rows in told.items()},
        "others": list(plan.others),
        "warnings": batch.warnings,
    }


def _counts(batch: Batch) -> str:
    parts = [f"{batch.counts[status]} {status.value}" for status in Status if batch.counts[status]]
    total = batch.counts.total()
    return f"{total} song{'s' if total != 1 else ''}: {', '.join(parts) or 'none'}"
