"""A song's charts along its time: a table, its rows' curves above each other, and the timing picture below them."""

from collections.abc import Iterator

from charter.batch.markup import clock, element, escaped
from charter.batch.row import DENSITY_SECONDS, Row, RowChart
from charter.notation import Difficulty

_HEIGHT = 20  # of a curve, in its own units
_LEAST_TOP = 4.0  # rows per second at a curve's full height, so that sparse charts look sparse
_LADDER = [level.label for level in Difficulty]
_EDIT_CLASS = "edit"


def charts_table(row: Row) -> str:
    """The table; empty for a song without charts and picture. All curves of a song have one scale."""
    if not row.charts and not row.timing_picture:
        return ""
    return f"<table>{_head(row)}<tbody>{''.join(_body(row))}</tbody></table>"


def _head(row: Row) -> str:
    end = clock(row.duration) if row.duration else ""
    names = "".join(f'<th scope="col">{name}</th>' for name in ("meter", "rows", "mean", "peak"))
    axis = f'<span class="axis"><span>0:00</span><span>rows per second</span><span>{end}</span></span>'
    return f'<thead><tr><th scope="col">chart</th>{names}<th scope="col">{axis}</th></tr></thead>'


def _body(row: Row) -> Iterator[str]:
    top = max((_LEAST_TOP, *(peak for chart in row.charts for peak in chart.density)))
    for chart in sorted(row.charts, key=_step):
        yield _chart(chart, top, row.duration)
    if row.timing_picture:
        yield (
            '<tr><th scope="row">beats</th><td colspan="4">what sounds within 60 ms</td>'
            f'<td><span class="beats"><img src="data:image/png;base64,{escaped(row.timing_picture)}" '
            f'alt="{_alternative(row)}"></span></td></tr>'
        )


def _step(chart: RowChart) -> tuple[int, int]:
    """To sort by: the ladder of difficulties, then Edit charts by meter."""
    return _LADDER.index(chart.difficulty) if chart.difficulty in _LADDER else len(_LADDER), chart.meter


def _chart(chart: RowChart, top: float, duration: float | None) -> str:
    kept = element("span", "kept" if chart.is_kept else "", "kept")
    figures = "".join(
        f"<td>{figure}</td>"
        for figure in (
            chart.meter,
            f"{chart.rows:,}",
            "" if chart.rows_per_second is None else f"{chart.rows_per_second:.1f}",
            f"{max(chart.density):.1f}" if chart.density else "",
        )
    )
    level = chart.difficulty.lower() if chart.difficulty in _LADDER else _EDIT_CLASS
    return (
        f'<tr class="{level}"><th scope="row">{escaped(chart.difficulty)}{kept}'
        f"</th>{figures}<td>{_curve(chart, top, duration)}</td></tr>"
    )


def _curve(chart: RowChart, top: float, duration: float | None) -> str:
    """One step for each stretch; as wide as the music, in stretches."""
    if not chart.density:
        return ""
    width = duration / DENSITY_SECONDS if duration else len(chart.density)
    steps = "".join(f"V{_HEIGHT * (1 - density / top):.3g}h1" for density in chart.density)
    peak = max(range(len(chart.density)), key=chart.density.__getitem__)
    label = f"densest at {clock(peak * DENSITY_SECONDS)}"
    return (
        f'<svg viewBox="0 0 {width:.6g} {_HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f'<path d="M0 {_HEIGHT}{steps}V{_HEIGHT}z"/></svg>'
    )


def _alternative(row: Row) -> str:
    if row.timing is None or row.timing.sync_ms is None:
        return "The sound around the beats along the song"
    side = "after" if row.timing.sync_ms >= 0 else "before"
    return f"The sound comes {abs(row.timing.sync_ms):.1f} ms {side} the beats"
