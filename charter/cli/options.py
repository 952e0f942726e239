"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from charter.notation import Difficulty

ALL_DIFFICULTIES = ",".join(level.name.lower() for level in Difficulty)

Difficulties = Annotated[str, typer.Option(help="Which charts to write.")]
Meter = Annotated[list[str] | None, typer.Option(help="How hard a chart is, e.g. challenge=12; repeatable.")]
Density = Annotated[list[str] | None, typer.Option(help="Rows per second of a chart, e.g. hard=5.5; repeatable.")]
RequireTiming = Annotated[bool, typer.Option(help="Refuse a song whose timing was found with doubt.")]
SyncName = Annotated[str, typer.Option(help="null: steps at the sound; itg: 9 ms before it.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same charts.")]
Formats = Annotated[str, typer.Option(help="Files to write: ssc, sm, osz, qua, mid.")]
Mines = Annotated[bool, typer.Option(help="Write mines.")]
Rolls = Annotated[bool, typer.Option(help="Write rolls.")]
Holds = Annotated[bool, typer.Option(help="Write holds.")]
Jumps = Annotated[bool, typer.Option(help="Write jumps.")]
Preview = Annotated[bool, typer.Option("--preview/--no-preview", help="The game's menu plays a chip tune of the song.")]
Rules = Annotated[Path | None, typer.Option(help="YAML: what a chart of each difficulty may ask of feet.")]
PlacementWeights = Annotated[Path | None, typer.Option(help="Your own weights: when notes fall.")]
SymbolWeights = Annotated[Path | None, typer.Option(help="Which notes: your own weights, or a shipped style's name.")]
StyleAmount = Annotated[
    float | None, typer.Option(help="Between the usual steps (0) and those of --symbol-weights (1, the default).")
]
Bpm = Annotated[float | None, typer.Option(help="The song's tempo, where you know it: one for the whole song.")]
BpmRange = Annotated[str, typer.Option(help="What you know of the tempo, e.g. 90-180.")]
Offset = Annotated[
    float | None, typer.Option(help="As in a simfile: beat 0 is heard at -OFFSET seconds. Goes with --bpm.")
]
TimingFile = Annotated[Path | None, typer.Option(help="Take the timing of this .ssc, .sm or .osu file.")]
BeatWeights = Annotated[Path | None, typer.Option(help="Your own weights: where beats are.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
