"""What was accepted of a run, as a pack for a `Songs` folder."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from charter.batch.pack import write_group_banner, write_pack_ini, write_zip
from charter.errors import CharterError, RequestError
from charter.files import make_folder, write_bytes
from charter.review.data_folder import draft_folder, list_path, pack_path, song_folder
from charter.review.document import song_states
from charter.review.document.verdicts import ACCEPTED, OPEN
from charter.review.out.song_out import write_song_folder
from export.names import folded, numbered, safe_name
from export.stepmania.companions import PICTURE_SUFFIXES
from export.stepmania.music import AUDIO_SUFFIXES

_NUMBERED = re.compile(r" \(\d+\)$")  # of a second song of a title
_HEX = re.compile(r"[0-9a-f]{32}")
_RESERVED = ("pack.ini", "banner.png")  # of the pack itself


def export_pack(request: dict[str, Any], data: Path, tell: Callable[[float, str], None]) -> dict[str, Any]:
    """Write ``<data>/exports/<file>.zip``; what is in it, as the job's result.

    request: ``{"file": 32 hex digits, "name": of the pack, "source": folder or "", "sync": "null" or "itg", "url": of
    the zip}``; its songs lie in ``<data>/exports/<file>.songs.jsonl``, one a line, as `charter.review.store.exported`
    gives them. The file is gone when all went well
    tell: is called with the share that is done, 0 to 1, and what is being done
    Result: ``{"file", "name": "….zip", "url", "songs": n, "charts": n, "left_out": [one line each], "told": [one line
    each]}``. A song that cannot be written is left out and told of. Raises RequestError, OutputError.
    """
    file = str(request["file"])
    if not _HEX.fullmatch(file):
        raise RequestError("an export's file is named by 32 hex digits")
    work = draft_folder(data, file)
    shutil.rmtree(work, ignore_errors=True)  # of a try that was cut off
    pack = work / safe_name(request["name"])
    make_folder(pack)
    try:
        return _written(request, data, pack, tell)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def song_zip(song: Mapping[str, Any], data: Path, work: Path) -> Path:
    """One song as a zip file below ``work``, which the caller removes; the file's path.

    song: as `charter.review.store.exported.working_copy` gives it. Raises CharterError.
    """
    name = safe_name(_wished_name(song, _title(song)))
    source = song_folder(data, song["key"])
    try:
        write_song_folder(source, work / name / name, song, is_final=False)
    except CharterError as error:
        raise type(error)(str(error).replace(f"{source}/", "")) from error
    return write_zip(work / name)


def _written(request: Mapping[str, Any], data: Path, pack: Path, tell: Callable[[float, str], None]) -> dict[str, Any]:
    listed = list_path(data, request["file"])
    left_out: list[str] = []
    told: list[str] = []
    used = set(_RESERVED)
    songs = charts = 0
    total = _count(listed)
    for number, song in enumerate(_songs(listed)):
        title = _title(song)
        tell(number / max(total, 1) * 0.9, title)
        left_out += _left_out(song, title)
        if not any(chart["status"] == ACCEPTED for chart in song["charts"]):
            continue
        wish = safe_name(_wished_name(song, title))
        name = next(name for name in numbered(wish) if folded(name) not in used)
        source = song_folder(data, song["key"])
        try:
            out = write_song_folder(source, pack / name, song)
        except CharterError as error:
            shutil.rmtree(pack / name, ignore_errors=True)
            left_out.append(f"{title}: {str(error).replace(f'{source}/', '')}")
            continue
        used.add(folded(name))
        songs, charts = songs + 1, charts + out.charts
        told += [f"{title}: {line}" for line in out.told]
    if not songs:
        raise RequestError("; ".join(["nothing can be exported", *left_out[:3]]))
    tell(0.9, "zip")
    told += _dressed(pack, Path(request["source"]) if request["source"] else None, request["sync"])
    os.replace(write_zip(pack), pack_path(data, request["file"]))
    listed.unlink(missing_ok=True)
    return {
        "file": request["file"],
        "name": f"{pack.name}.zip",
        "url": request["url"],
        "songs": songs,
        "charts": charts,
        "left_out": left_out,
        "told": told,
    }


def _count(listed: Path) -> int:
    try:
        with listed.open("rb") as lines:
            return sum(1 for _ in lines)
    except OSError as error:
        raise RequestError(f"the list of what to export is gone ({error.strerror or error}); export again") from error


def _songs(listed: Path) -> Iterator[dict[str, Any]]:
    with listed.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _left_out(song: Mapping[str, Any], title: str) -> Iterator[str]:
    """What of a song is not exported, one line each."""
    if song["state"] != song_states.READY:
        yield f"{title}: is {song['state']}"
    for chart in song["charts"]:
        if chart["status"] != ACCEPTED:
            yield f"{title}, {chart['slot']}: {_WORDS.get(chart['status'], chart['status'])}"


_WORDS = {OPEN: "not decided on"}  # else what a chart's status says


def _title(song: Mapping[str, Any]) -> str:
    """What a song is called where it is told of, never empty."""
    return str(song["fields"].get("title") or song["source"] or "untitled")


def _wished_name(song: Mapping[str, Any], title: str) -> str:
    """A song's folder: as it was called in its pack, unless by the title that it had; else by its title."""
    came_as = Path(song["source"].replace("\\", "/")).name
    if Path(came_as).suffix.lower() in AUDIO_SUFFIXES or not came_as:
        return title
    was = str(song["draft_fields"].get("title", ""))
    return title if title != was and _NUMBERED.sub("", came_as) == safe_name(was) else came_as


def _dressed(pack: Path, source: Path | None, sync: str) -> Iterator[str]:
    """Give a pack its `Pack.ini` and its banner: those of the pack that it came from, or new ones; what to warn of."""
    there = sorted(source.iterdir()) if source is not None and source.is_dir() else []
    for path in there:
        if path.is_file() and (path.name.lower() == "pack.ini" or path.suffix.lower() in PICTURE_SUFFIXES):
            write_bytes(pack / ("Pack.ini" if path.name.lower() == "pack.ini" else path.name), path.read_bytes())
    if not (pack / "Pack.ini").exists():
        yield from filter(None, [write_pack_ini(pack, sync, source or pack)])
    yield from filter(None, [write_group_banner(pack)])
