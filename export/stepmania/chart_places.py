"""Where the charts stand in a simfile."""

from collections.abc import Iterator
from typing import NamedTuple

from export.stepmania.fields import Field, parameters

_SM_FIELDS = 6  # steps type, description, difficulty, meter, radar, notes


class ChartPlace(NamedTuple):
    """A chart: its steps type, its notes, and where it stands, from the ``#`` of its first tag to behind its last."""

    steps_type: str
    notes: Field
    start: int
    end: int


def chart_places(text: str) -> Iterator[ChartPlace]:
    """Every chart, in file order."""
    steps_type = ""
    first: int | None = None
    for name, fields, start, end in parameters(text):
        if name == "NOTEDATA":
            steps_type, first = "", start
        elif name == "STEPSTYPE" and fields:
            steps_type = fields[0].text.strip()
        elif name in ("NOTES", "NOTES2") and len(fields) == 1:
            yield ChartPlace(steps_type, fields[0], start if first is None else first, end)
            first = None
        elif name == "NOTES" and len(fields) >= _SM_FIELDS:
            yield ChartPlace(fields[0].text.strip(), fields[_SM_FIELDS - 1], start, end)


def is_ssc(text: str) -> bool:
    """Whether a simfile is laid out as `.ssc`, whatever its name says: then its version comes first."""
    return next((parameter.name for parameter in parameters(text)), "") == "VERSION"
