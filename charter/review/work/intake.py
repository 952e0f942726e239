"""An upload becomes a song: checked, charted as `charter batch` charts a fresh one, and made ready for the player."""

from pathlib import Path, PurePosixPath
from typing import Any

from charter.audio.decode import sound_hash
from charter.audio.music import read_tags
from charter.audio.song_audio import SongAudio
from charter.batch.fresh import chart_fresh
from charter.batch.job import Job, Settings
from charter.batch.source import Source
from charter.errors import AudioError
from charter.files import write_bytes
from charter.memory import release_memory
from charter.processes.worker import Tell
from charter.request import WeightsFiles
from charter.review.data_folder import song_folder, songs_folder, upload_path, uploads_folder
from charter.review.out.naming import COVER
from charter.review.work.folders import put_in_place
from charter.review.work.models import models
from charter.review.work.reading import named_in, read_folder
from charter.review.work.upload import check_upload
from charter.review.work.wanted import request_of
from charter.song_draft import drafted
from export.names import safe_name

_CHARTED = 0.85  # of the work, when the charts are there


def intake(request: dict[str, Any], data: Path, tell: Tell) -> dict[str, Any]:
    """``{key, upload, name, wanted}`` -> as `read_folder`, the song's files in ``songs/<key>``.

    upload: the file below ``uploads``; name: what it was called; wanted: as `request_of` has it
    An upload that is no song is removed. Raises AudioError, TimingError, RequestError, WeightsError or OutputError that
    names the file as it was called.
    """
    upload = upload_path(data, request["upload"])
    with named_in(upload, request["name"]):
        release_memory()
        tell(0.02, "decoding")
        _check(upload)
        tags = read_tags(upload)
        title = tags.title or _stem(request["name"])
        asked = request_of(request["wanted"], title)
        networks = models()
        song = SongAudio(upload)
        with drafted(songs_folder(data), request["key"]) as draft:
            settings = Settings(uploads_folder(data), songs_folder(data), asked, WeightsFiles())
            job = Job(Source(upload), safe_name(title), sound_hash(upload), "")
            record = chart_fresh(
                job, settings, networks, song, draft, lambda share, stage: tell(_CHARTED * share, stage)
            )
            tell(_CHARTED, "preparing the player")
            read = read_folder(draft, song)
            if tags.cover:  # for pictures that are drawn when the title changed: the upload is gone by then
                write_bytes(draft / COVER, tags.cover)
            tell(0.98, "writing")
            put_in_place(draft, song_folder(data, request["key"]), record)
        told = [*record["notes"], *read["told"], *_doubt(record)]
        return {**read, "audio_hash": record["audio_hash"], "weights": record["weights"], "told": told}


def _check(upload: Path) -> None:
    if not upload.is_file():
        raise AudioError(f"{upload}: is no longer here; drop it on the page again")
    try:
        check_upload(upload)
    except AudioError:
        upload.unlink(missing_ok=True)
        raise


def _stem(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).stem


def _doubt(record: dict[str, Any]) -> list[str]:
    return [record["timing_doubt"]] if record.get("timing_doubt") else []
