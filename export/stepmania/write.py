"""A `Song` as the text of a `.ssc` or `.sm` file, with the tags StepMania writes, in its order.

Escaping and serialising are simfile's. Beats have six decimals, enough for any tick. All other numbers have every
digit their float needs (never an exponent), so that a file says exactly the song it was written from.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from simfile.sm import SMChart, SMSimfile
from simfile.ssc import SSCChart, SSCSimfile

from charter.errors import ChartError
from charter.notation import Chart, Pause, Song, Span, Timing, slot_label, to_beat
from export.stepmania.note_data import STEPS_TYPE, note_data
from export.stepmania.radar import radar_values
from export.texts import one_line

_PLAYERS = 2
_SM_CATEGORIES = 11  # the rest of the radar came with .ssc
# What charter does not model, at the values that change nothing.
NEUTRAL_TIMING = {
    "TIMESIGNATURES": "0.000=4=4",
    "TICKCOUNTS": "0.000=4",
    "COMBOS": "0.000=1",
    "SPEEDS": "0.000=1.000=0.000=0",
    "SCROLLS": "0.000=1.000",
}
NEUTRAL_LABELS = {"LABELS": "0.000=Song Start"}


def ssc_text(song: Song, *, duration: float | None = None) -> str:
    """The song as `.ssc`. ``duration`` is the music's, in seconds, for the radar; if None, until the last note.

    Raises ChartError for notes that have no place in a file.
    """
    file = SSCSimfile.blank()
    for tag, value in (song_tags(song) | timing_tags(song.timing) | NEUTRAL_LABELS).items():
        file[tag] = value
    file["JACKET"] = one_line(song.jacket)
    if song.preview_music:
        file["PREVIEW"] = one_line(song.preview_music)
        tags = list(file)
        for tag in tags[tags.index("MUSIC") + 1 : -1]:  # its place is behind the music
            file[tag] = file.pop(tag)
    for chart in song.charts:
        file.charts.append(_ssc_chart(chart, song, duration))
    return escaped(str(file))


def sm_text(song: Song, *, duration: float | None = None) -> str:
    """The song as `.sm`, for programs that do not read `.ssc`. ``duration`` as in `ssc_text`.

    A chart has one field for words here: its description, or its credit if it has none.
    Raises ChartError for what `.sm` cannot say: warps, fakes, a chart with its own timing.
    """
    _check_sm(song)
    file = SMSimfile.blank()
    timing = timing_tags(song.timing)
    for tag, value in (song_tags(song) | {tag: timing[tag] for tag in ("OFFSET", "BPMS", "STOPS")}).items():
        file[tag] = value
    if song.timing.delays:
        file["DELAYS"] = timing["DELAYS"]
    for chart in song.charts:
        file.charts.append(_sm_chart(chart, song, duration))
    return escaped(str(file))


def chart_text(chart: Chart, song: Song, suffix: str, *, duration: float | None = None) -> str:
    """One chart as the block of a file of that suffix, ``.sm`` or ``.ssc``, up to and with its last line feed.

    ``duration`` as in `ssc_text`. Raises ChartError for notes that have no place in it, and in a `.sm` a timing of its
    own.
    """
    if suffix == ".sm":
        _check_sm(replace(song, charts=(chart,), timing=Timing.constant(60)))  # the song's is not a chart's matter
    block = (_sm_chart if suffix == ".sm" else _ssc_chart)(chart, song, duration)
    return escaped(str(block)).strip() + "\n"


def _check_sm(song: Song) -> None:
    unsayable = {
        "warps": bool(song.timing.warps),
        "fakes": bool(song.timing.fakes),
        "charts with their own timing": any(chart.timing is not None for chart in song.charts),
    }
    for what, there in unsayable.items():
        if there:
            raise ChartError(f"{song.title}: a .sm file cannot hold {what}; write .ssc, which can")


def song_tags(song: Song) -> dict[str, str]:
    """The tags of a song that say what it is called, what belongs to it, and which passage is its preview."""
    preview = song.preview
    return {
        "TITLE": one_line(song.title),
        "SUBTITLE": one_line(song.subtitle),
        "ARTIST": one_line(song.artist),
        "GENRE": one_line(song.genre),
        "CREDIT": one_line(song.credit),
        "BANNER": one_line(song.banner),
        "BACKGROUND": one_line(song.background),
        "MUSIC": one_line(song.music),
        # Empty, the game chooses a passage itself.
        "SAMPLESTART": number(preview.start) if preview else "",
        "SAMPLELENGTH": number(preview.length) if preview else "",
    }


def timing_tags(timing: Timing) -> dict[str, str]:
    """The tags of a timing, in a file's order."""
    return {
        "OFFSET": number(timing.offset),
        "BPMS": _events((tempo.tick, number(tempo.bpm)) for tempo in timing.tempos),
        "STOPS": _pauses(timing.stops),
        "DELAYS": _pauses(timing.delays),
        "WARPS": _spans(timing.warps),
        **NEUTRAL_TIMING,
        "FAKES": _spans(timing.fakes),
    }


