"""What stands on beats in a simfile beside its steps and its tempos, moved when beat 0 moves."""

import math
from fractions import Fraction

from charter.errors import ChartError
from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE
from export.stepmania.note_data import MOST_ROWS

# Tags of ``beat=…`` values that charter does not model.
BEAT_TAGS = (
    *("LABELS", "TIMESIGNATURES", "TICKCOUNTS", "COMBOS", "SPEEDS", "SCROLLS", "BGCHANGES", "FGCHANGES", "ANIMATIONS"),
    *(f"BGCHANGES{layer}" for layer in range(1, 10)),
)
TEMPO_TAGS = ("BPMS", "STOPS", "FREEZES", "DELAYS", "WARPS", "FAKES")


def moved_events(text: str, ticks: int) -> str:
    """The value of a tag with its events so many ticks later; what holds from the start goes on to do so.

    An event on beat 0 or before stays; one that would come before beat 0 comes on it. Raises ChartError for a value
    that is laid out otherwise.
    """
    events: dict[str, list[str]] = {}
    for number, event in enumerate(each for each in text.split(",") if each.strip()):
        beat_text, equals, value = event.partition("=")
        try:
            beat = float(beat_text)
        except ValueError:
            raise ChartError(f"{event.strip()[:40]!r} is on no beat") from None
        if not math.isfinite(beat):
            raise ChartError(f"{event.strip()[:40]!r} is on no beat")
        later = max(beat + ticks / TICKS_PER_BEAT, 0.0) if beat > 0 else beat
        space = beat_text[: len(beat_text) - len(beat_text.lstrip())]
        place = f"{later:.6f}"
        # Of several that come to stand on beat 0 the last one holds; any others stay side by side.
        events.setdefault(place if later == 0 else f"{place} {number}", []).append(f"{space}{place}{equals}{value}")
    return ",".join(each[-1] for each in events.values())


def moved_rows(text: str, ticks: int) -> str:
    """The note data of any steps type, without its comments, so many ticks later.

    Rows stay as they are, whatever their panels; players (``&``) stay apart. Raises ChartError for a note that would
    come before beat 0.
    """
    return "&".join(_moved(part, ticks) for part in text.split("&"))


def _moved(text: str, ticks: int) -> str:
    rows: dict[int, dict[Fraction, str]] = {}
    empty = "0000"
    for index, measure in enumerate(text.split(",")):
        lines = [line.strip() for line in measure.splitlines() if line.strip()]
        for number, row in enumerate(lines):
            if row.isalnum():
                empty = "0" * len(row)
            if not row.strip("0"):
                continue
            place = index + Fraction(number, len(lines)) + Fraction(ticks, TICKS_PER_MEASURE)
            if place < 0:
                raise ChartError("a note of another steps type would come before beat 0")
            rows.setdefault(math.floor(place), {})[place % 1] = row
    measures = []
    for index in range(max(rows, default=0) + 1):
        here = rows.get(index, {})
        grid = math.lcm(4, *(place.denominator for place in here))
        if grid > MOST_ROWS:
            raise ChartError("a measure of another steps type has rows that cannot be moved")
        measures.append("\n".join(here.get(Fraction(number, grid), empty) for number in range(grid)))
    return "\n" + "\n,\n".join(measures) + "\n"
