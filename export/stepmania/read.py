"""A `.sm` or `.ssc` file as a `Song`. Parsing is simfile's; this module turns its text values into ours."""

import math
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from decimal import DecimalException
from pathlib import Path
from typing import TypeVar

from simfile.notes import NoteData
from simfile.notes import NoteType as SimfileNoteType
from simfile.sm import SMSimfile
from simfile.ssc import SSCSimfile
from simfile.timing import BeatValues, TimingData
from simfile.types import AttachedChart, Simfile

from charter.errors import ChartError, TimingError
from charter.notation import Chart, Difficulty, Note, NoteKind, Pause, PreviewWindow, Song, Span, Tempo, Timing, to_tick
from export.stepmania.lexed import lexed
from export.stepmania.note_data import STEPS_TYPE
from export.stepmania.old_warps import played

ENCODINGS = ("cp1252", "cp932")  # of older files, that are not UTF-8
LOSSLESS = "latin1"

# The words of older versions, as StepMania maps them.
_OLD_DIFFICULTIES = {
    "basic": Difficulty.EASY,
    "light": Difficulty.EASY,
    "another": Difficulty.MEDIUM,
    "trick": Difficulty.MEDIUM,
    "standard": Difficulty.MEDIUM,
    "difficult": Difficulty.MEDIUM,
    "ssr": Difficulty.HARD,
    "maniac": Difficulty.HARD,
    "heavy": Difficulty.HARD,
    "smaniac": Difficulty.CHALLENGE,
    "expert": Difficulty.CHALLENGE,
    "oni": Difficulty.CHALLENGE,
}
T = TypeVar("T")
_NO_NUMBER = re.compile(r"=\s*([+-]?[A-Za-z][^,=]*)")
_HUGE_NUMBER = re.compile(r"(?<![\d.])[\d.]+[eE][+-]?\d{4,}")  # not from within a number, which may have any length
_SHOWN_CHARACTERS = 40
_BEAT_FIELDS = ("BPMS", "STOPS", "FREEZES", "DELAYS", "WARPS", "FAKES")
_SPLIT_TIMING_FIELDS = ("BPMS", "STOPS", "DELAYS", "WARPS", "FAKES", "OFFSET")


def read_song(path: Path) -> Song:
    """The song of a simfile with its dance-single charts, in file order.

    Raises ChartError (or TimingError, for its timing) that names the file and what is wrong with it.
    """
    return parse_song(file_content(path), path)


def parse_song(data: bytes, path: Path) -> Song:
    """The song of a simfile's content. Raises as `read_song`; path: for its kind, and to be blamed."""
    source = opened_simfile(data, path)
    return _blamed(path, lambda: _song(source))


def read_timing(path: Path) -> Timing:
    """The song timing of a simfile, whatever its charts are like. Raises as `read_song`."""
    return timing_of(opened_simfile(file_content(path), path), path)


def timing_of(source: Simfile, path: Path) -> Timing:
    """The song timing of a simfile that has been parsed. Raises as `read_song`; path: to be blamed."""
    return _blamed(path, lambda: _song_timing(source))


def _blamed(path: Path, read: Callable[[], T]) -> T:
    try:
        return read()
    except TimingError as error:
        raise TimingError(f"{path}: {error}") from error
    except ChartError as error:
        raise ChartError(f"{path}: {error}") from error
    except (ValueError, KeyError, IndexError, TypeError, ArithmeticError, DecimalException) as error:
        raise ChartError(f"{path}: damaged simfile ({error})") from error


def file_content(path: Path) -> bytes:
    """The bytes of a simfile. Raises ChartError that names it."""
    _check_name(path)  # first: a file of another kind may be as long as a film
    try:
        return path.read_bytes()
    except OSError as error:
        raise ChartError(f"{path}: cannot be read ({error.strerror or error})") from error


def opened_simfile(data: bytes, path: Path) -> Simfile:
    """A simfile's content as simfile parses it. Raises ChartError that names the file where it is none."""
    _check_name(path)
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise ChartError(f"{path}: is in UTF-16, which the game does not read; save it as UTF-8")
    try:
        tokens, is_ssc = lexed(decoded(data)[0])
        source = (SSCSimfile if is_ssc else SMSimfile)(tokens=tokens, strict=False)
    except ChartError as error:
        raise ChartError(f"{path}: {error}") from error
    except (ValueError, KeyError, IndexError, TypeError, AssertionError) as error:
        raise ChartError(f"{path}: damaged simfile ({error})") from error
    if "TITLE" not in source and "BPMS" not in source:
        raise ChartError(f"{path}: holds no simfile (neither #TITLE nor #BPMS)")
    return source


