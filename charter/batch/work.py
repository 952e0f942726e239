"""What a worker does with one song: chart it, put its folder in the pack, and report."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import torch

from charter.audio.loudness import audible_span
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.batch.described import described
from charter.batch.existing import chart_existing
from charter.batch.finished import status_of
from charter.batch.fresh import chart_fresh
from charter.batch.job import Job, Settings
from charter.batch.row import Row, Status
from charter.check.sync import HeardMusic
from charter.generate import Models
from charter.song_draft import drafted, publish
from charter.tempo.envelope import onset_envelope


def worker(settings: Settings) -> Callable[[Job], Row]:
    """What charts the songs of a batch in this process, its networks loaded. Raises WeightsError."""
    torch.set_num_threads(1)  # as many processes as cores share the machine
    return partial(chart_song, settings=settings, models=Models.load(*settings.weights))


def chart_song(job: Job, settings: Settings, models: Models) -> Row:
    """Chart a song into its folder of the pack, unless it is finished there; its row. Raises CharterError.

    The folder is put in place whole and its content depends on the job alone: what was done twice, by a retry or by two
    machines, is there once.
    """
    started = time.perf_counter()
    row = _row(job, settings, models)
    return replace(row, seconds=round(time.perf_counter() - started, 2)) if row.status is Status.CHARTED else row


def _row(job: Job, settings: Settings, models: Models) -> Row:
    folder, source, rules = settings.pack / job.name, job.source.name_in(settings.folder), settings.request.rules
    done = status_of(folder, job)
    if done is not None:
        return replace(described(folder, source, rules), status=done)
    features = SongAudio(job.source.music)
    envelope = onset_envelope(features.audio(AudioSpec()))
    with drafted(settings.pack) as draft:
        if job.source.simfiles:
            made = chart_existing(job, settings, models, features, envelope, draft)
        else:
            made = chart_fresh(job, settings, models, features, draft)
        publish(draft, folder, {**made, "key": job.key})
    span = audible_span(features.audio(AudioSpec()))
    return described(folder, source, rules, HeardMusic(envelope, span=span))
