"""A chart as what a player of other games presses: keys that are hit, and keys that are held."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from charter.errors import ChartError
from charter.notation import HEADS, PANEL_NAMES, PANELS, Chart, Song, Timing, paired_holds, to_beat
from export.chart_names import chart_names


class Press(NamedTuple):
    """A key that goes down at ``start`` and, if it is held, up at ``end``, in the units of a format's clock."""

    start: int
    panel: int
    end: int | None = None


def presses(chart: Chart, timing: Timing, clock: Callable[[Sequence[int]], Sequence[int]]) -> list[Press]:
    """What can be hit of a chart, by start and panel: taps, holds, and rolls as holds.

    clock: when notes on these ticks are hit, by the format's clock
    A head without a tail is a tap, and so is a hold that is over as it begins. Mines, lifts and fakes are left out.
    Raises ChartError where two of them fall together on one panel.
    """
    tails = {head: tail.tick for head, tail in paired_holds(chart.notes)}
    hits = [note for note in chart.notes if note.kind.is_hit]
    reachable = timing.hittable([note.tick for note in hits])
    hits = [note for note, can in zip(hits, reachable, strict=True) if can]
    starts = clock([note.tick for note in hits])
    ends = clock([tails.get(note, note.tick) if note.kind in HEADS else note.tick for note in hits])
    free = [-(1 << 62)] * PANELS  # from when on a panel can be hit
    found = []
    for note, start, end in sorted(zip(hits, starts, ends, strict=True), key=lambda hit: (hit[1], hit[0].panel)):
        if start < free[note.panel]:
            panel = PANEL_NAMES[note.panel]
            raise ChartError(f"two notes on the {panel} panel fall together on beat {float(to_beat(note.tick)):g}")
        held = end > start
        free[note.panel] = end + 1 if held else start + 1
        found.append(Press(start, note.panel, end if held else None))
    return found


def milliseconds(timing: Timing) -> Callable[[Sequence[int]], Sequence[int]]:
    """The clock of games that count whole milliseconds of the music."""
    return lambda ticks: [round(second * 1000) for second in timing.seconds_at(ticks).tolist()]


def pressed(song: Song) -> list[tuple[str, Chart, list[Press]]]:
    """Every chart that has something to hit: its name, itself, and its presses in milliseconds.

    Raises ChartError that names the song, and the chart, where there is none or where notes fall together.
    """
    found = []
    for name, chart in zip(chart_names(song), song.charts, strict=True):
        timing = song.timing_of(chart)
        try:
            played = presses(chart, timing, milliseconds(timing))
        except ChartError as error:
            raise ChartError(f"{song.title}, {name}: {error}") from error
        if played:
            found.append((name, chart, played))
    if not found:
        raise ChartError(f"{song.title}: no chart has a note to hit")
    return found
