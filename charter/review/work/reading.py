"""A song's folder read into plain values for the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from charter.audio.decode import sound_hash
from charter.audio.song_audio import SongAudio
from charter.check.findings import examine
from charter.check.sync import HeardMusic
from charter.decode.rules import RULES
from charter.errors import AudioError, CharterError, ChartError
from charter.notation import HEADS, Song, slot_word
from charter.review.document.codec import fields_json, notes_json, timing_json
from charter.review.document.holds import closed_holds
from charter.review.document.song_fields import check_timings
from charter.review.work.findings import findings_json, footing_json
from charter.review.work.hearing import heard_envelope, music_within, sound_or_nothing
from charter.song_draft import read_record, simfiles_in
from export.stepmania.read import read_song


def read_folder(folder: Path, audio: SongAudio | None = None) -> dict[str, Any]:
    """What the tables keep of a song, and the files below ``hearing/``.

    audio: of the song's music, where the caller has it; without one, what can be done without is done
    -> ``{fields, audio_hash, weights, sound, findings, charts: [{place, slot, meter, description, own_timing, notes,
    findings, footing}], told: [one line each]}``. Raises ChartError, TimingError, OutputError.
    """
    simfile, song = chosen_simfile(folder)
    record = read_record(folder)
    music = music_within(folder, simfile, song.music)
    weights = record.get("weights")  # of a pack, which may say anything
    sound, silent = sound_or_nothing(folder, music, audio or (SongAudio(music) if music is not None else None))
    envelope = heard_envelope(folder)
    found = examine(song, folder, HeardMusic(envelope, silent and f"not measured: {silent}"), RULES)
    told = [f"cannot be played: {silent}"] if silent else []
    charts = []
    for place, (chart, checked) in enumerate(zip(song.charts, found.charts, strict=True)):
        mended = replace(chart, notes=closed_holds(chart.notes))
        if any(note.kind in HEADS for note in set(chart.notes).difference(mended.notes)):
            told.append(f"{checked.difficulty}: holds that end nowhere are taps now")
        charts.append(
            {
                "place": place,
                "slot": slot_word(chart.difficulty),
                "meter": chart.meter,
                "description": chart.description,
                "own_timing": timing_json(chart.timing) if chart.timing is not None else None,
                "notes": notes_json(mended.notes),
                "findings": findings_json(checked.findings),
                "footing": footing_json(mended, song.timing_of(chart)),
            }
        )
    return {
        "fields": fields_json(song),
        "audio_hash": str(record.get("audio_hash") or _audio_hash(music)),
        "weights": weights if isinstance(weights, dict) else {},
        "sound": sound,
        "findings": findings_json(found.findings),
        "charts": charts,
        "told": told,
    }


def chosen_simfile(folder: Path) -> tuple[Path, Song]:
    """The simfile of a folder that the game would read, and its song. Raises ChartError, TimingError."""
    chosen = next(iter(simfiles_in(folder)), None)
    if chosen is None:
        raise ChartError(f"{folder}: holds no .ssc and no .sm file")
    song = read_song(chosen)
    check_timings(song, chosen)
    return chosen, song


def _audio_hash(music: Path | None) -> str:
    try:
        return sound_hash(music) if music is not None else ""
    except AudioError:
        return ""


@contextmanager
def named_in(folder: Path, name: str = "") -> Iterator[None]:
    """Errors raised in here name a file by what it is called for people, not by where it lies with us."""
    try:
        yield
    except CharterError as error:
        said = str(error).replace(f"{folder}/", "").replace(str(folder), name or "the song's folder")
        if said == str(error):
            raise
        raise type(error)(said) from error
