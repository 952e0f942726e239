"""A run's measure as a table: a line for each accepted chart."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from charter.review.document.measure import PARTS, MeasuredChart, RowCounts

_COLUMNS = (
    *(field.name for field in fields(MeasuredChart) if field.name != "rows"),
    "draft_rows",
    "final_rows",
    *PARTS,
    *(f"{part}_share" for part in PARTS),
    "minutes",
)
# Spreadsheets compute what starts so, some by the wide characters of Japanese too, and titles come from anywhere.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_lines(charts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A header and a line for each chart, as `MeasuredChart.json` has it; each with its end."""
    yield _line(_COLUMNS)
    for chart in charts:
        shares = RowCounts(**{part: chart[part] for part in PARTS}).shares()
        more = {f"{part}_share": "" if share is None else f"{share:.4f}" for part, share in shares.items()}
        values = {**chart, **more, "minutes": f"{chart['seconds'] / 60:.2f}"}
        yield _line([_cell(values[column]) for column in _COLUMNS])


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _line(values: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()
