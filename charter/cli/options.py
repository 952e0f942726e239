"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

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
