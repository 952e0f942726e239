"""The tables of `charter evaluate`."""

from typing import TypeVar

import typer

from charter.cli.tables import Cell, show_table
from charter.metrics import Figures, Report
from charter.metrics.report import Sides
from charter.metrics.steps import OTHER_SNAP, RATES, SNAPS, StepFigures

T = TypeVar("T")
_PANEL_HEAD = ("left", "down", "up", "right", "balance", "H3", "H3|2", "repeated")


def show_report(report: Report) -> None:
    """Write a report to stdout as tables, then what was missing."""
    sections = {difficulty.label: section for difficulty, section in report.difficulties.items()}
    sections["all"] = report.pooled
    _show_placement(sections)
    for ms in report.pooled.placement.within:
        _show_tolerance(sections, ms)
    _show_classes(sections)
    _show_nesting(sections)
    _show_steps(sections)
    typer.echo(f"missing: {len(report.missing)}")
    for line in report.missing:
        typer.echo(f"  {line}")


def _show_placement(sections: dict[str, Figures]) -> None:
    show_table(
        "Placement: rows, rows per second, phase in ms (generated less human), longest gap in s (of 95 in 100 human "
        "charts; of all generated)",
        ("", "charts", "human", "generated", "ratio", "human/s", "gen/s", "phase", "MAD", "gap", "gen gap"),
        [
            (
                name,
                section.placement.charts,
                section.placement.reference_onsets,
                section.placement.generated_onsets,
                section.placement.ratio,
                section.placement.reference_per_second,
                section.placement.generated_per_second,
                section.placement.phase_median_ms,
                section.placement.phase_mad_ms,
                section.placement.usual_gap,
                section.placement.longest_gap,
            )
            for name, section in sections.items()
        ],
    )


def _show_tolerance(sections: dict[str, Figures], ms: int) -> None:
    lines: list[tuple[Cell, ...]] = []
    for name, section in sections.items():
        scores = section.placement.within[ms]
        lines.append((name, scores.precision, scores.recall, scores.f1, scores.chart_mean_f1, scores.null_f1))
    show_table(f"Within {ms} ms", ("", "P", "R", "F1", "mean of charts", "null"), lines)


def _show_classes(sections: dict[str, Figures]) -> None:
    classes = [kind.value for kind in next(iter(sections.values())).placement.classes]
    show_table(
        "F1 at 20 ms within a class of ticks; what playing every tick scores",
        ("", *(name for kind in classes for name in (kind, f"every {kind}"))),
        [
            (
                name,
                *(
                    score
                    for figures in section.placement.classes.values()
                    for score in (figures.f1, figures.every_tick_f1)
                ),
            )
            for name, section in sections.items()
        ],
    )


def _show_nesting(sections: dict[str, Figures]) -> None:
    show_table(
        "Nesting: share of rows in the next harder chart",
        ("", "side", "songs", "median", "mean"),
        [
            (name, side, figures.shares, figures.median, figures.mean)
            for name, section in sections.items()
            for side, figures in _by_side(section.nesting)
        ],
    )


def _show_steps(sections: dict[str, Figures]) -> None:
    lines = [(name, side, figures) for name, section in sections.items() for side, figures in _by_side(section.steps)]
    show_table(
        "Steps, per 100 rows",
        ("", "side", *(name.replace("_", "-") for name in RATES)),
        [(name, side, *_rate_cells(figures)) for name, side, figures in lines],
    )
    show_table(
        "Panels, in percent of hits, least over most; entropy of three rows, in bits; share of repeated bars",
        ("", "side", *_PANEL_HEAD),
        [(name, side, *_panel_cells(figures)) for name, side, figures in lines],
    )
    show_table(
        "Snaps: share of rows",
        ("", "side", *SNAPS.values(), OTHER_SNAP),
        [(name, side, *figures.snaps.values()) for name, side, figures in lines],
    )


def _by_side(sides: Sides[T]) -> tuple[tuple[str, T], tuple[str, T]]:
    return ("human", sides.reference), ("generated", sides.generated)


def _rate_cells(figures: StepFigures) -> tuple[Cell, ...]:
    return tuple(f"{figures.rates[name]:.2f}" for name in RATES)


def _panel_cells(figures: StepFigures) -> tuple[Cell, ...]:
    shares = (*figures.panel_percent, figures.panel_balance, figures.trigram_bits, figures.third_given_two_bits)
    return (*(f"{share:.2f}" for share in shares), figures.repeated)
