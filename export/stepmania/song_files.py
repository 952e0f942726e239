"""The files of a song's folder as the game finds them: by the words of a tag, in any case, in the folder or below."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from export.names import folded


@dataclass(frozen=True)
class SongFiles:
    """A song's folder, whose files are asked for by the words of a tag."""

    path: Path

    @cached_property
    def _root(self) -> Path:
        return self.path.resolve()

    def names(self, suffixes: tuple[str, ...]) -> list[str]:
        """Of the files in the folder itself, those with one of some suffixes, in order."""
        return [name for name in self._listing("") if name.lower().endswith(suffixes) and self._is_ours(name)]

    def file(self, value: str) -> list[str]:
        """The file that a value names; none if there is no such file."""
        name = self._find(value)
        return [name] if name and self._is_ours(name) else []

    def all(self, value: str) -> list[str]:
        """The file that a value names, or all those of the folder that it names; none if there is no such thing."""
        name = self._find(value)
        return list(self._below(name)) if name and (self.path / name).is_dir() else self.file(value)

    def _find(self, value: str) -> str:
        """What a value names, as it is written on the disk; empty if there is no such thing in the folder."""
        parts = [part for part in value.strip().replace("\\", "/").split("/") if part != "."]
        if parts[:1] == [""] or ".." in parts:  # an absolute path, or one that leads out
            return ""
        name = ""
        for part in filter(None, parts):
            here = self._listing(name)
            same = [each for each in here if each == part] or [each for each in here if folded(each) == folded(part)]
            if not same:
                return ""
            name = f"{name}/{same[0]}" if name else same[0]
        return name

    def _below(self, name: str) -> Iterator[str]:
        for folder, folders, files in os.walk(self.path / name):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            for file in sorted(files):
                below = (Path(folder) / file).relative_to(self.path).as_posix()
                if not file.startswith(".") and self._is_ours(below):
                    yield below

    def _listing(self, name: str) -> list[str]:
        """The names in the folder or in one below it, in order; none where there is no such folder within it."""
        try:
            inside = (self.path / name).resolve().is_relative_to(self._root)
            return sorted(each for each in os.listdir(self.path / name) if each[0] != ".") if inside else []
        except OSError:
            return []

    def _is_ours(self, name: str) -> bool:
        """Whether this is a regular file that lies in the folder, links followed."""
        path = self.path / name
        try:
            return path.is_file() and path.resolve().is_relative_to(self._root)
        except OSError:
            return False
