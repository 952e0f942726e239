"""What artists accepted in a review, as a corpus to learn from: the songs of an exported pack, and their list.

A song's id is made of its folder's name and its audio, so that it is in the same split however often it is exported.
"""

import json
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import Any

from charter.audio import decode
from charter.audio.decode import sound_hash, stated_duration
from charter.audio.spec import AudioSpec
from charter.errors import AudioError, CharterError, OutputError, RequestError
from charter.files import make_folder, whole_file, write_text
from charter.notation import Chart, Difficulty, Song
from charter.tempo.bias import SURE_CONTRAST, sync_bias
from charter.tempo.envelope import onset_envelope
from datasets.manifest import TRUSTED_CONTRAST, manifest_text, read_manifest
from datasets.sift import row_count, sift
from datasets.songs import split_of, with_valid
from datasets.sources import Source, find_sources
from export.names import safe_name
from export.stepmania import read_song

REVIEW_NAME = "review.json"
SONGS, MANIFEST = "songs", "songs.tsv"
STYLE = "review"
_HASH_DIGITS = 8
_BROKEN_ZIP = (ValueError, LookupError, EOFError, zlib.error, LZMAError)  # beside what zipfile raises on purpose


@dataclass(frozen=True)
class Gathered:
    """What became of a pack. songs: ids; charts: how many; skipped: one line for each song or chart left out."""

    songs: tuple[str, ...]
    charts: int
    skipped: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """A song of the pack. lag: milliseconds from the steps to the sound, and how clearly that was heard."""

    id: str
    source: Source
    audio: Path
    song: Song
    charts: dict[Difficulty, Chart]
    duration: float
    lag: float
    contrast: float


def from_review(pack: Path, out: Path) -> Gathered:
    """Make a corpus of a pack that was exported from a review: ``out/songs`` and its list ``out/songs.tsv``.

    pack: a folder, or its zip file. Charts are those that were accepted and are fit to learn from (see `sift`); the
    Edit slot has no difficulty and is left out. One song in ten, at least one of several, validates. What the folder
    held of an earlier export is replaced. Raises RequestError for what is no such pack, and for a folder that holds
    songs from elsewhere; ChartError for a list that cannot be read; OutputError.
    """
    with _opened(pack) as folder:
        found, skipped = _found(folder)
        if not found:
            raise RequestError("; ".join([f"{pack}: holds no chart that was accepted in a review", *skipped[:3]]))
        wanted = {each.id for each in found}
        old = _earlier(out, wanted)
        make_folder(out / SONGS)
        for each in found:
            _copy(each, out / SONGS / each.id)
        _remove(out / SONGS, old)
        write_text(out / MANIFEST, manifest_text(_rows(found)))
    return Gathered(tuple(each.id for each in found), sum(len(each.charts) for each in found), tuple(skipped))


@contextmanager
def _opened(pack: Path) -> Iterator[Path]:
    """The pack as a folder, a zip file unpacked for as long."""
    if pack.is_dir():
        yield pack
        return
    with tempfile.TemporaryDirectory(prefix="charter-") as place:
        try:
            with zipfile.ZipFile(pack) as file:
                file.extractall(place)  # parts that lead out of the folder are dropped by it
        except (OSError, zipfile.BadZipFile, RuntimeError, *_BROKEN_ZIP) as error:
            raise RequestError(f"{pack}: is no pack, neither a folder nor a zip file ({error})") from error
        yield Path(place)


def _found(folder: Path) -> tuple[list[_Found], list[str]]:
    found: list[_Found] = []
    skipped: list[str] = []
    for source in find_sources(folder)[0]:
        try:
            accepted = _accepted(source.simfile.parent / REVIEW_NAME)
            each, left_out = _read(source, accepted)
        except CharterError as error:
            skipped.append(str(error).replace(f"{folder}/", ""))
            continue
        skipped += [f"{source.id}: {line}" for line in left_out]
        if each is not None and any(each.id == other.id for other in found):
            skipped.append(f"{source.id}: is there twice")
        elif each is not None:
            found.append(each)
    return found, skipped


