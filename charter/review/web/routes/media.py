"""What is heard and seen of a song: its sounds, what the player draws of them, its picture."""

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from fastapi import APIRouter, Request, Response

from charter.review.data_folder import HEARING, song_folder
from charter.review.errors import NotFound
from charter.review.store.rows import row_of
from charter.review.store.tables import Song
from charter.review.web.context import Review, TheReview
from charter.review.web.covers import PICTURES, cover
from charter.review.web.openapi import Responses, ranges
from charter.review.web.routes.values import Id
from charter.review.web.sent_file import SentFile

router = APIRouter(prefix="/api")

# The files that the player asks for.
_SOUNDS = {
    "listen.ogg": "audio/ogg",
    "chip.ogg": "audio/ogg",
    "peaks.bin": "application/octet-stream",
    "bands.bin": "application/octet-stream",
    "onsets.bin": "application/octet-stream",
}


def _answers(types: Mapping[str, str]) -> Responses:
    """What `_file` answers, of some media types by names or endings."""
    return {**ranges(set(types.values())), 304: {"description": "The asker has it"}}


@router.get("/songs/{song}/sound/{name}", response_class=Response, responses=_answers(_SOUNDS))
def _sound(song: Id, name: str, request: Request, review: TheReview) -> Response:
    if name not in _SOUNDS:
        raise NotFound("a song has no sound of that name")
    return _file(_folder(review, song) / HEARING / name, _SOUNDS[name], request)


@router.get("/songs/{song}/cover", response_class=Response, responses=_answers(PICTURES))
def _cover(song: Id, request: Request, review: TheReview) -> Response:
    found = cover(_folder(review, song))
    if found is None:
        raise NotFound("this song has no picture")
    return _file(*found, request)


def _folder(review: Review, song_id: int) -> Path:
    with review.database.read() as session:
        return song_folder(review.data, row_of(session, Song, song_id).key)


def _file(path: Path, media_type: str, request: Request) -> Response:
    """A file, or a range of it; nothing where the asker has it. Raises NotFound."""
    try:
        said = os.stat(path, follow_symlinks=False)
    except OSError:
        said = None
    if said is None or not stat.S_ISREG(said.st_mode):
        raise NotFound("this song has no such file yet")
    tag = f'"{hashlib.sha256(f"{said.st_ino} {said.st_mtime_ns} {said.st_size}".encode()).hexdigest()[:24]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return SentFile(path, headers=headers, media_type=media_type, stat_result=said)
