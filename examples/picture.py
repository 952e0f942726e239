"""A passage of a chart as a picture: its note fields side by side, as SVG text.

    python -m examples.picture song.ssc song.svg --from-measure 12 --measures 4 --difficulties easy,hard

Time runs downwards. Arrows are coloured by their place in the beat, as in the game's "note" skin; measures are counted
from 0, as in its editor. A hold or roll that reaches into the passage, or out of it, is cut at the passage's edge.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from charter.errors import CharterError, RequestError
from charter.files import write_text
from charter.notation import (
    BEATS_PER_MEASURE,
    PANEL_NAMES,
    PANELS,
    TICKS_PER_BEAT,
    TICKS_PER_MEASURE,
    Chart,
    Difficulty,
    Note,
    NoteKind,
    Passage,
    Song,
    paired_holds,
)
from export.stepmania import read_song

# Pixels.
LANE, GAP, MARGIN = 36, 22, 46  # a panel's width; between note fields; left of the first
BEAT = 48
HEAD, FOOT = 92, 52  # above and below the note fields
BAR = 16  # width of a hold

# Ticks of a beat that a snap divides, coarsest first: what is on none of them is a 192nd.
SNAPS = {
    48: ("4th", "#f2384a"),
    24: ("8th", "#3f7cff"),
    16: ("12th", "#a450e8"),
    12: ("16th", "#3fc35b"),
    8: ("24th", "#f277c6"),
    6: ("32nd", "#f5a623"),
    4: ("48th", "#39d0d8"),
    3: ("64th", "#b7d84b"),
    1: ("192nd", "#9aa3af"),
}
_TURNS = (-90, 180, 0, 90)  # degrees, of an arrow that points up
_ARROW = "M0-15 15 0 9 6 4 1V14H-4V1L-9 6-15 0Z"
_LEVEL_COLOURS = ("#ff7bf0", "#5fe05a", "#f7dc3c", "#ff5a62", "#4fd2f5")  # of the difficulties, as in the game
_LEGEND = (48, 24, 16, 12, 8, 6)
_FONT = "font-family='Helvetica, Arial, sans-serif'"


class Measures(NamedTuple):
    """Whole measures of a chart, counted from 0."""

    first: int
    length: int

    @property
    def passage(self) -> Passage:
        """The same in ticks."""
        return Passage(self.first * TICKS_PER_MEASURE, (self.first + self.length) * TICKS_PER_MEASURE)

    def y(self, tick: int) -> float:
        """Pixels from the picture's top to a tick."""
        return HEAD + (tick - self.passage.start) * BEAT / TICKS_PER_BEAT


def snap(tick: int) -> int:
    """The widest spacing, in ticks and a key of SNAPS, whose multiples hold a tick."""
    return next(spacing for spacing in SNAPS if tick % spacing == 0)


def draw(song: Song, measures: Measures, difficulties: Sequence[Difficulty] | None = None) -> str:
    """The picture's SVG text: a note field per difficulty, in the order given; None for all that the song has.

    Raises RequestError where the song has no such chart, or the passage no measure.
    """
    if measures.first < 0 or measures.length < 1:
        raise RequestError(f"there is no passage of {measures.length} measures from measure {measures.first} on")
    charts = _charts(song, difficulties)
    width = MARGIN + len(charts) * (PANELS * LANE + GAP)
    height = round(measures.y(measures.passage.end)) + FOOT
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}'"
        f" role='img' {_FONT}>",
        f"<title>{_words(_heading(song))}, measures {measures.first} to {measures.first + measures.length - 1}</title>",
        *_definitions(),
        f"<rect width='{width}' height='{height}' fill='#12151b'/>",
        _text(MARGIN, 34, _heading(song), "#e8ebf0", size=19),
        *_measure_numbers(measures),
    ]
    for column, (level, chart) in enumerate(charts.items()):
        parts += _field(level, chart, measures, MARGIN + column * (PANELS * LANE + GAP))
    return "\n".join([*parts, *_legend(height - 20), "</svg>", ""])


def _charts(song: Song, difficulties: Sequence[Difficulty] | None) -> dict[Difficulty, Chart]:
    charts: dict[Difficulty, Chart] = {}
    for level in difficulties or Difficulty:
        chart = song.chart(level)
        if chart is not None:
            charts[level] = chart
        elif difficulties:
            raise RequestError(f"{song.title!r} has no {level.name.lower()} chart")
    if not charts:
        raise RequestError(f"{song.title!r} has no chart of a standard difficulty")
    return charts


def _heading(song: Song) -> str:
    by = f" by {song.artist}" if song.artist else ""
    bpms = [tempo.bpm for tempo in song.timing.tempos]
    slowest, fastest = (f"{bpm:.5g}" for bpm in (min(bpms), max(bpms)))
    bpm = slowest if slowest == fastest else f"{slowest} to {fastest}"
    return f"{song.title or 'untitled'}{by}, {bpm} BPM"