def _check_name(path: Path) -> None:
    if path.suffix.lower() not in (".sm", ".ssc"):
        raise ChartError(f"{path}: not a simfile (expected .sm or .ssc)")


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a simfile, and the encoding that it is taken to be in."""
    for encoding in ("utf-8-sig" if data.startswith(BOM_UTF8) else "utf-8", *ENCODINGS):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode(LOSSLESS), LOSSLESS  # every byte means something there: the notes and numbers survive


def _text(source: Simfile, name: str) -> str:
    return _cleaned(source.get(name))


def _cleaned(text: str | None) -> str:
    """A text without what is around it, and without NUL, which ends texts in the game and databases do not hold."""
    return (text or "").replace("\0", "").strip()


def _song(source: Simfile) -> Song:
    timing = _song_timing(source)
    charts = tuple(_chart(chart) for chart in source.charts if (chart.stepstype or "").strip() == STEPS_TYPE)
    return Song(
        title=_text(source, "TITLE"),
        timing=timing,
        charts=charts,
        artist=_text(source, "ARTIST"),
        subtitle=_text(source, "SUBTITLE"),
        genre=_text(source, "GENRE"),
        credit=_text(source, "CREDIT"),
        music=_text(source, "MUSIC"),
        preview_music=_text(source, "PREVIEW"),
        banner=_text(source, "BANNER"),
        background=_text(source, "BACKGROUND"),
        jacket=_text(source, "JACKET"),
        preview=_preview(_text(source, "SAMPLESTART"), _text(source, "SAMPLELENGTH")),
    )


def _preview(start: str, length: str) -> PreviewWindow | None:
    try:
        window = PreviewWindow(float(start), float(length))
    except ValueError:
        return None
    return window if all(map(math.isfinite, window)) else None


def _chart(source: AttachedChart) -> Chart:
    word = (source.difficulty or "").strip().lower()
    names = {difficulty.name.lower(): difficulty for difficulty in Difficulty}
    split = any(source.get(name) for name in _SPLIT_TIMING_FIELDS)
    return Chart(
        difficulty=names.get(word, _OLD_DIFFICULTIES.get(word)),
        meter=_meter(source.meter or ""),
        notes=_notes(source),
        description=_cleaned(source.description),
        credit=_cleaned(source.get("CREDIT")),
        timing=_timing(_checked_data(source)) if split else None,
    )


def _meter(text: str) -> int:
    """The whole number that a meter starts with; 1 for anything else, as people write ``9?`` and ``X``."""
    digits = re.match(r"\s*(\d{1,9})", text)
    return int(digits[1]) if digits else 1


def _notes(source: AttachedChart) -> tuple[Note, ...]:
    """Notes in file order; one that stands between two ticks goes to the nearer, as in the game."""
    notes: dict[tuple[int, int], Note] = {}
    # The game passes over lines without notes, such as what is left of a comment; simfile takes them for rows.
    lines = [line for line in re.split(r"\r\n|\n|\r", source.notes or "") if line.strip()]
    for note in NoteData("\n".join(lines)):
        if note.note_type is not SimfileNoteType.ATTACK:
            tick = to_tick(note.beat)
            notes.setdefault((tick, note.column), Note(tick, note.column, NoteKind(note.note_type.value)))
    return tuple(notes[place] for place in sorted(notes))


def _song_timing(source: Simfile) -> Timing:
    timing_data = _checked_data(source)
    if isinstance(source, SMSimfile):
        return _old_timing(timing_data)
    return _timing(timing_data)


def _checked_data(source: Simfile | AttachedChart) -> TimingData:
    """simfile's reading of the numbers, once there are numbers: it reads other words as 0, and 1e999999999 for ever."""
    for tag in _BEAT_FIELDS:
        text = source.get(tag) or ""
        huge = _HUGE_NUMBER.search(text)
        if huge:
            raise TimingError(f"#{tag} holds a number out of range ({huge[0][:_SHOWN_CHARACTERS]})")
        word = _NO_NUMBER.search(text) if tag == "BPMS" else None
        if word:
            raise TimingError(f"the BPM {word[1].strip()[:_SHOWN_CHARACTERS]!r} is no number")
    return TimingData(source)


def _timing(data: TimingData) -> Timing:
    return Timing(
        tempos=_tempos(data.bpms),
        offset=float(data.offset),
        stops=_pauses(data.stops),
        delays=_pauses(data.delays),
        warps=_spans(data.warps),
        fakes=_spans(data.fakes),
    )


def _old_timing(data: TimingData) -> Timing:
    """The timing of a `.sm`: BPMs and stops below 0 as warps, a stop before beat 0 as music that starts later."""
    stops = _pauses(data.stops)
    song = played(_tempos(data.bpms), [stop for stop in stops if stop.tick >= 0])
    return Timing(
        tempos=tuple(song.tempos),
        offset=float(data.offset) - sum(stop.seconds for stop in stops if stop.tick < 0),
        stops=tuple(song.stops),
        delays=_pauses(data.delays),
        warps=tuple(sorted([*song.warps, *_spans(data.warps)])),
        fakes=_spans(data.fakes),
    )


def _tempos(values: BeatValues) -> tuple[Tempo, ...]:
    # Of two values on one beat the later one holds; the game orders events by beat, not by place in the file.
    tempos = sorted((Tempo(to_tick(event.beat), float(event.value)) for event in values), key=lambda tempo: tempo.tick)
    return tuple({tempo.tick: tempo for tempo in tempos}.values())


def _pauses(values: BeatValues) -> tuple[Pause, ...]:
    return tuple(sorted(Pause(to_tick(event.beat), float(event.value)) for event in values))


def _spans(values: BeatValues) -> tuple[Span, ...]:
    return tuple(sorted(Span(to_tick(event.beat), to_tick(float(event.value))) for event in values))