def _ssc_chart(chart: Chart, song: Song, duration: float | None) -> SSCChart:
    tags = {
        "CHARTNAME": "",
        "STEPSTYPE": STEPS_TYPE,
        "DESCRIPTION": one_line(chart.description),
        "CHARTSTYLE": "",
        "DIFFICULTY": slot_label(chart.difficulty),
        "METER": str(chart.meter),
        "RADARVALUES": radar_text(chart, song, ".ssc", duration),
        "CREDIT": one_line(chart.credit),
    }
    if chart.timing is not None:
        tags |= timing_tags(chart.timing) | NEUTRAL_LABELS
    file = SSCChart.from_str("#NOTEDATA:;\n")  # its blank() comes indented
    for tag, value in (tags | {"NOTES": f"\n{_notes(chart)}"}).items():
        file[tag] = value
    return file


def _sm_chart(chart: Chart, song: Song, duration: float | None) -> SMChart:
    radar = radar_text(chart, song, ".sm", duration)
    words = one_line(chart.description or chart.credit)
    fields = (STEPS_TYPE, words, slot_label(chart.difficulty), str(chart.meter), radar)
    return SMChart.from_msd([*(f"\n     {field}" for field in fields), f"\n{_notes(chart)}"])


def _notes(chart: Chart) -> str:
    try:
        return note_data(chart.notes)
    except ChartError as error:
        raise ChartError(f"{slot_label(chart.difficulty)}: {error}") from error


def radar_text(chart: Chart, song: Song, suffix: str, duration: float | None) -> str:
    """A chart's radar as a file of that suffix, ``.sm`` or ``.ssc``, says it. ``duration`` as in `ssc_text`."""
    timing = song.timing_of(chart)
    if duration is None:
        duration = float(timing.seconds_at(chart.notes[-1].tick)) if chart.notes else 0.0
    values = radar_values(chart, timing, duration)[: _SM_CATEGORIES if suffix == ".sm" else None]
    return ",".join([f"{value:.6f}" for value in values] * _PLAYERS)


def _pauses(pauses: Iterable[Pause]) -> str:
    return _events((pause.tick, number(pause.seconds)) for pause in pauses)


def _spans(spans: Iterable[Span]) -> str:
    return _events((span.tick, _beat(span.ticks)) for span in spans)


def _events(events: Iterable[tuple[int, str]]) -> str:
    return ",\n".join(f"{_beat(tick)}={value}" for tick, value in events)


def _beat(tick: int) -> str:
    return f"{float(to_beat(tick)):.6f}"


def number(value: float) -> str:
    """A number with every digit that its float needs, and never an exponent."""
    whole, _, decimals = f"{Decimal(repr(float(value))):f}".partition(".")
    return f"{whole}.{decimals:0<3}"


def escaped(text: str) -> str:
    r"""The text with every slash of a ``//`` escaped: simfile escapes one of two, and of ``///`` leaves a comment."""
    return text.replace(r"\//", r"\/\/")
