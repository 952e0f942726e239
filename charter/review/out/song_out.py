"""A reviewed song's folder in a pack."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charter import __version__
from charter.errors import ChartError
from charter.files import make_folder, whole_file, write_bytes, write_text
from charter.review.data_folder import HEARING
from charter.review.document.verdicts import ACCEPTED
from charter.review.out.naming import Naming, naming_of, renamed_simfiles, write_record
from charter.review.out.simfile import Simfiles, reviewed_simfiles
from charter.song_draft import is_simfile
from export.formats import save_format
from export.stepmania.music import find_music

REVIEW_NAME = "review.json"
_MADE = {".osz": "osz", ".qua": "qua", ".mid": "mid"}  # other games' files, which say what the simfile says


@dataclass(frozen=True)
class SongOut:
    """What was written. charts: how many; told: what a person should know, one line each."""

    charts: int
    told: tuple[str, ...]


def write_song_folder(source: Path, folder: Path, values: Mapping[str, Any], *, is_final: bool = True) -> SongOut:
    """Write a song's folder for a pack: its files, with the accepted charts and no others.

    source: the song's folder in the review; folder: is made
    values: of the song, as `charter.review.store.exported` gives them
    is_final: whether files are called by the song's title of now, and pictures with its title on them drawn anew, which
    takes seconds
    Files of other games are made anew where the simfile changed. Raises CharterError.
    """
    naming = naming_of(source, values) if is_final else Naming()
    simfiles = renamed_simfiles(reviewed_simfiles(source, values), naming)
    make_folder(folder)
    told = list(simfiles.told)
    stale: dict[str, Path] = {}
    for path in _files(source):
        name = path.relative_to(source).as_posix()
        if is_simfile(name) or name == REVIEW_NAME:
            continue
        if simfiles.is_touched and path.suffix.lower() in _MADE:
            stale.setdefault(_MADE[path.suffix.lower()], path)
            continue
        make_folder((folder / name).parent)
        _place(path, folder / naming.named(name))
    for name, data in simfiles.files.items():
        write_bytes(folder / name, data)
    if naming.drawn:  # before the files that carry them
        from charter.review.out.pictures import draw_anew  # noqa: PLC0415  # the server itself decodes no audio

        told += draw_anew(source, folder, simfiles.song, naming)
    write_record(folder, naming)
    told += _made_anew(stale, folder, simfiles, values["duration"], naming)
    if find_music(folder, simfiles.song.music) is None:
        told.append(f"its music {simfiles.song.music!r} is missing")
    write_text(folder / REVIEW_NAME, json.dumps(_review(values, simfiles), ensure_ascii=False, indent=1) + "\n")
    return SongOut(len(simfiles.song.charts), tuple(told))


def _files(source: Path) -> Iterator[Path]:
    """The files of a song, those for the player and hidden ones apart; what is linked is none of them."""
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(
            name for name in folders if name[0] != "." and not (Path(folder) == source and name == HEARING)
        )
        for name in sorted(names):
            path = Path(folder, name)
            if name[0] != "." and path.is_file() and not path.is_symlink():
                yield path


def _place(source: Path, target: Path) -> None:
    """A file in a second place: linked where the disk can do that, for it is only read. Raises OutputError."""
    try:
        os.link(source, target)
    except OSError:
        with whole_file(target) as copy:
            shutil.copyfile(source, copy)


def _made_anew(
    stale: Mapping[str, Path], folder: Path, simfiles: Simfiles, duration: float | None, naming: Naming
) -> Iterator[str]:
    """Write the files of other games again; what to tell of those that cannot be."""
    for name, path in stale.items():
        stem = Path(naming.named(path.name)).stem if name != "qua" else Path(next(iter(simfiles.files))).stem
        try:
            save_format(name, simfiles.song, folder, stem=stem, duration=duration)
        except ChartError as error:
            yield f"no .{name}: {error}"


def _review(values: Mapping[str, Any], simfiles: Simfiles) -> dict[str, Any]:
    """What those who learn from the pack have to know; a pack goes out to players, so no names."""
    accepted = [chart for chart in values["charts"] if chart["status"] == ACCEPTED]
    return {
        "charter": __version__,
        "audio_hash": values["audio_hash"],
        "weights": values["weights"],
        "charts": [
            {"slot": chart["slot"], "meter": chart["meter"], "version": chart["version"], "accepted": chart["accepted"]}
            for chart in accepted
        ],
    }