def _definitions() -> list[str]:
    arrows = [
        f"<path id='{name}' d='{_ARROW}' transform='rotate({turn})' stroke='#f4f6fa' stroke-width='1.4'"
        " stroke-linejoin='round'/>"
        for name, turn in zip(PANEL_NAMES, _TURNS, strict=True)
    ]
    return [
        "<defs>",
        *arrows,
        "<g id='mine'><circle r='11' fill='#3a3f4a' stroke='#c9ced8' stroke-width='1.6'/>"
        "<circle r='5' fill='#f2384a'/></g>",
        "<pattern id='rungs' width='16' height='8' patternUnits='userSpaceOnUse'>"
        "<rect width='16' height='8' fill='#6b4a12'/><rect width='16' height='4' fill='#f5a623'/></pattern>",
        "</defs>",
    ]


def _measure_numbers(measures: Measures) -> Iterator[str]:
    for measure in range(measures.first, measures.first + measures.length):
        yield _text(MARGIN - 10, measures.y(measure * TICKS_PER_MEASURE) + 5, str(measure), "#8d96a5", anchor="end")


def _field(level: Difficulty, chart: Chart, measures: Measures, left: int) -> Iterator[str]:
    """One chart's note field, its left edge at ``left`` pixels."""
    width = PANELS * LANE
    passage = measures.passage
    top, bottom = measures.y(passage.start), measures.y(passage.end)
    yield f"<g class='{level.name.lower()}'>"
    yield _text(left + width / 2, 66, f"{level.label} {chart.meter}", _LEVEL_COLOURS[level], anchor="middle")
    yield f"<rect x='{left}' y='{_n(top - 18)}' width='{width}' height='{_n(bottom - top + 18)}' fill='#1b2029'/>"
    for beat in range(measures.length * BEATS_PER_MEASURE + 1):
        tick = passage.start + beat * TICKS_PER_BEAT
        stroke = "#6d7687" if beat % BEATS_PER_MEASURE == 0 else "#333b48"
        yield f"<path d='M{left} {_n(measures.y(tick))}h{width}' stroke='{stroke}' stroke-width='1.5'/>"
    yield from _bars(chart, measures, left)
    for note in chart.notes:
        if passage.holds(note.tick) and note.kind is not NoteKind.TAIL:
            yield _symbol(note, measures, left)
    yield "</g>"


def _bars(chart: Chart, measures: Measures, left: int) -> Iterator[str]:
    """Holds and rolls from head to tail, as far as they lie in the measures; drawn before the arrows on them."""
    for head, tail in paired_holds(chart.notes):
        start, end = max(head.tick, measures.passage.start), min(tail.tick, measures.passage.end)
        if start < end:
            kind, fill = ("hold", "#4fae8f") if head.kind is NoteKind.HOLD else ("roll", "url(#rungs)")
            top, bottom = measures.y(start), measures.y(end)
            yield (
                f"<rect class='{kind}' x='{_n(_x(head.panel, left) - BAR / 2)}' y='{_n(top)}' width='{BAR}'"
                f" height='{_n(bottom - top)}' rx='5' fill='{fill}' stroke='#d5dbe5' stroke-opacity='.6'/>"
            )


def _symbol(note: Note, measures: Measures, left: int) -> str:
    place = f"x='{_n(_x(note.panel, left))}' y='{_n(measures.y(note.tick))}'"
    if note.kind is NoteKind.MINE:
        return f"<use href='#mine' {place}/>"
    # Lifts, fakes and keysounds are no steps: pale.
    pale = "" if note.kind.is_hit else " opacity='.4'"
    return f"<use href='#{PANEL_NAMES[note.panel]}' {place} fill='{SNAPS[snap(note.tick)][1]}'{pale}/>"


def _x(panel: int, left: int) -> float:
    return left + (panel + 0.5) * LANE


def _legend(y: float) -> Iterator[str]:
    for place, spacing in enumerate(_LEGEND):
        name, colour = SNAPS[spacing]
        x = MARGIN + 6 + place * 62
        yield f"<circle cx='{x}' cy='{_n(y - 5)}' r='5' fill='{colour}'/>"
        yield _text(x + 10, y, name, "#8d96a5", size=13)


def _text(x: float, y: float, words: str, fill: str, *, size: int = 15, anchor: str = "start") -> str:
    return (
        f"<text x='{_n(x)}' y='{_n(y)}' fill='{fill}' font-size='{size}' text-anchor='{anchor}'>{_words(words)}</text>"
    )


def _words(words: str) -> str:
    """Text that XML takes: it has no place for control characters, escaped or not."""
    return escape("".join(character if character.isprintable() else " " for character in words))


def _n(pixels: float) -> str:
    return f"{pixels:.2f}".rstrip("0").rstrip(".")


def main() -> None:
    """Read the chart file, draw, write."""
    parser = argparse.ArgumentParser(prog="python -m examples.picture", description="Draw a passage of a chart as SVG.")
    parser.add_argument("chart", type=Path, metavar="CHARTFILE", help="a simfile, .ssc or .sm")
    parser.add_argument("out", type=Path, metavar="OUT.svg")
    parser.add_argument("--from-measure", type=int, default=0, metavar="N", help="counted from 0, as in the editor")
    parser.add_argument("--measures", type=int, default=4, metavar="M", help="how many (default: 4)")
    parser.add_argument("--difficulties", metavar="NAMES", help="e.g. easy,hard (default: all that there are)")
    asked = parser.parse_args()
    try:
        levels = [Difficulty.parse(word) for word in asked.difficulties.split(",")] if asked.difficulties else None
        measures = Measures(asked.from_measure, asked.measures)
        write_text(asked.out, draw(read_song(asked.chart), measures, levels))
    except CharterError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
