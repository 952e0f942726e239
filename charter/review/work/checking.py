"""A chart as it is now, checked: what a strict reviewer finds in it, and how two feet dance it."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charter.check.findings import ChartFindings, examine_chart, examine_song
from charter.check.sync import HeardMusic
from charter.decode.rules import RULES, level_of
from charter.errors import ChartError
from charter.notation import Chart, Song, parse_slot, slot_label
from charter.processes.worker import Tell
from charter.review.data_folder import song_folder
from charter.review.document.codec import TEXT_FIELDS, notes_of, preview_of, timing_of
from charter.review.work.findings import findings_json, footing_json
from charter.review.work.hearing import heard_envelope, heard_music


def check(request: dict[str, Any], data: Path, tell: Tell) -> dict[str, Any]:
    """``{song: {key, fields}, chart, others: [{slot, meter, own_timing, rows}]}`` -> findings and footing.

    chart: as `charter.review.queue.documents` has it; others: the song's other charts, for what concerns all of them
    -> ``{findings, footing, song_findings}``. Raises ChartError for notes that are none.
    """
    folder = song_folder(data, request["song"]["key"])
    chart = chart_of(request["chart"])
    others = [_other(each) for each in request["others"]]
    music = heard_music(folder)
    song = song_of(request["song"]["fields"], (chart, *others), music.name if music else "")
    recording = _recording(folder)
    found = examine_chart(song, chart, recording, RULES[level_of(chart.difficulty)])
    counts = [_counted(each, of["rows"]) for each, of in zip(others, request["others"], strict=True)]
    whole = examine_song(song, folder, recording, (found, *counts))
    return {
        "findings": findings_json(found.findings),
        "footing": footing_json(chart, song.timing_of(chart)),
        "song_findings": findings_json(whole.findings),
    }


def chart_of(document: dict[str, Any]) -> Chart:
    """A chart from its plain values. Raises ChartError, TimingError."""
    return replace(_other(document), notes=notes_of(document["notes"]), description=document["description"])


def _other(document: dict[str, Any]) -> Chart:
    own = document["own_timing"]
    try:
        return Chart(parse_slot(document["slot"]), int(document["meter"]), (), timing=timing_of(own) if own else None)
    except (TypeError, ValueError):
        raise ChartError(f"{str(document['meter'])[:20]!r} is no meter") from None


def song_of(fields: dict[str, Any], charts: tuple[Chart, ...], music: str) -> Song:
    """A song from its plain values. Raises TimingError."""
    texts = {name: str(fields.get(name, "")) for name in TEXT_FIELDS}
    preview = preview_of(fields.get("preview"))
    return Song(timing=timing_of(fields["timing"]), charts=charts, music=music, preview=preview, **texts)


def _counted(chart: Chart, rows: int) -> ChartFindings:
    return ChartFindings(slot_label(chart.difficulty), chart.meter, rows, None, None, ())


def _recording(folder: Path) -> HeardMusic:
    envelope = _envelope(folder)
    return HeardMusic(envelope, "" if envelope is not None else "not measured: its music was not heard")


@lru_cache(maxsize=4)
def _envelope(folder: Path) -> NDArray[np.float32] | None:
    return heard_envelope(folder)
