"""Whether a simfile that comes from elsewhere is whole.

The game, and what reads simfiles here, pass over what they cannot read. Where a file takes the place of somebody's
work, that would lose notes in silence: so a damaged one is refused, with the measure.
"""

import re
from collections.abc import Sequence

from charter.errors import ChartError
from charter.notation import PANELS
from export.stepmania.chart_places import ChartPlace, chart_places
from export.stepmania.fields import parameters
from export.stepmania.note_data import STEPS_TYPE

_ROW = re.compile(rf"[01234MLFKN]{{{PANELS}}}")
_KEY_SOUND = re.compile(r"\[[^\]]*\]")  # behind a note
_SHOWN = 20  # characters


def check_whole(text: str, labels: Sequence[str]) -> None:
    """Raises ChartError that names the chart and measure where a simfile is cut off, or holds a row that is none.

    labels: what its dance-single charts are called, in file order
    """
    places = list(chart_places(text))
    ours = [place for place in places if place.steps_type == STEPS_TYPE]
    for number, place in enumerate(ours):
        _check_chart(text, place, labels[number] if number < len(labels) else f"chart {number + 1}")
    named = sum(parameter.name == "NOTEDATA" for parameter in parameters(text))
    if named > len(places):
        raise ChartError("its last chart has no notes: the file is cut off")


def _check_chart(text: str, place: ChartPlace, label: str) -> None:
    measures = place.notes.text.split(",")
    for number, measure in enumerate(measures, 1):
        rows = [line.strip() for line in re.split(r"\r\n|\n|\r", measure)]
        for row in filter(None, rows):
            if not _ROW.fullmatch(_KEY_SOUND.sub("", row).replace(" ", "").replace("\t", "")):
                raise ChartError(
                    f"{label}: measure {number}: {row[:_SHOWN]!r} is no row of {PANELS} panels; is the file damaged?"
                )
    if text[place.notes.end : place.notes.end + 1] != ";":
        raise ChartError(f"{label}: is cut off in measure {len(measures)}")
