"""Notes, timings and song fields as plain JSON values, and back.

A note is ``[tick, panel, kind, end]``: kind is StepMania's character of a tap, head, mine and so on, never of a tail;
end is the tick of a hold's or roll's tail, else null. A timing is ``{"tempos": [[tick, bpm], …], "offset": seconds,
"stops": [[tick, seconds], …], "delays": […], "warps": [[tick, ticks], …], "fakes": […]}``.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from charter.errors import ChartError, TimingError
from charter.notation import (
    HEADS,
    PANELS,
    TICKS_PER_BEAT,
    Note,
    NoteKind,
    Pause,
    PreviewWindow,
    Song,
    Span,
    Tempo,
    Timing,
    paired_holds,
    sorted_notes,
)

LAST_TICK = TICKS_PER_BEAT * 100_000  # no song is as long
TEXT_FIELDS = ("title", "subtitle", "artist", "genre", "credit")


def notes_json(notes: Iterable[Note]) -> list[list[Any]]:
    """Notes in file order as ``[tick, panel, kind, end]``; a tail without a head is left out."""
    ordered = sorted_notes(notes)
    ends = {head: tail.tick for head, tail in paired_holds(ordered)}
    return [
        [note.tick, note.panel, note.kind.value, ends.get(note)] for note in ordered if note.kind is not NoteKind.TAIL
    ]


def notes_of(values: Iterable[Sequence[Any]]) -> tuple[Note, ...]:
    """Notes in file order, tails among them. Raises ChartError for what is no note."""
    notes = []
    for value in values:
        tick, panel, kind, end = checked_note(value)
        notes.append(Note(tick, panel, kind))
        if end is not None:
            notes.append(Note(end, panel, NoteKind.TAIL))
    return sorted_notes(notes)


def checked_note(value: Any) -> tuple[int, int, NoteKind, int | None]:
    """Tick, panel, kind and end of a note. Raises ChartError for what is none."""
    try:
        tick, panel, kind_value, end = value
        kind = NoteKind(kind_value)
    except (TypeError, ValueError):
        raise ChartError(f"{str(value)[:60]} is no note; one is [tick, panel, kind, end]") from None
    if not (_is_tick(tick) and type(panel) is int and 0 <= panel < PANELS and kind is not NoteKind.TAIL):
        raise ChartError(f"{str(value)[:60]} is no note on panels 0 to {PANELS - 1} from beat 0 on")
    if (kind in HEADS) != (end is not None) or (end is not None and not (_is_tick(end) and end > tick)):
        raise ChartError(f"{str(value)[:60]}: a hold or roll ends behind its head, and nothing else does")
    return tick, panel, kind, end


def _is_tick(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LAST_TICK


def timing_json(timing: Timing) -> dict[str, Any]:
    """A timing as plain values."""
    return {
        "tempos": [list(tempo) for tempo in timing.tempos],
        "offset": timing.offset,
        "stops": [list(pause) for pause in timing.stops],
        "delays": [list(pause) for pause in timing.delays],
        "warps": [list(span) for span in timing.warps],
        "fakes": [list(span) for span in timing.fakes],
    }


def timing_of(value: Any) -> Timing:
    """A timing from plain values. Raises TimingError for what is none."""
    try:
        return Timing(
            tuple(Tempo(_tick(tick), float(bpm)) for tick, bpm in value["tempos"]),
            float(value["offset"]),
            tuple(Pause(_tick(tick), float(seconds)) for tick, seconds in value["stops"]),
            tuple(Pause(_tick(tick), float(seconds)) for tick, seconds in value["delays"]),
            tuple(Span(_tick(tick), _tick(ticks)) for tick, ticks in value["warps"]),
            tuple(Span(_tick(tick), _tick(ticks)) for tick, ticks in value["fakes"]),
        )
    except (TypeError, ValueError, KeyError, OverflowError):
        raise TimingError(f"{str(value)[:60]} is no timing") from None


def _tick(value: Any) -> int:
    if not _is_tick(value):
        raise ValueError(value)
    return int(value)


def fields_json(song: Song) -> dict[str, Any]:
    """What can be edited of a song: its texts, ``timing``, and ``preview`` as ``[start, length]`` or null."""
    texts = {name: getattr(song, name) for name in TEXT_FIELDS}
    preview = list(song.preview) if song.preview else None
    return {**texts, "timing": timing_json(song.timing), "preview": preview}


def preview_of(value: Any) -> PreviewWindow | None:
    """The preview window of the field's value."""
    return PreviewWindow(float(value[0]), float(value[1])) if value else None
