"""Which audio file a simfile plays."""

import os
from collections.abc import Sequence
from pathlib import Path

from export.names import folded
from export.stepmania.song_files import SongFiles

AUDIO_SUFFIXES = frozenset({".ogg", ".oga", ".opus", ".mp3", ".wav", ".flac", ".m4a", ".aac", ".wma", ".aif", ".aiff"})


def find_music(folder: Path, name: str, audio: Sequence[Path] | None = None) -> Path | None:
    """The file that ``#MUSIC`` names, in the simfile's folder or below, in any case; or else as `choose_music` does.

    audio: as `audio_beside` lists it, where that has been done
    """
    # By os.path, to which a name that no file can have is only one that is not there.
    if name and os.path.isfile(folder / name):
        return folder / name
    for below in SongFiles(folder).file(name):
        return folder / below
    return choose_music(name, audio_beside(folder) if audio is None else audio)


def audio_beside(folder: Path) -> list[Path]:
    """The audio in a folder, in order, hidden files left out."""
    return sorted(path for path in folder.glob("[!.]*") if path.suffix.lower() in AUDIO_SUFFIXES)


def choose_music(name: str, audio: Sequence[Path]) -> Path | None:
    """Of the audio beside a simfile, the file that ``#MUSIC`` names; failing that, the only one."""
    named = [path for path in audio if is_named(path, name)]
    if named:
        return named[0]
    return audio[0] if len(audio) == 1 else None


def is_named(path: Path, name: str) -> bool:
    """Whether ``#MUSIC`` means this file: as in games, whatever its case, its folder aside."""
    return folded(path.name) == folded(name.replace("\\", "/").rsplit("/", 1)[-1])
