"""A song that has a simfile: it is kept, byte for byte, and gets the charts, pictures and formats that it lacks."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charter.audio.loudness import AudibleSpan
from charter.audio.music import read_tags, write_music
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.batch.additions import Additions
from charter.batch.job import Job, Settings
from charter.batch.pictures import draw_pictures
from charter.errors import ChartError
from charter.files import make_folder, whole_file, write_bytes
from charter.generate import Generated, Models, generate
from charter.notation import Song
from charter.preview.sound import write_chip_sound
from charter.song_folder import remarks_of, tune_name, with_pictures
from charter.song_record import record
from charter.tempo.bias import sync_bias
from export.art.look import Role
from export.formats import save_format
from export.names import safe_name, with_ending
from export.stepmania.companions import Companions, companions
from export.stepmania.convert import converted
from export.stepmania.read import file_content, parse_song, read_song

_PLAYED = (".mp3", ".wav")  # what the games play besides Ogg Vorbis
_SIMFILES = ("ssc", "sm")


def chart_existing(
    job: Job, settings: Settings, models: Models, features: SongAudio, envelope: NDArray[np.float32], draft: Path
) -> dict[str, Any]:
    """Write a song's files into ``draft``; its record. Raises CharterError as `generate` and `with_charts`.

    envelope: of the song's audio, as `charter.tempo.envelope.onset_envelope` gives it, (milliseconds,)
    """
    path = job.source.simfiles[0]
    data = file_content(path)
    song = parse_song(data, path)
    generated = _generated(job, settings, models, features, envelope, song)
    beside = companions(path.parent, data, path)
    _copy(beside, draft)
    music = _write_music(job.source.music, path.parent, draft)
    look = with_pictures(replace(song, music=music), {role: beside.art.get(role.name, "") for role in Role})
    lacking = [role for role in Role if role.name not in beside.art]
    mel = features.mel(models.placement.net.config.audio)
    stem = safe_name(path.stem)
    look = draw_pictures(draft, stem, look, mel, job.source.cover or read_tags(job.source.music).cover, lacking)
    if generated.tune:
        look = replace(look, preview_music=tune_name(stem))
        write_chip_sound(draft / look.preview_music, generated.tune)
    additions = Additions(generated, look, frozenset(generated.request.difficulties if settings.replace else ()))
    notes = _write_simfiles(draft, job.source.simfiles, additions, settings.formats)
    whole = read_song(draft / path.name)
    for name in settings.formats:
        if name not in _SIMFILES:
            try:
                save_format(name, whole, draft, stem=stem, duration=generated.duration)
            except ChartError as error:
                notes.append(f"no .{name}: {error}")
    if settings.request.preview and not generated.tune:
        notes.append("no chip tune, for nothing was charted")
    kept = [chart.difficulty.label for chart in additions.kept(song) if chart.difficulty is not None]
    made = record(generated, whole) | {"kept": kept, "notes": remarks_of(generated, generated.song, {}) + notes}
    if generated.request.measured_bias is None:
        made["timing_doubt"] = "no sound stands out around the beats of its simfile"
    return made


def _write_simfiles(draft: Path, simfiles: Sequence[Path], additions: Additions, formats: Sequence[str]) -> list[str]:
    """Write the song's simfiles, in each format the first that lies there, and those that are wanted; what to tell.

    Raises ChartError where the one that the game reads cannot have what is added.
    """
    first, *others = simfiles
    written = additions.to(file_content(first), first)
    write_bytes(draft / first.name, written)
    there = {first.suffix.lower()}
    notes: list[str] = []
    for path in others:
        suffix = path.suffix.lower()
        if suffix in there:
            notes.append(f"{path.name} is left out, for the game reads another before it")
            continue
        there.add(suffix)
        try:
            write_bytes(draft / path.name, additions.to(file_content(path), path))
        except ChartError as error:
            write_bytes(draft / path.name, file_content(path))
            notes.append(f"{path.name} is as it was: {_reason(error, path)}")
    for name in _SIMFILES:
        if name in formats and f".{name}" not in there:
            try:
                made = first.with_name(with_ending(first.stem, f".{name}"))
                write_bytes(draft / made.name, additions.named(converted(written, first, made.suffix), made))
            except ChartError as error:
                notes.append(f"no .{name}: {_reason(error, first)}")
    return notes


def _reason(error: ChartError, path: Path) -> str:
    return str(error).removeprefix(f"{path}: ")


def _copy(beside: Companions, draft: Path) -> None:
    for name, path in beside.files.items():
        make_folder((draft / name).parent)
        with whole_file(draft / name) as copy:
            shutil.copyfile(path, copy)


def _write_music(music: Path, folder: Path, draft: Path) -> str:
    """The music as the game can play it; its name below the song's folder, where it stays if it lies there.

    What is played as it is stays so: the timing was made for it.
    """
    inside = music.relative_to(folder) if music.is_relative_to(folder) else Path(music.name)
    make_folder((draft / inside).parent)
    if music.suffix.lower() in _PLAYED:
        with whole_file(draft / inside) as copy:
            shutil.copyfile(music, copy)
        return inside.as_posix()
    name = inside.with_name(with_ending(music.stem, ".ogg"))
    if (draft / name).exists():  # another sound of the song, such as its preview
        name = inside.with_name(with_ending(music.stem, " (music).ogg"))
    write_music(music, draft / name)
    return name.as_posix()


def _generated(
    job: Job, settings: Settings, models: Models, features: SongAudio, envelope: NDArray[np.float32], song: Song
) -> Generated:
    """The charts that the song lacks, of all that are wanted, on its own timing; none is a Generated without charts."""
    asked = settings.request
    have = set() if settings.replace else {chart.difficulty for chart in song.charts}
    wanted = tuple(level for level in asked.difficulties if level not in have)
    # A person's steps may stand a few milliseconds off the sound, an MP3's up to 50: the networks want them at it.
    bias = sync_bias(envelope, song.timing).milliseconds
    request = replace(
        asked,
        difficulties=wanted or asked.difficulties,
        meters={level: meter for level, meter in asked.meters.items() if level in wanted},
        densities={level: density for level, density in asked.densities.items() if level in wanted},
        timing=song.timing,
        tempos=None,
        measured_bias=None if bias is None else bias / 1000,
        title=song.title,
        artist=song.artist,
    )
    if wanted:
        return generate(job.source.music, request, models, features)
    duration = features.audio(AudioSpec()).duration
    whole = AudibleSpan(0.0, duration)
    return Generated(replace(song, charts=()), job.audio_hash, duration, whole, request, None, None, {})
