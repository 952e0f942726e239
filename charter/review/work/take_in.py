"""A song of a pack becomes a song of a review: its folder is copied and read, and made ready for the player."""

import shutil
from pathlib import Path
from typing import Any

from charter.errors import OutputError
from charter.files import make_folder
from charter.memory import release_memory
from charter.processes.worker import Tell
from charter.review.data_folder import HEARING, song_folder, songs_folder
from charter.review.work.folders import put_in_place
from charter.review.work.reading import chosen_simfile, named_in, read_folder
from charter.song_draft import drafted


def take_in(request: dict[str, Any], data: Path, tell: Tell) -> dict[str, Any]:
    """``{key, folder}`` -> as `read_folder`, a copy of the folder's files in ``songs/<key>``.

    Raises ChartError, TimingError or OutputError that names the file.
    """
    source = Path(request["folder"])
    release_memory()
    chosen_simfile_of(source)  # before any copying
    with drafted(songs_folder(data), request["key"]) as draft, named_in(draft, source.name):
        tell(0.05, "copying")
        copy_folder(source, draft)
        tell(0.2, "preparing the player")
        read = read_folder(draft)
        tell(0.98, "writing")
        put_in_place(draft, song_folder(data, request["key"]))
    return read


def chosen_simfile_of(source: Path) -> None:
    """Raises ChartError or TimingError for a folder without a simfile that can be read."""
    try:
        chosen_simfile(source)
    except OSError as error:
        raise OutputError(f"{source}: cannot be read ({error.strerror or error})") from error


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder's files, those below it too: no hidden ones, and no links, which may lead anywhere.

    Raises OutputError that names the folder.
    """
    try:
        for path in sorted(source.rglob("*")):
            inside = path.relative_to(source)
            hidden = any(part.startswith(".") for part in inside.parts)
            if hidden or inside.parts[0] == HEARING or path.is_symlink() or not path.is_file():
                continue
            make_folder((target / inside).parent)
            shutil.copyfile(path, target / inside)
    except OSError as error:
        raise OutputError(f"{source}: cannot be copied ({error.strerror or error})") from error
