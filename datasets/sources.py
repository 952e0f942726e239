"""Finding simfiles, and the audio beside them, in a tree of folders."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from datasets.skipped import Skipped, SkipReason
from export.stepmania.music import AUDIO_SUFFIXES, choose_music

SIMFILE_SUFFIXES = (".ssc", ".sm")  # in the order in which the game prefers them


class Source(NamedTuple):
    """One song to read.

    id: its path below the corpus folder
    simfile: the one to read; audio: all audio files beside it
    is_collection: whether it is one of many songs in one folder
    """

    id: str
    simfile: Path
    audio: tuple[Path, ...]
    is_collection: bool

    def music(self, name: str) -> Path | None:
        """The audio that ``#MUSIC`` names, whatever its case; failing that, the only one there is."""
        return choose_music(name, self.audio)


def find_sources(root: Path) -> tuple[list[Source], list[Skipped]]:
    """The songs below a folder, in order of their paths, and what was passed over on the way.

    A folder is one song, as in the game, unless it holds simfiles of several names without one audio file for all of
    them: then each name is a song. A song's id is its path below ``root``.
    """
    sources: list[Source] = []
    skipped: list[Skipped] = []

    def unreadable(error: OSError) -> None:
        skipped.append(Skipped(Path(error.filename), None, SkipReason.UNREADABLE, error.strerror or str(error)))

    for folder, subfolders, names in os.walk(root, onerror=unreadable):
        subfolders.sort()
        files = [Path(folder, name) for name in sorted(names) if not name.startswith(".")]
        simfiles = sorted((p for p in files if p.suffix.lower() in SIMFILE_SUFFIXES), key=_preference)
        audio = tuple(path for path in files if path.suffix.lower() in AUDIO_SUFFIXES)
        stems = {path.stem for path in simfiles}
        if len(stems) > 1 and len(audio) != 1:
            chosen = [next(path for path in simfiles if path.stem == stem) for stem in sorted(stems)]
            sources += [Source(_id(path.with_suffix(""), root), path, audio, is_collection=True) for path in chosen]
        elif simfiles:
            sources.append(Source(_id(Path(folder), root), simfiles[0], audio, is_collection=False))
            skipped += _passed_over(simfiles)
    return sources, skipped


def _preference(path: Path) -> tuple[int, str]:
    return SIMFILE_SUFFIXES.index(path.suffix.lower()), path.name


def _id(path: Path, root: Path) -> str:
    return path.name if path == root else path.relative_to(root).as_posix()


def _passed_over(simfiles: Sequence[Path]) -> list[Skipped]:
    """The simfiles that are not the first; the same song in the other format is no loss and goes unmentioned."""
    first = simfiles[0]
    return [
        Skipped(path, None, SkipReason.OTHER_SIMFILE, f"{first.name} is read")
        for path in simfiles[1:]
        if path.stem != first.stem
    ]
