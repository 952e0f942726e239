"""More charts for a simfile that exists, every other byte of it as it was."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from charter.errors import ChartError
from charter.notation import Chart, Difficulty, Song
from export.stepmania.chart_places import ChartPlace, chart_places, is_ssc
from export.stepmania.fields import line_end, parameters, text_of
from export.stepmania.note_data import STEPS_TYPE
from export.stepmania.read import parse_song
from export.stepmania.write import chart_text

# What stands around a chart for its sake alone: a line such as ``//------ dance-single - name ------`` above it.
_HEADING = re.compile(r"(?<=[\r\n])[ \t]*//-[^\r\n]*(?:\r\n|\n|\r)[ \t]*\Z")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)")
_NOT_IN_SM = ("WARPS", "FAKES")  # the game passes over them in a .sm, other readers do not


def with_charts(
    data: bytes,
    path: Path,
    song: Song,
    charts: Sequence[Chart],
    *,
    replaced: Collection[Difficulty] = (),
    duration: float | None = None,
) -> bytes:
    """The content of a simfile with ``charts`` behind those that it has.

    path: for its kind, and to be blamed; song: as `parse_song` reads the file; charts: on its timing, dance-single
    replaced: dance-single charts of these difficulties are taken out first; Edits and charts of other styles stay
    duration: the music's, in seconds (see `ssc_text`)

    A `.sm` keeps a BPM or stop below 0 as it is: such warps change when a beat is heard, but not its number.
    Raises ChartError that names the file: for a second chart of one difficulty, for what the file cannot hold, and for
    a file that would not say exactly the old charts and the new ones.
    """
    text, encoding = text_of(data)
    kept = [chart for chart in song.charts if chart.difficulty not in replaced]
    try:
        _check(text, path, kept, charts)
        places = [place for place in chart_places(text) if place.steps_type == STEPS_TYPE]
        if len(places) != len(song.charts):
            raise ChartError("its charts are laid out in a way that cannot be added to")
        gone = [place for place, chart in zip(places, song.charts, strict=True) if chart.difficulty in replaced]
        blocks = [chart_text(chart, song, path.suffix.lower(), duration=duration) for chart in charts]
        after = _appended(_without(text, gone), blocks).encode(encoding)
        _check_written(parse_song(after, path), song, kept, charts)
    except UnicodeEncodeError as error:
        raise ChartError(f"{path}: is in {encoding}, which cannot hold {error.object[error.start]!r}") from error
    except ChartError as error:
        raise ChartError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from error
    return after


def _check(text: str, path: Path, kept: Sequence[Chart], new: Sequence[Chart]) -> None:
    """Raises ChartError where new charts have no place beside the old ones."""
    if is_ssc(text) != (path.suffix.lower() == ".ssc"):
        other = ".ssc" if is_ssc(text) else ".sm"
        raise ChartError(f"is laid out as {other}, whatever its name says; name it {other}")
    levels = [chart.difficulty for chart in (*kept, *new)]
    twice = next((chart.difficulty for chart in new if levels.count(chart.difficulty) > 1), None)
    if twice is not None:
        raise ChartError(f"would have two {twice.label} charts")
    for name, fields, _, _ in parameters(text) if path.suffix.lower() == ".sm" else ():
        if name in _NOT_IN_SM and any(field.text.strip() for field in fields):
            raise ChartError(f"has #{name}, which games read from a .ssc only: where its beats are heard is unsure")


def _without(text: str, gone: Sequence[ChartPlace]) -> str:
    """The text without some charts, each with its heading and the rest of its last line."""
    for start, end in reversed([span_of(text, place) for place in gone]):
        text = text[:start] + text[end:]
    return text


def span_of(text: str, place: ChartPlace) -> tuple[int, int]:
    """From where to where a chart goes, with its heading and the rest of its last line."""
    heading = _HEADING.search(text, 0, place.start)
    rest = _REST_OF_LINE.match(text, place.end)
    return heading.start() if heading else place.start, rest.end() if rest else place.end


def _appended(text: str, blocks: Sequence[str]) -> str:
    """The text with blocks behind it, in its own line ends."""
    line = line_end(text)
    # On a line of its own a tag is read as one, even if the one before it was never closed.
    text += "" if text.endswith(("\r", "\n")) else line
    return text + "".join(line + block.replace("\n", line) for block in blocks)


def _check_written(written: Song, song: Song, kept: Sequence[Chart], new: Sequence[Chart]) -> None:
    """Raises ChartError unless a song says the old charts and the new ones: there are many ways to lay out a file."""
    added = written.charts[len(kept) :]
    same = written == replace(song, charts=(*kept, *added))
    if not same or [(c.difficulty, c.meter, c.notes) for c in added] != [(c.difficulty, c.meter, c.notes) for c in new]:
        raise ChartError("is laid out in a way that cannot be added to")
