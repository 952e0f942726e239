"""What a song's files are called and look like after its title or artist was changed.

charter names a song's files by its title, and draws its pictures with title and artist on them. Files that came from a
person keep their names and their looks.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from charter.files import write_text
from charter.review.data_folder import HEARING
from charter.review.out.simfile import Simfiles
from charter.song_draft import RECORD_NAME, file_hash, is_simfile, read_record
from export.art.look import Role, art_name
from export.names import folded, safe_name
from export.stepmania.read import parse_song
from export.stepmania.song_tag import with_song_tag

COVER = Path(HEARING, "cover")  # the picture in the file that was uploaded, beside what the player needs
_TAGS = {
    "MUSIC": "music",
    "PREVIEW": "preview_music",
    "BANNER": "banner",
    "BACKGROUND": "background",
    "JACKET": "jacket",
}
_ONLY_SSC = ("PREVIEW", "JACKET")


@dataclass(frozen=True)
class Naming:
    """What is to be done. names: of files, from what they were to what they are; stem: theirs; drawn: to draw anew"""

    stem: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    drawn: tuple[Role, ...] = ()

    def named(self, name: str) -> str:
        """A file's name now."""
        return self.names.get(name, name)


def naming_of(source: Path, values: Mapping[str, Any]) -> Naming:
    """What a song's folder needs; nothing where charter did not write it, or title and artist are as they were.

    source: the folder; values: as `charter.review.store.exported` gives them
    """
    fields, before = values["fields"], values["draft_fields"]
    record = read_record(source)
    hashes = record.get("hashes") or {}
    stems = [Path(name).stem for name in hashes if is_simfile(name)]
    # One whose timing was given came with a simfile: its files are a person's, and their names say what they like.
    is_ours = (record.get("options") or {}).get("timing") == "found"
    said = [each.get(name, "") for each in (fields, before) for name in ("title", "artist")]
    if not stems or not is_ours or said[:2] == said[2:]:
        return Naming()
    old = stems[0]
    ours = {name for name in hashes if (source / name).is_file() and "/" not in name and _is_ours(source, name, hashes)}
    drawn = tuple(role for role in Role if art_name(old, role) in ours)
    stem = safe_name(fields["title"]) if said[0] != said[2] else old
    names = {name: stem + name.removeprefix(old) for name in ours if name.startswith(old)}
    others = {folded(path.name) for path in source.iterdir()} - set(map(folded, names))
    if any(folded(name) in others for name in names.values()):
        return Naming(old, {}, drawn)
    return Naming(stem, names, drawn)


def _is_ours(source: Path, name: str, hashes: Mapping[str, str]) -> bool:
    return is_simfile(name) or file_hash(source / name) == hashes[name]


def renamed_simfiles(simfiles: Simfiles, naming: Naming) -> Simfiles:
    """The simfiles under their names of now, and with those of the files beside them. Raises ChartError."""
    if all(old == new for old, new in naming.names.items()):
        return simfiles
    files = {}
    for name, data in simfiles.files.items():
        written = data
        song = parse_song(data, Path(name))
        for tag, attribute in _TAGS.items():
            value = getattr(song, attribute)
            if value in naming.names and (tag not in _ONLY_SSC or name.lower().endswith(".ssc")):
                written = with_song_tag(written, tag, naming.named(value))
        files[naming.named(name)] = written
    said: dict[str, Any] = {attribute: naming.named(getattr(simfiles.song, attribute)) for attribute in _TAGS.values()}
    return replace(simfiles, song=replace(simfiles.song, **said), files=files, is_touched=True)


def write_record(folder: Path, naming: Naming) -> None:
    """Have the record in a folder call its files as they are called, with hashes of those drawn anew."""
    record = read_record(folder)
    if not record or not naming.stem:
        return
    drawn = {art_name(naming.stem, role) for role in naming.drawn}
    hashes = {naming.named(name): value for name, value in record["hashes"].items()}
    here = {name: value for name, value in hashes.items() if (folder / name).is_file()}
    record["hashes"] = {name: file_hash(folder / name) if name in drawn else value for name, value in here.items()}
    write_text(folder / RECORD_NAME, json.dumps(record, indent=1) + "\n")
