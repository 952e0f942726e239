"""A simfile that says something else, every byte that need not change as it was.

Tags and note data that charter does not model stay, and so do charts of other steps types; where beat 0 moves, what
stands on beats moves with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from charter.errors import ChartError
from charter.notation import TICKS_PER_BEAT, Chart, Song, Timing
from export.stepmania.beats import BEAT_TAGS, TEMPO_TAGS, moved_events, moved_rows
from export.stepmania.changes import Change, applied, chart_changes, tag_changes, tag_text
from export.stepmania.chart_places import ChartPlace, chart_places, is_ssc
from export.stepmania.derived import SHOWN, new_radar, shown_tempos
from export.stepmania.extend import span_of
from export.stepmania.fields import Parameter, line_end, parameters, text_of
from export.stepmania.note_data import STEPS_TYPE
from export.stepmania.patch import note_edits
from export.stepmania.read import LOSSLESS, parse_song
from export.stepmania.write import number, song_tags, timing_tags

_TEXTS = ("TITLE", "SUBTITLE", "ARTIST", "GENRE", "CREDIT", "SAMPLESTART", "SAMPLELENGTH")
_TIMING = ("OFFSET", "BPMS", "STOPS", "DELAYS", "WARPS", "FAKES")


def rewritten(
    data: bytes, path: Path, target: Song, places: Sequence[int], *, shift: int = 0, duration: float | None = None
) -> bytes:
    """The content of a simfile that says ``target``; just as it was if it says that already.

    path: for its kind, and to be blamed
    target: its music and the names of its pictures are those of the file
    places: which of the file's dance-single charts, by number, each of the target's charts was, rising; all others of
    dance-single are taken out. A credit stays as the file has it
    shift: by how many ticks beat 0 was moved, so that what only the file knows of moves as well
    duration: the music's, in seconds, for the radar (see `ssc_text`)

    A file of an old encoding that cannot hold a new text becomes UTF-8. Raises ChartError that names the file, where it
    is laid out so, or is of a kind, that it cannot say this.
    """
    song = parse_song(data, path)
    text, encoding = text_of(data)
    try:
        if is_ssc(text) != (path.suffix.lower() == ".ssc"):
            raise ChartError("is laid out as another kind than its name says")
        changes = list(_changes(text, song, target, places, shift, duration))
        after = _encoded(applied(text, changes), encoding) if changes else data
        if not same_song(parse_song(after, path), target):
            raise ChartError("is laid out in a way that cannot be rewritten")
    except ChartError as error:
        raise ChartError(f"{path}: {str(error).removeprefix(f'{path}: ')}") from error
    return after


def same_song(one: Song, other: Song) -> bool:
    """Whether two songs say the same, the files beside them and credits of charts aside."""
    return _said(one) == _said(other)


def _said(song: Song) -> Song:
    charts = tuple(replace(chart, credit="", timing=song.timing_of(chart)) for chart in song.charts)
    return replace(song, charts=charts, music="", preview_music="", banner="", background="", jacket="")


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        if encoding == LOSSLESS:
            raise ChartError(f"is in no one encoding, and cannot hold {error.object[error.start]!r}") from error
        return text.encode()


def _changes(
    text: str, song: Song, target: Song, places: Sequence[int], shift: int, duration: float | None
) -> Iterator[Change]:
    charts = list(chart_places(text))
    ours = [chart for chart in charts if chart.steps_type == STEPS_TYPE]
    if len(ours) != len(song.charts):
        raise ChartError("its charts are laid out in a way that cannot be rewritten")
    tags = list(parameters(text))
    first = charts[0].start if charts else len(text)
    header = [tag for tag in tags if tag.start < first]
    yield from _song_changes(text, header, song, target)
    yield from _shown_changes(header, song.timing, target.timing, shift)
    wanted = dict(zip(places, target.charts, strict=True))
    for index, (place, chart) in enumerate(zip(ours, song.charts, strict=True)):
        inner = [tag for tag in tags if place.start <= tag.start < place.end]
        if index not in wanted:
            yield Change(*span_of(text, place), "")
            continue
        yield from _chart_changes(text, inner, (song, chart), (target, wanted[index]), duration)
        yield from note_edits(text, place.notes, chart.notes, wanted[index].notes)
        timing = target.timing_of(wanted[index])
        yield from _shown_changes(inner, song.timing_of(chart), timing, shift)
        if chart.timing is not None:
            yield from tag_changes(text, inner, _timing_texts(chart.timing, timing), "STEPSTYPE")
    if shift:
        gone = [place for index, place in enumerate(ours) if index not in wanted]
        others = [tag for tag in tags if not any(place.start <= tag.start < place.end for place in gone)]
        yield from _moved(text, others, [place for place in charts if place.steps_type != STEPS_TYPE], shift)


def _song_changes(text: str, header: Sequence[Parameter], song: Song, target: Song) -> Iterator[Change]:
    before, after = song_tags(song), song_tags(target)
    texts = {name: after[name] for name in _TEXTS if before[name] != after[name]}
    changed = _timing_texts(song.timing, target.timing)
    if "OFFSET" in changed:
        # Of a .sm, stops before beat 0 are part of the offset as it is read.
        said = [tag.fields[0].text for tag in header if tag.name == "OFFSET" and tag.fields]
        try:
            apart = float(said[-1]) - song.timing.offset if said else 0.0
        except ValueError:
            apart = 0.0
        changed["OFFSET"] = number(target.timing.offset + apart) if abs(apart) > 1e-9 else changed["OFFSET"]
    yield from tag_changes(text, header, texts | changed, "MUSIC", "TITLE")


def _timing_texts(before: Timing, after: Timing) -> dict[str, str]:
    """The tags in which two timings differ, as the second has them."""
    old, new = timing_tags(before), timing_tags(after)
    return {name: new[name] for name in _TIMING if old[name] != new[name]}


def _chart_changes(
    text: str, tags: Sequence[Parameter], old: tuple[Song, Chart], new: tuple[Song, Chart], duration: float | None
) -> Iterator[Change]:
    chart, wanted = old[1], new[1]
    values = new_radar(tags, old, new, duration)
    if chart.meter != wanted.meter:
        values["METER"] = str(wanted.meter)
    if chart.description != wanted.description:
        values["DESCRIPTION"] = wanted.description
    if chart.difficulty is not wanted.difficulty:
        raise ChartError("would have a chart of another difficulty in the place of one")
    yield from chart_changes(text, tags, values)


def _shown_changes(tags: Sequence[Parameter], before: Timing, after: Timing, shift: int) -> Iterator[Change]:
    """Of the tags of the song, or of one chart, the one that says which tempos the game shows."""
    for tag in [tag for tag in tags if tag.name == SHOWN and tag.fields]:
        said = [field.text for field in tag.fields]
        shown = shown_tempos(said, before, after, shift)
        if shown != said:
            yield Change(tag.start, tag.end, tag_text(SHOWN, *shown))


def _moved(text: str, tags: Sequence[Parameter], others: Sequence[ChartPlace], shift: int) -> Iterator[Change]:
    """What stands on beats, moved: of the song and its charts what charter does not model, of other charts all."""
    for tag in tags:
        foreign = any(place.start <= tag.start < place.end for place in others)
        value = ":".join(field.text for field in tag.fields)
        if not value.strip():
            continue
        if tag.name in BEAT_TAGS or (foreign and tag.name in TEMPO_TAGS):
            after = moved_events(value, shift)
            fields = after.split(":") if len(tag.fields) > 1 else [after]
            yield Change(tag.start, tag.end, tag_text(tag.name, *fields))
    for place in others:
        inner = {tag.name: tag for tag in tags if place.start <= tag.start < place.end}
        if "OFFSET" in inner and "BPMS" in inner:
            yield Change(inner["OFFSET"].start, inner["OFFSET"].end, _moved_offset(inner, shift))
        line = line_end(text)
        yield Change(place.notes.start, place.notes.end, moved_rows(place.notes.text, shift).replace("\n", line))


def _moved_offset(tags: Mapping[str, Parameter], shift: int) -> str:
    """The tag of a chart's own offset where its beat 0 comes so many ticks earlier."""
    try:
        offset, bpm = (
            float(tags["OFFSET"].fields[0].text),
            float(tags["BPMS"].fields[0].text.split(",")[0].split("=")[1]),
        )
        return f"#OFFSET:{number(offset + shift / TICKS_PER_BEAT * 60 / bpm)};"
    except (ValueError, IndexError, ZeroDivisionError):
        raise ChartError("a chart of another steps type has a timing that cannot be moved") from None
