"""The files below a folder, each once: what is linked is found where it lies, and no loop is walked for ever."""

import errno
import os
import stat
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_HIDDEN_NAMES = {"__macosx", "thumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "@eadir"}
_FOLDER_FAULTS = {errno.EACCES: "may not be read; check the folder's permissions"}
_LINK_FAULTS = {
    errno.ENOENT: "is a link to what is not there; was it moved?",
    errno.ENOTDIR: "is a link to what is not there; was it moved?",
    errno.ELOOP: "is a link that leads back to itself",
    errno.EACCES: "is a link to what may not be read; check the permissions there",
}


@dataclass(frozen=True)
class Walked:
    """What lies below a folder.

    files: of each folder that can be read, in order, hidden ones left out; those of the folder itself come first
    faults: one line each for what cannot be read
    oddities: one line each for what is no file and nobody meant to be one: links in a loop, pipes, devices
    """

    files: dict[Path, list[Path]] = field(default_factory=dict)
    faults: dict[Path, str] = field(default_factory=dict)
    oddities: dict[Path, str] = field(default_factory=dict)


def walk(folder: Path, leave_out: Path) -> Walked:
    """All regular files below a folder, except in ``leave_out``; hidden files and folders are passed over.

    A file or folder that several links lead to is listed once, where it lies itself if that is below ``folder``.
    """
    walk = _Walk(folder, leave_out)
    walk.into(folder)
    walk.along_links()
    order = sorted(walk.walked.files, key=path_order)
    return Walked(
        {each: sorted(walk.walked.files[each], key=path_order) for each in order},
        walk.walked.faults,
        walk.walked.oddities,
    )


def path_order(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A key that sorts paths for people, and always alike: capitals with small letters."""
    return tuple(part.casefold() for part in path.parts), path.parts


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is there for a system or a program, not for its user."""
    return name.startswith(".") or name.casefold() in _HIDDEN_NAMES


class _Walk:
    """A walk on its way.

    folders, files: device and inode of those met; links: met, not yet followed
    """

    def __init__(self, top: Path, leave_out: Path) -> None:
        self.walked = Walked()
        self.leave_out = leave_out.resolve()
        self.is_inside = top.resolve().is_relative_to(self.leave_out)
        self.folders: set[tuple[int, int]] = set()
        self.files: set[tuple[int, int]] = set()
        self.links: deque[Path] = deque()

    def into(self, top: Path) -> None:
        """Walk a folder without following links."""
        left = [top]
        found: list[Path] = []
        while left:
            folder = left.pop()
            try:
                left += self._listed(folder, found)
            except OSError as error:
                self._blame(folder, error, _FOLDER_FAULTS)
        self.links += sorted(found, key=path_order)

    def along_links(self) -> None:
        """Follow the links met, and those met on the way."""
        while self.links:
            link = self.links.popleft()
            try:
                self._follow(link)
            except OSError as error:
                self._blame(link, error, _LINK_FAULTS)

    def _listed(self, folder: Path, links: list[Path]) -> list[Path]:
        """Take in the files of a folder, and add to ``links``; the folders in it. Raises OSError."""
        about = folder.stat()
        if (about.st_dev, about.st_ino) in self.folders or self._is_left_out(folder):
            return []
        self.folders.add((about.st_dev, about.st_ino))
        folders: list[Path] = []
        files: list[Path] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                path = folder / entry.name
                if is_hidden(entry.name):
                    continue
                if entry.is_symlink():
                    links.append(path)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                elif entry.is_file(follow_symlinks=False):
                    files.append(path)
                    self.files.add((about.st_dev, entry.inode()))
                else:
                    self.walked.oddities[path] = f"{path}: is a pipe, socket or device, not a file"
        self.walked.files[folder] = files
        return sorted(folders, key=path_order, reverse=True)

    def _follow(self, link: Path) -> None:
        about = link.stat()
        target = link.resolve(strict=True)
        place = about.st_dev, about.st_ino
        if stat.S_ISDIR(about.st_mode):
            if link.parent.resolve().is_relative_to(target):
                self.walked.oddities[link] = f"{link}: is a link to a folder that it lies in, and is not followed"
            elif place not in self.folders:
                self.into(link)
        elif not stat.S_ISREG(about.st_mode):
            self.walked.oddities[link] = f"{link}: is a link to a pipe, socket or device, not to a file"
        elif place not in self.files and not self._is_left_out(target):
            self.files.add(place)
            self.walked.files[link.parent].append(link)

    def _is_left_out(self, path: Path) -> bool:
        """Whether this lies in what is to be left out; where the walk began in there, whether it is just that."""
        real = path.resolve()
        return real == self.leave_out or (not self.is_inside and real.is_relative_to(self.leave_out))

    def _blame(self, path: Path, error: OSError, likely: Mapping[int, str]) -> None:
        lines = self.walked.oddities if error.errno == errno.ELOOP else self.walked.faults
        lines[path] = f"{path}: {likely.get(error.errno or 0, error.strerror or str(error))}"
