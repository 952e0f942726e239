"""A song that is audio and no more: music, charts and pictures into its folder."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from charter.audio.music import read_tags
from charter.audio.song_audio import SongAudio
from charter.batch.job import Job, Settings
from charter.batch.pictures import draw_pictures
from charter.generate import Models, generate
from charter.song_folder import remarks_of, write_song
from charter.song_record import record


def chart_fresh(
    job: Job,
    settings: Settings,
    models: Models,
    features: SongAudio,
    draft: Path,
    tell: Callable[[float, str], None] = lambda share, stage: None,
) -> dict[str, Any]:
    """Write a song's files into ``draft``; its record. Raises CharterError as `generate` and `write_song`.

    tell: as `generate` has it
    """
    source = job.source.music
    generated = generate(source, settings.request, models, features, tell)
    mel = features.mel(models.placement.net.config.audio)
    song = draw_pictures(draft, job.name, generated.song, mel, job.source.cover or read_tags(source).cover)
    generated = replace(generated, song=song)
    song, left_out = write_song(draft, job.name, generated, source, settings.formats)
    return {**record(generated, song), "notes": remarks_of(generated, song, left_out)}