def _accepted(path: Path) -> set[str]:
    """The slots of the charts that were accepted. Raises RequestError."""
    try:
        review: Any = json.loads(path.read_text(encoding="utf-8"))
        return {str(chart["slot"]) for chart in review["charts"]}
    except FileNotFoundError:
        raise RequestError(f"{path.parent}: comes from no review, for it has no {REVIEW_NAME}") from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise RequestError(f"{path}: cannot be read ({error})") from error


def _read(source: Source, accepted: Collection[str]) -> tuple[_Found | None, list[str]]:
    song = read_song(source.simfile)
    audio = source.music(song.music)
    if audio is None:
        raise RequestError(f"{source.simfile}: its music {song.music!r} is not beside it")
    duration = stated_duration(audio)
    if duration is None:
        raise AudioError(f"{audio}: states no length")
    charts, unfit = sift(song, source.simfile, duration)
    charts = {level: chart for level, chart in charts.items() if level.name.lower() in accepted}
    left_out = [f"{skipped.chart}: {skipped.reason.value} {skipped.detail}".rstrip() for skipped in unfit]
    own = [level for level, chart in charts.items() if chart.timing not in (None, song.timing)]
    left_out += [f"{level.label}: has a timing of its own" for level in own]
    charts = {level: chart for level, chart in charts.items() if level not in own}
    if not charts:
        return None, left_out
    bias = sync_bias(onset_envelope(decode(audio, AudioSpec().sample_rate)), song.timing)
    told = bias.milliseconds is not None and bias.contrast >= SURE_CONTRAST
    name = unicodedata.normalize("NFC", safe_name(source.simfile.parent.name, max_bytes=100))
    song_id = f"{name}-{sound_hash(audio)[:_HASH_DIGITS]}"
    lag, contrast = (bias.milliseconds or 0.0, TRUSTED_CONTRAST) if told else (0.0, 0.0)
    return _Found(song_id, source, audio, song, charts, duration, lag, contrast), left_out


def _copy(found: _Found, folder: Path) -> None:
    make_folder(folder)
    wanted = {found.source.simfile.name: found.source.simfile, found.audio.name: found.audio}
    for name, path in wanted.items():
        with whole_file(folder / name) as copy:
            shutil.copyfile(path, copy)
    for path in folder.iterdir():
        if path.name not in wanted and path.is_file():
            path.unlink()


def _earlier(out: Path, wanted: Collection[str]) -> list[str]:
    """Songs of an earlier export that are to go. Raises RequestError where ``out`` holds what no export put there."""
    entries = read_manifest(out / MANIFEST) if (out / MANIFEST).exists() else []
    listed = {entry.id for entry in entries if entry.style == STYLE}
    there = {path.name for path in (out / SONGS).iterdir()} if (out / SONGS).is_dir() else set()
    strange = sorted({entry.id for entry in entries} - listed) or sorted(there - listed - set(wanted))
    if strange:
        raise RequestError(
            f"{out}: holds {strange[0]}, which came from no review; give a folder of its own, to be replaced"
        )
    return sorted(there - set(wanted))


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Remove songs. Raises OutputError."""
    for path in (folder / name for name in names):
        try:
            shutil.rmtree(path)
        except OSError as error:
            raise OutputError(f"{path}: cannot be removed ({error.strerror or error})") from error


def _rows(found: Sequence[_Found]) -> Iterable[dict[str, str]]:
    splits = {each.id: split_of(each.id, {}) for each in found}
    splits = with_valid(splits, splits)
    for each in found:
        yield {
            "id": each.id,
            "split": splits[each.id],
            "title": each.song.title,
            "artist": each.song.artist,
            "charts": " ".join(
                f"{level.label}:{chart.meter}:{row_count(chart)}" for level, chart in sorted(each.charts.items())
            ),
            "duration_s": f"{each.duration:.2f}",
            "sync_lag_ms": f"{each.lag:.1f}",
            "sync_contrast": f"{each.contrast:.2f}",
            "style": STYLE,
        }
