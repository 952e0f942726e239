"""Where the songs, uploads and exports of a review lie in its data folder.

``songs/<key>/``: a song's files, and ``songs/.charter-<key>-…/`` while they are written; ``uploads/<name>``: music as
it came, until it is charted; ``exports/<file>…``: packs to be fetched, what is to go into one, and what is being
written. Keys and names are of our own making.
"""

from collections.abc import Iterator
from pathlib import Path

from charter.song_draft import DRAFTS

HEARING = "hearing"  # below a song's folder: what the player needs; of no pack
_SONGS, _UPLOADS, _EXPORTS = "songs", "uploads", "exports"
_PACK, _LIST, _DRAFT = ".zip", ".songs.jsonl", ".draft"


def folders(data: Path) -> tuple[Path, ...]:
    """The folders that are to be there before anything is put into them."""
    return songs_folder(data), exports_folder(data), uploads_folder(data)


def songs_folder(data: Path) -> Path:
    """Where the folders of songs are."""
    return data / _SONGS


def song_folder(data: Path, key: str) -> Path:
    """The folder of a song. key: its own"""
    return data / _SONGS / key


def song_drafts(data: Path, key: str = "") -> Iterator[Path]:
    """The folders in which a song is, or was, being written; without a key, those of all songs. Raises OSError."""
    return songs_folder(data).glob(f"{DRAFTS}{key and f'{key}-'}*")


def uploads_folder(data: Path) -> Path:
    """Where uploads are."""
    return data / _UPLOADS


def upload_path(data: Path, name: str) -> Path:
    """An upload, by its name in the request of its job."""
    return data / _UPLOADS / name


def exports_folder(data: Path) -> Path:
    """Where packs are, and what belongs to them."""
    return data / _EXPORTS


def pack_path(data: Path, file: str) -> Path:
    """A pack that can be fetched. file: 32 hex digits, in the request of its job"""
    return data / _EXPORTS / f"{file}{_PACK}"


def list_path(data: Path, file: str) -> Path:
    """The songs of a pack that is to be written, one a line. file: as `pack_path` has it"""
    return data / _EXPORTS / f"{file}{_LIST}"


def draft_folder(data: Path, file: str) -> Path:
    """Where a pack is being written. file: as `pack_path` has it"""
    return data / _EXPORTS / f"{file}{_DRAFT}"


def draft_folders(data: Path) -> Iterator[Path]:
    """All folders in which packs are, or were, being written. Raises OSError."""
    return exports_folder(data).glob(f"*{_DRAFT}")


def export_files(data: Path) -> Iterator[tuple[str, Path]]:
    """All packs and lists, each with the ``file`` that it is of. Raises OSError."""
    for path in exports_folder(data).glob("*"):
        if path.name.endswith((_PACK, _LIST)):
            yield path.name.partition(".")[0], path
