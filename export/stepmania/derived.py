"""What a simfile says of its notes and tempos besides: the radar, and the tempos that the game shows.

Both go stale where notes or tempos change: the game shows ``#DISPLAYBPM`` as it stands, and not every version counts
the radar anew (see `export.stepmania.radar`).
"""

from collections.abc import Sequence

from charter.notation import Chart, Song, Timing
from export.stepmania.changes import applied, chart_changes, sm_fields
from export.stepmania.chart_places import chart_places
from export.stepmania.fields import Parameter, parameters, text_of
from export.stepmania.note_data import STEPS_TYPE
from export.stepmania.write import radar_text

RADAR, SHOWN = "RADARVALUES", "DISPLAYBPM"
_NEAR = 1.0  # BPM; shown tempos are often rounded, or cut off


def new_radar(
    tags: Sequence[Parameter], before: tuple[Song, Chart], after: tuple[Song, Chart], duration: float | None
) -> dict[str, str]:
    """The radar of a chart that changed, by its tag; nothing where it is the same, or the file says none.

    tags: of the chart; duration: the music's, in seconds (see `ssc_text`)
    """
    fields = sm_fields(tags)
    said = [tag.fields[0] for tag in tags if tag.name == RADAR and tag.fields] if fields is None else [fields[RADAR]]
    if not any(field.text.strip() for field in said):
        return {}
    suffix = ".ssc" if fields is None else ".sm"
    old, new = (radar_text(chart, song, suffix, duration) for song, chart in (before, after))
    return {RADAR: new} if new != old else {}


def with_radar(data: bytes, number: int, before: Song, after: Song, duration: float | None = None) -> bytes:
    """The content of a simfile with the radar of one chart that changed, every other byte as it was.

    number: of the chart among the dance-single charts, from 0; before, after: the song with and without the change
    duration: the music's, in seconds (see `ssc_text`)
    """
    text, encoding = text_of(data)
    place = [place for place in chart_places(text) if place.steps_type == STEPS_TYPE][number]
    tags = [tag for tag in parameters(text) if place.start <= tag.start < place.end]
    radar = new_radar(tags, (before, before.charts[number]), (after, after.charts[number]), duration)
    return applied(text, list(chart_changes(text, tags, radar))).encode(encoding)


def shown_tempos(said: Sequence[str], before: Timing, after: Timing, shift: int = 0) -> list[str]:
    """The fields of ``#DISPLAYBPM`` where the tempos changed.

    said: as they were; shift: ticks by which the tempos came later
    Where they said from which tempo to which the song goes, they do so now; else each that was one of the tempos
    becomes what that one is now. All others, ``*`` among them, are somebody's choice and stay.
    """
    try:
        shown = [float(value) for value in said]
    except ValueError:
        return list(said)
    digits = max(len(value.strip().partition(".")[2]) for value in said)
    old, new = _range(before), _range(after)
    if all(abs(value - bpm) <= _NEAR for value, bpm in zip((shown[0], shown[-1]), old, strict=True)):
        return list(said) if new == old else list(dict.fromkeys(f"{bpm:.{digits}f}" for bpm in new))
    return [_now(value, before, after, shift, digits) for value in said]


def _range(timing: Timing) -> tuple[float, float]:
    bpms = [tempo.bpm for tempo in timing.tempos]
    return min(bpms), max(bpms)


def _now(said: str, before: Timing, after: Timing, shift: int, digits: int) -> str:
    tempo = min(before.tempos, key=lambda tempo: abs(tempo.bpm - float(said)))
    now = float(after.bpm_at(tempo.tick + shift))
    is_named = abs(tempo.bpm - float(said)) <= _NEAR
    return f"{now:.{digits}f}" if is_named and now != tempo.bpm else said
