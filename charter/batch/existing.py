"""A song that has a simfile: it is kept, byte for byte, and gets the charts, pictures and formats that it lacks."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from charter.audio.loudness import AudibleSpan
from charter.audio.music import read_tags, write_music
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.batch.job import Job, Settings
from charter.batch.pictures import draw_pictures, with_pictures
from charter.errors import ChartError
from charter.files import make_folder, whole_file, write_bytes
from charter.generate import Generated, Models, generate
from charter.notation import Difficulty, Song
from charter.preview.sound import write_chip_sound
from charter.song_folder import notes_of, tune_name
from charter.song_record import record
from charter.tempo.bias import sync_bias
from charter.tempo.envelope import onset_envelope
from export.art.look import Role
from export.formats import save_format
from export.names import safe_name, with_ending
from export.stepmania.companions import Companions, companions
from export.stepmania.convert import converted
from export.stepmania.extend import with_charts
from export.stepmania.read import file_content, parse_song, read_song
from export.stepmania.song_tag import with_song_tag

_PLAYED = (".mp3", ".wav")  # what the games play besides Ogg Vorbis
_SIMFILES = ("ssc", "sm")


def chart_existing(job: Job, settings: Settings, models: Models, features: SongAudio, draft: Path) -> dict[str, Any]:
    """Write a song's files into ``draft``; its record. Raises CharterError as `generate` and `with_charts`."""
    path = job.source.simfiles[0]
    data = file_content(path)
    song = parse_song(data, path)
    generated = _generated(job, settings, models, features, song)
    beside = companions(path.parent, data, path)
    _copy(beside, draft)
    music = _write_music(job.source.music, draft)
    look = with_pictures(replace(song, music=music), {role: beside.art.get(role.name, "") for role in Role})
    lacking = [role for role in Role if role.name not in beside.art]
    mel = features.mel(models.placement.net.config.audio)
    stem = safe_name(path.stem)
    look = draw_pictures(draft, stem, look, mel, job.source.cover or read_tags(job.source.music).cover, lacking)
    if generated.tune:
        look = replace(look, preview_music=tune_name(stem))
        write_chip_sound(draft / look.preview_music, generated.tune)
    replaced = frozenset(generated.request.difficulties if settings.replace else ())
    left_out: dict[str, str] = {}
    for name, content in _simfiles(job, settings, _Additions(generated, look, replaced), left_out):
        write_bytes(draft / name, content)
    whole = read_song(draft / path.name)
    for name in settings.formats:
        if name not in _SIMFILES:
            try:
                save_format(name, whole, draft, stem=stem, duration=generated.duration)
            except ChartError as error:
                left_out[name] = str(error)
    kept = [chart.difficulty.label for chart in song.charts if chart.difficulty and chart.difficulty not in replaced]
    return {**record(generated, whole), "kept": kept, "notes": notes_of(generated, generated.song, left_out)}


@dataclass(frozen=True, eq=False)
class _Additions:
    """What is added to a simfile: charts, and the names of files; charts of some difficulties go first."""

    generated: Generated
    look: Song
    replaced: frozenset[Difficulty]

    def to(self, data: bytes, path: Path) -> bytes:
        """The content of a simfile with them. Raises ChartError."""
        song = parse_song(data, path)
        have = {chart.difficulty for chart in song.charts} - self.replaced
        new = [chart for chart in self.generated.song.charts if chart.difficulty not in have]
        gone = self.replaced if new else ()
        data = with_charts(data, path, song, new, replaced=gone, duration=self.generated.duration)
        for tag, value, only_empty in self._tags(path, song):
            data = with_song_tag(data, tag, value, only_empty=only_empty)
        return data

    def _tags(self, path: Path, song: Song) -> Iterator[tuple[str, str, bool]]:
        """Tags with their values, and whether what the file says goes before."""
        if song.music != self.look.music:
            yield "MUSIC", self.look.music, False
        is_ssc = path.suffix.lower() == ".ssc"
        for role in Role:
            value = getattr(self.look, role.value)
            if getattr(song, role.value) != value and (is_ssc or role is not Role.JACKET):
                yield role.name, value, False
        if is_ssc and self.look.preview_music:
            yield "PREVIEW", self.look.preview_music, True
        passage = self.generated.song.preview
        if passage and song.preview is None:
            # Each comes to stand right behind #MUSIC, so the first of them last.
            yield "SAMPLELENGTH", f"{passage.length:.6f}", True
            yield "SAMPLESTART", f"{passage.start:.6f}", True


def _simfiles(
    job: Job, settings: Settings, additions: _Additions, left_out: dict[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The simfiles of the song by name, the one that the game reads first; in each format the first that lies there."""
    first, *others = job.source.simfiles
    written = additions.to(file_content(first), first)
    yield first.name, written
    there = {first.suffix.lower()}
    for path in others:
        suffix = path.suffix.lower()
        if suffix in there:  # the game would not read it
            left_out[path.name] = f"{first.name} is read before it"
            continue
        there.add(suffix)
        try:
            yield path.name, additions.to(file_content(path), path)
        except ChartError as error:
            left_out[path.name] = str(error)
    for name in _SIMFILES:
        if name in settings.formats and f".{name}" not in there:
            try:
                yield with_ending(first.stem, f".{name}"), converted(written, first, f".{name}")
            except ChartError as error:
                left_out[name] = str(error)


def _copy(beside: Companions, draft: Path) -> None:
    for name, path in beside.files.items():
        make_folder((draft / name).parent)
        with whole_file(draft / name) as copy:
            shutil.copyfile(path, copy)


def _write_music(music: Path, draft: Path) -> str:
    """The music as the game can play it; its name. What is played as it is stays so: the timing was made for it."""
    if music.suffix.lower() in _PLAYED:
        with whole_file(draft / music.name) as copy:
            shutil.copyfile(music, copy)
        return music.name
    name = with_ending(safe_name(music.stem), ".ogg")
    write_music(music, draft / name)
    return name


def _generated(job: Job, settings: Settings, models: Models, features: SongAudio, song: Song) -> Generated:
    """The charts that the song lacks, of all that are wanted, on its own timing; none is a Generated without charts."""
    asked = settings.request
    have = set() if settings.replace else {chart.difficulty for chart in song.charts}
    wanted = tuple(level for level in asked.difficulties if level not in have)
    audio = features.audio(AudioSpec())
    # A person's steps may stand a few milliseconds off the sound, an MP3's up to 50: the networks want them at it.
    bias = sync_bias(onset_envelope(audio), song.timing).milliseconds
    request = replace(
        asked,
        difficulties=wanted or asked.difficulties,
        meters={level: meter for level, meter in asked.meters.items() if level in wanted},
        densities={level: density for level, density in asked.densities.items() if level in wanted},
        timing=song.timing,
        tempos=None,
        measured_bias=(bias or 0.0) / 1000,
        title=song.title,
        artist=song.artist,
    )
    if wanted:
        return generate(job.source.music, request, models, features)
    whole = AudibleSpan(0.0, audio.duration)
    return Generated(replace(song, charts=()), job.audio_hash, audio.duration, whole, request, None, None, {})
