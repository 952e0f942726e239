"""A passage of a chart as it is now, written anew a few times."""

from collections import OrderedDict
from pathlib import Path
from typing import Any

from charter.audio.song_audio import SongAudio
from charter.errors import RequestError
from charter.memory import release_memory
from charter.notation import Note, Passage
from charter.processes.worker import Tell
from charter.redo import Music, rewrite
from charter.redo_request import RedoRequest
from charter.review.data_folder import song_folder
from charter.review.document.codec import notes_json
from charter.review.document.limits import MOST_CANDIDATES
from charter.review.work.checking import chart_of, song_of
from charter.review.work.hearing import heard_music
from charter.review.work.models import models

_KEPT_SONGS = 2  # whose music a process keeps in mind: an artist redoes passage after passage

_kept: OrderedDict[Path, Music] = OrderedDict()


def redo(request: dict[str, Any], data: Path, tell: Tell) -> dict[str, Any]:
    """``{song: {key, fields}, chart, wanted}`` -> candidates for the passage.

    wanted: ``{start, end, locks, keep_rows, seed, candidates}``, ticks
    -> ``{version, start, end, candidates: [{seed, notes, rows}]}``, notes: all those whose head is in the passage
    Raises RequestError, ChartError, TimingError, AudioError or WeightsError.
    """
    wanted = parse_wanted(request["wanted"])
    chart = chart_of(request["chart"])
    folder = song_folder(data, request["song"]["key"])
    song = song_of(request["song"]["fields"], (chart,), "")
    tell(0.05, "listening")
    music = _music(heard_music(folder))
    timing = song.timing_of(chart)
    count = candidates_of(request["wanted"])
    made = []
    for each in rewrite(chart, timing, music, wanted, models(), count):
        notes = _of_passage(each.chart.notes, wanted.passage)
        rows = sum(map(wanted.passage.holds, each.chart.hit_ticks(timing)))
        made.append({"seed": each.seed, "notes": notes, "rows": rows})
        tell(len(made) / count, "writing")
    start, end = wanted.passage
    return {"version": request["chart"]["version"], "start": start, "end": end, "candidates": made}


def parse_wanted(wanted: dict[str, Any]) -> RedoRequest:
    """What to write anew. Raises RequestError for what makes no sense."""
    try:
        locks = tuple(Passage(int(start), int(end)) for start, end in wanted.get("locks") or ())
        passage = Passage(int(wanted["start"]), int(wanted["end"]))
        return RedoRequest(None, passage, locks, bool(wanted.get("keep_rows")), int(wanted.get("seed") or 0))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise RequestError("a passage goes from tick to tick: {start, end, locks, keep_rows, seed}") from None


def candidates_of(wanted: dict[str, Any]) -> int:
    """How many candidates are asked for. Raises RequestError."""
    count = wanted.get("candidates", 3)
    if type(count) is not int or not 1 <= count <= MOST_CANDIDATES:
        raise RequestError(f"{str(count)[:20]} candidates; there are 1 to {MOST_CANDIDATES}")
    return count


def _of_passage(notes: tuple[Note, ...], passage: Passage) -> list[list[Any]]:
    """The notes that begin in a passage, with their ends wherever those are."""
    return [note for note in notes_json(notes) if passage.holds(note[0])]


def _music(path: Path | None) -> Music | None:
    """The music of a file, as this process has it in mind; those not asked about for longest are forgotten."""
    if path is None:
        return None
    music = _kept.pop(path, None) or Music(SongAudio(path))
    _kept[path] = music
    while len(_kept) > _KEPT_SONGS:
        _kept.popitem(last=False)
        release_memory()
    return music
