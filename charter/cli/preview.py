"""`charter preview`: a chart file as something to listen to."""

import json
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress

from charter.cli.errors import told_to_user
from charter.cli.options import AsJson
from charter.errors import RequestError
from charter.notation import parse_slot, slot_word
from export.chiptune.hardware import Region

if TYPE_CHECKING:
    from charter.preview.write import Previewed

Choice = TypeVar("Choice", bound=Enum)


def preview(
    chart: Annotated[Path, typer.Argument(metavar="CHARTFILE", help="A simfile, its music beside it: .ssc or .sm.")],
    *,
    out: Annotated[Path, typer.Option(help="The file to write: .ogg or .wav; of a tune also .nsf, .nsfe, .vgm, .xm.")],
    mode: Annotated[
        str, typer.Option(help="cover: the song as a chip tune; steps: the chart's notes; mix: the song with ticks.")
    ] = "cover",
    difficulty: Annotated[str, typer.Option(help="Beginner to challenge, or edit; else the hardest chart.")] = "",
    passage: Annotated[bool, typer.Option(help="Only the passage that plays while a song is chosen.")] = False,
    link: Annotated[
        bool,
        typer.Option(help="Have the game's menu play the passage: set #PREVIEW of the .ssc beside it."),
    ] = False,
    region: Annotated[str, typer.Option(help="The tune's console: ntsc or pal; no matter to .xm.")] = "ntsc",
    as_json: AsJson = False,
) -> None:
    """Play a chart: its song as a tune for the NES, the steps alone, or the song with a tick on every row.

    A tune's .nsf plays on the console itself, its .xm opens in a tracker.
    """
    with told_to_user():
        # Imported here: they bring in torch, and `charter --help` has to answer at once.
        from charter.preview.link import check_link, link_preview  # noqa: PLC0415
        from charter.preview.request import Mode, PreviewRequest  # noqa: PLC0415
        from charter.preview.write import write_preview  # noqa: PLC0415

        slot = parse_slot(difficulty) if difficulty else None
        request = PreviewRequest(
            _one_of(Mode, "--mode", mode),
            slot,
            edit=bool(difficulty) and slot is None,
            passage=passage or link,
            region=_one_of(Region, "--region", region),
        )
        if link:
            check_link(chart, out)
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=as_json or not console.is_terminal) as bar:
            task = bar.add_task("listening", total=None)
            made = write_preview(
                chart, request, out, lambda share: bar.update(task, description="playing", total=1.0, completed=share)
            )
        if link:
            link_preview(chart, made)
    if as_json:
        typer.echo(json.dumps(_as_dict(chart, made, mode), indent=1))
    else:
        start, length = made.window
        linked = ", and #PREVIEW names it" if link else ""
        typer.echo(
            f"{chart} -> {out} ({mode}, {_slot(made)}, {made.rows} rows; "
            f"seconds {start:.2f} to {start + length:.2f} of the song{linked})"
        )


def _as_dict(chart: Path, made: "Previewed", mode: str) -> dict[str, Any]:
    return {
        "file": str(chart),
        "out": str(made.path),
        "mode": mode,
        "difficulty": _slot(made),
        "rows": made.rows,
        "start": round(made.window.start, 3),
        "length": round(made.window.length, 3),
    }


def _slot(made: "Previewed") -> str:
    return slot_word(made.chart.difficulty)


def _one_of(choices: type[Choice], option: str, word: str) -> Choice:
    try:
        return choices(word.strip().lower())
    except ValueError:
        known = ", ".join(choice.value for choice in choices)
        raise RequestError(f"{option} {word!r}: there are {known}") from None
