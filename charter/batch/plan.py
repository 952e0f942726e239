"""What is to be done: of every song its folder's name, and whether it is done already.

Names and decisions depend on the songs and on what lies finished in the pack, never on which worker was faster: a batch
that was killed and runs again ends with the same pack.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from charter.audio.decode import sound_hash
from charter.audio.music import read_tags
from charter.batch.finished import status_of
from charter.batch.job import Job, Settings
from charter.batch.row import Row, Status
from charter.batch.source import Source
from charter.errors import CharterError
from charter.model.shipped import (
    SHIPPED_BEATS,
    SHIPPED_PLACEMENT,
    SHIPPED_SECTIONS,
    SHIPPED_SYMBOLS,
    fingerprint,
    style_file,
)
from charter.request import WeightsFiles
from charter.song_draft import DRAFTS, file_hash, free_name, names_in, read_record
from charter.song_record import options
from export.names import folded, numbered, safe_name
from export.stepmania.companions import companions
from export.stepmania.read import file_content

_READERS = 4  # threads: they wait for the disk
_RESERVED = ("pack.ini", "banner.png", "report.html", "report.jsonl")  # of the pack itself


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    jobs: songs to chart; done: those finished, or edited since; rows: of those that are neither
    others: folders of ours in the pack that belong to no song of the input
    """

    jobs: tuple[Job, ...]
    done: tuple[tuple[Job, Status], ...]
    rows: tuple[Row, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Seen:
    """A song whose files were read: hashes of its music and of all that its result depends on; its title by tags."""

    source: Source
    audio_hash: str
    content: str
    title: str
    size: int


def make_plan(sources: Sequence[Source], settings: Settings, looked_at: Callable[[], object] = lambda: None) -> Plan:
    """Decide for every source, in their order, what is to be done. Raises WeightsError.

    looked_at: called behind every source, whose files have been read to the end by then
    """
    basis = _basis(settings)
    finished = list(_finished(settings.pack))
    mine = dict(finished)
    there = names_in(settings.pack)
    with ThreadPoolExecutor(_READERS) as readers:
        looks = []
        for look in readers.map(_look, sources):
            looked_at()
            looks.append(look)
    first = _first_of_each_audio(looks)
    jobs: list[Job] = []
    done: list[tuple[Job, Status]] = []
    rows: list[Row] = []
    used = set(_RESERVED)
    names: dict[str, Iterator[str]] = {}  # by wish, those not tried yet: thousands of songs may have one title
    alone = Counter(source.music.parent for source in sources)
    for source, look in zip(sources, looks, strict=True):
        if isinstance(look, str):
            rows.append(Row(source.name_in(settings.folder), Status.FAILED, error=look))
        elif first[look.audio_hash] is not look:
            rows.append(_repeated(look, first[look.audio_hash], settings.folder))
        else:
            wish = safe_name(_wished_name(look, settings.folder, is_alone=alone[source.music.parent] == 1))
            left = names.setdefault(wish, numbered(wish))
            name = mine.get(look.audio_hash) or free_name(left, settings.pack, there, used, look.audio_hash)
            used.add(folded(name))
            job = Job(source, name, look.audio_hash, _digest(basis, look.content), look.size)
            try:
                status = status_of(settings.pack / name, job)
            except OSError as error:
                reason = f"{error.filename or settings.pack / name}: cannot be read ({error.strerror or error})"
                rows.append(job.failure(reason, settings.folder))
                continue
            if status is None:
                jobs.append(job)
            else:
                done.append((job, status))
    others = sorted(name for _, name in finished if folded(name) not in used)
    return Plan(tuple(jobs), tuple(done), tuple(rows), tuple(others))


def _wished_name(look: _Seen, folder: Path, *, is_alone: bool) -> str:
    """What a song's folder should be called: as its simfile's folder, if the song has that for itself, or by title."""
    source = look.source
    if not source.simfiles:
        return look.title or source.music.stem
    home = source.simfiles[0].parent
    return home.resolve().name if is_alone and home.resolve() != folder.resolve() else source.simfiles[0].stem


def _first_of_each_audio(looks: Sequence[_Seen | str]) -> dict[str, _Seen]:
    """Of songs with one audio the first, if any has one, with a simfile: what a person charted goes before."""
    first: dict[str, _Seen] = {}
    for look in looks:
        if isinstance(look, _Seen):
            known = first.get(look.audio_hash)
            if known is None or (look.source.simfiles and not known.source.simfiles):
                first[look.audio_hash] = look
    return first


def _repeated(look: _Seen, other: _Seen, folder: Path) -> Row:
    lost = "; its simfile is not taken over" if look.source.simfiles else ""
    reason = f"the same audio as {other.source.name_in(folder)}{lost}"
    return Row(look.source.name_in(folder), Status.REPEATED, error=reason, audio_hash=look.audio_hash)


def _finished(pack: Path) -> Iterator[tuple[str, str]]:
    """The hash of the audio, and the name, of every song folder of ours in a pack."""
    for folder in sorted((path for path in pack.iterdir() if path.is_dir()), reverse=True):  # of two the first counts
        audio_hash = read_record(folder).get("audio_hash")
        if isinstance(audio_hash, str) and not folder.name.startswith(DRAFTS):
            yield audio_hash, folder.name


def _look(source: Source) -> _Seen | str:
    """A source's hashes and title; or why it cannot be read."""
    try:
        audio_hash, tags, size = sound_hash(source.music), read_tags(source.music), source.music.stat().st_size
        others = [path for path in (*source.simfiles, source.cover) if path is not None]
        about = json.dumps([tags.title, tags.artist, hashlib.sha256(tags.cover).hexdigest()])
        content = _digest(audio_hash, about, *(f"{path.name} {file_hash(path)}" for path in others), *_beside(source))
    except OSError as error:
        return f"{error.filename or source.music}: cannot be read ({error.strerror or error})"
    except CharterError as error:
        return str(error)
    return _Seen(source, audio_hash, content, tags.title, size)


def _beside(source: Source) -> Iterator[str]:
    """Names and sizes of the files that go with a song's simfile, which may be videos. Raises OSError."""
    if source.simfiles:
        first = source.simfiles[0]
        for name, path in companions(first.parent, file_content(first), first).files.items():
            yield f"{name} {path.stat().st_size}"


def _basis(settings: Settings) -> str:
    """All that the results of a run depend on, beside the songs."""
    amount = settings.weights.style_amount
    asked = options(settings.request, (1.0 if amount is None else amount) if settings.weights.symbols else 0.0)
    how = {"seed": settings.request.seed, "formats": settings.formats, "replace": settings.replace, "options": asked}
    return _digest(json.dumps(how, sort_keys=True), *_weights(settings.weights))


def _weights(files: WeightsFiles) -> Iterator[str]:
    for path in (
        files.placement or SHIPPED_PLACEMENT,
        SHIPPED_SYMBOLS,
        files.beats or SHIPPED_BEATS,
        SHIPPED_SECTIONS,
        style_file(files.symbols) if files.symbols else None,
    ):
        yield fingerprint(path) if path else ""


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode(errors="surrogateescape")).hexdigest()[:16]
