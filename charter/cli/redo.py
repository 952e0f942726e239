"""`charter redo`: one passage of a chart, written anew."""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from charter.cli.errors import told_to_user
from charter.cli.options import AsJson, PlacementWeights, Rules, StyleAmount, SymbolWeights
from charter.decode.rules import level_of
from charter.decode.rules_file import step_rules
from charter.errors import RequestError
from charter.files import make_folder, write_bytes
from charter.notation import Passage, parse_slot, to_tick

if TYPE_CHECKING:
    from charter.redo_file import Redone

_MOST_CANDIDATES = 20
_MOST_BEATS = 100_000


def redo(
    chart: Annotated[Path, typer.Argument(metavar="CHARTFILE", help="A simfile, its music beside it: .ssc or .sm.")],
    *,
    difficulty: Annotated[str, typer.Option(help="Which chart: beginner to challenge, or edit for the first Edit.")],
    from_beat: Annotated[float, typer.Option(help="The first beat of the passage.")],
    to_beat: Annotated[float, typer.Option(help="The first beat behind the passage.")],
    lock: Annotated[
        list[str] | None, typer.Option(help="Beats whose rows stay, e.g. 70,71.5 or 70-72; repeatable.")
    ] = None,
    keep_rows: Annotated[bool, typer.Option(help="Leave the rows where they are and write new steps.")] = False,
    seed: Annotated[int, typer.Option(help="Another seed writes another passage.")] = 0,
    candidates: Annotated[int, typer.Option(help="Write so many versions to choose from, into --out.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="The file to write, or with --candidates the folder; else CHARTFILE itself.")
    ] = None,
    rules: Rules = None,
    placement_weights: PlacementWeights = None,
    symbol_weights: SymbolWeights = None,
    style_amount: StyleAmount = None,
    as_json: AsJson = False,
) -> None:
    """Write a passage of one chart anew; every byte of the file outside the passage's measures stays as it is, but for
    the chart's radar. Where the file of the same name in the other format holds the same chart, it gets the passage too
    (not with --out).

    Rows given by --lock stay, and holds that reach over either end of the passage. All else in the passage goes, mines,
    lifts and fakes too. The new steps fit those around them.
    """
    with told_to_user():
        # Imported here: they bring in torch, and `charter --help` has to answer at once.
        from charter.generate import Models  # noqa: PLC0415
        from charter.redo_file import redo  # noqa: PLC0415
        from charter.redo_request import RedoRequest  # noqa: PLC0415

        if not 1 <= candidates <= _MOST_CANDIDATES:
            raise RequestError(f"--candidates {candidates}: from 1 to {_MOST_CANDIDATES}")
        if candidates > 1 and out is None:
            raise RequestError("--candidates needs --out, a folder to write them into")
        if candidates == 1 and out is not None and out.suffix.lower() != chart.suffix.lower():
            raise RequestError(f"--out {out}: the passage is written as {chart.suffix}; what is the file's name?")
        level = parse_slot(difficulty)
        passage = Passage(_tick("--from-beat", from_beat), _tick("--to-beat", to_beat))
        table = step_rules(rules)
        request = RedoRequest(
            level,
            passage,
            _locked(lock or [], passage),
            keep_rows=keep_rows,
            seed=seed,
            rules=table[level_of(level)],
        )
        models = Models.load(placement_weights, symbol_weights, None, style_amount)
        written = []
        for redone in redo(chart, request, models, candidates, with_twin=out is None):
            path = _path(chart, out, candidates, redone.seed)
            write_bytes(path.resolve(), redone.data)  # behind a link the file changes, not the link
            twin = redone.twin
            if twin is not None and twin.data is not None:
                write_bytes(twin.path.resolve(), twin.data)
            elif twin is not None:
                typer.echo(f"{twin.path}: {twin.told}", err=True)
            written.append(_as_dict(path, redone))
            if not as_json:
                fewer = ", as many as the rules leave room for" if redone.rows_after < redone.rows_before else ""
                typer.echo(
                    f"{chart} -> {path}{_and_twin(redone)} ({difficulty.lower()}, beats {from_beat:g} to {to_beat:g}: "
                    f"{redone.rows_after} rows, before {redone.rows_before}{fewer}; seed {redone.seed})"
                )
    if as_json:
        typer.echo(json.dumps({"file": str(chart), "written": written}, indent=1))


def _path(chart: Path, out: Path | None, candidates: int, seed: int) -> Path:
    if candidates > 1 and out is not None:
        make_folder(out)
        return out / f"{chart.stem}.{seed}{chart.suffix}"
    return out or chart


def _as_dict(path: Path, redone: "Redone") -> dict[str, Any]:
    rows = {"rows_before": redone.rows_before, "rows": redone.rows_after}
    twin = str(redone.twin.path) if redone.twin is not None and redone.twin.data is not None else None
    return {"file": str(path), "twin": twin, "seed": redone.seed, **rows}


def _and_twin(redone: "Redone") -> str:
    return f" and {redone.twin.path.name}" if redone.twin is not None and redone.twin.data is not None else ""


def _tick(option: str, beat: float) -> int:
    if not math.isfinite(beat) or abs(beat) > _MOST_BEATS:
        raise RequestError(f"{option} {beat:g} is no beat of a song")
    return to_tick(beat)


def _locked(words: list[str], passage: Passage) -> tuple[Passage, ...]:
    """What ``--lock`` names: single beats, and ranges with both their ends, as far as the passage goes."""
    locks: list[Passage] = []
    for word in (part.strip() for part in ",".join(words).split(",") if part.strip()):
        first, dash, last = word.partition("-")
        try:
            start = _tick("--lock", float(first))
            end = _tick("--lock", float(last)) if dash else start
        except ValueError:
            raise RequestError(f"--lock {word!r}: expected beats, such as 70, 71.5 or 70-72") from None
        if end < start:
            raise RequestError(f"--lock {word}: the range ends before it starts")
        locks.append(Passage(start, min(end + 1, passage.end) if end == passage.end and dash else end + 1))
    if words and not locks:
        raise RequestError("--lock names no beat")
    return tuple(locks)
