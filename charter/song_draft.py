"""A song's folder on disk: written beside its place, put there whole, and recognised again.

``charter.json``, its record, names every other file of ours in it with a hash, and is the last to be put in place: so
a folder whose record is finished is whole, and a file that someone changed since can be told.
"""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from charter.errors import OutputError
from charter.files import write_text
from export.names import folded

RECORD_NAME = "charter.json"
DRAFTS = ".charter-"  # how the names of drafts begin
_SIMFILES = (".ssc", ".sm")
_PICTURES = (".png", ".jpg")
_UNFINISHED = "unfinished"


@contextmanager
def drafted(out: Path, mark: str = "") -> Iterator[Path]:
    """An empty folder in ``out`` to write a song's files to, which is gone at the end. Raises OutputError.

    mark: stands in its name, to find it by where the process is killed
    """
    try:
        draft = Path(tempfile.mkdtemp(prefix=f"{DRAFTS}{mark and f'{mark}-'}", dir=out))
    except OSError as error:
        raise OutputError(f"{out}: cannot be written to ({error.strerror or error})") from error
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def publish(draft: Path, folder: Path, record: Mapping[str, Any]) -> tuple[Path, ...]:
    """Put a draft in its place, with its record; the paths of what it holds.

    A new folder appears whole. Of one that is there, our files are replaced one by one, those of an earlier run that
    are no longer made are removed, and everything else in it stays, also what someone put in the place of a file of
    ours. Raises OutputError.
    """
    inside = (path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
    # Simfiles late, so that they never name music that is not there.
    names = sorted(inside, key=lambda name: (is_simfile(name), name))
    hashes = {name: file_hash(draft / name) for name in sorted(names)}
    write_text(draft / RECORD_NAME, json.dumps({**record, "hashes": hashes}, indent=1) + "\n")
    names.append(RECORD_NAME)
    try:
        if not _moved(draft, folder):
            _replace(draft, folder, names, {**record, "hashes": hashes})
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written to ({error.strerror or error})") from error
    return tuple(folder / name for name in names)


def _moved(draft: Path, folder: Path) -> bool:
    """Whether the folder could be put in place as a whole: not where there is one, made by whoever. Raises OSError."""
    draft.chmod(0o755)  # a draft is for the owner alone
    try:
        draft.rename(folder)
    except OSError as error:
        if folder.is_dir() and error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES):  # the last on Windows
            return False
        raise
    return True


def _replace(draft: Path, folder: Path, names: Sequence[str], record: Mapping[str, Any]) -> None:
    """Put the files of a draft into a folder that is there, the record last. Raises OSError, OutputError."""
    before = read_record(folder)
    # A run that was killed here may have put in place some of its files, of what it was about to.
    ours = [record["hashes"], before.get("hashes") or {}, before.get(_UNFINISHED) or {}]
    marked = {"audio_hash": record["audio_hash"], "hashes": ours[1] | ours[2], _UNFINISHED: record["hashes"]}
    write_text(folder / RECORD_NAME, json.dumps(marked) + "\n")
    for name in names[:-1]:
        if _is_ours(folder, name, ours):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(draft / name, folder / name)
    # Pictures stay: the game finds them by their names, and `charter generate` draws none.
    for name in (ours[1].keys() | ours[2].keys()) - set(names):
        if not name.endswith(_PICTURES) and (folder / name).is_file() and _is_ours(folder, name, ours):
            (folder / name).unlink(missing_ok=True)
    os.replace(draft / RECORD_NAME, folder / RECORD_NAME)


def _is_ours(folder: Path, name: str, ours: Sequence[Mapping[str, str]]) -> bool:
    """Whether a file is absent, or as a run of ours wrote it: what someone put in its place stays. Raises OSError.

    Not so a simfile: whoever asks for other charts means that (and `charter batch` asks for none where one was edited).
    """
    if is_simfile(name):
        return True
    try:
        return file_hash(folder / name) in [hashes.get(name) for hashes in ours]
    except FileNotFoundError:
        return True


def read_record(folder: Path) -> dict[str, Any]:
    """What the record in a folder says; nothing where there is none that can be read."""
    try:
        record = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # the last for brackets within brackets
        return {}
    if not isinstance(record, dict):
        return {}
    # A pack may come from anywhere: what is laid out otherwise is none of ours.
    if not all(isinstance(record.get(name) or {}, dict) for name in ("hashes", _UNFINISHED, "options")):
        return {}
    hashes = (record.get("hashes") or {}) | (record.get(_UNFINISHED) or {})
    return record if all(map(_is_inside, hashes)) else {}


def _is_inside(name: str) -> bool:
    """Whether a name is one that a file in a folder may have."""
    try:
        is_whole = b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        return False
    parts = Path(name).parts
    return is_whole and bool(parts) and ".." not in parts and not Path(name).is_absolute()


def simfiles_in(folder: Path) -> list[Path]:
    """The simfiles of a song's folder, the one first that the game reads. Raises OSError."""
    # Hidden ones are what other systems leave beside files.
    found = [path for path in folder.iterdir() if is_simfile(path.name) and path.name[0] != "." and path.is_file()]
    return sorted(found, key=lambda path: (path.suffix.lower() != ".ssc", path.name))


def simfiles_below(folder: Path) -> Iterator[Path]:
    """The simfiles in a folder and at any depth below it, in order; hidden ones left out. Raises OSError.

    Links to folders are followed, each folder once and none to a folder that this one lies in.
    """
    met = {_identity(above) for above in folder.resolve().parents}
    for place, below, _ in os.walk(folder, onerror=_raise, followlinks=True):
        here = _identity(Path(place))
        below[:] = [] if here in met else sorted(name for name in below if name[0] != ".")
        if here not in met:
            yield from simfiles_in(Path(place))
        met.add(here)


def _identity(folder: Path) -> tuple[int, int]:
    """What is the same of a folder along whichever path. Raises OSError."""
    about = folder.stat()
    return about.st_dev, about.st_ino


def _raise(error: OSError) -> None:
    raise error


def is_simfile(name: str) -> bool:
    """Whether a file is one by its name."""
    return name.lower().endswith(_SIMFILES)


def names_in(out: Path) -> dict[str, str]:
    """What stands in a folder, by its folded names. Raises OutputError."""
    try:
        return {folded(name): name for name in os.listdir(out)}
    except OSError as error:
        raise OutputError(f"{out}: cannot be read ({error.strerror or error})") from error


def spelt(name: str, out: Path, there: Mapping[str, str]) -> str:
    """A name as it stands in a folder, if it does; there: as `names_in` has it."""
    return name if os.path.lexists(out / name) else there.get(folded(name), name)


def free_name(names: Iterator[str], out: Path, there: Mapping[str, str], used: Collection[str], audio_hash: str) -> str:
    """The first name that is not another song's; as a folder of the same song spells it.

    names: without end, as `export.names.numbered` gives them; there: what stands in ``out``, as `names_in` has it
    used: names that are taken, folded. Names that are one on macOS and Windows count as one: packs are copied there.
    """
    free = (name for name in names if folded(name) not in used)
    return next(kept for name in free if _may_replace(out / (kept := spelt(name, out, there)), audio_hash))


def _may_replace(folder: Path, audio_hash: str) -> bool:
    """Whether a folder is absent, empty, or an earlier result for the same audio."""
    try:
        if not folder.is_dir():
            return not os.path.lexists(folder)
        return not any(folder.iterdir()) or read_record(folder).get("audio_hash") == audio_hash
    except OSError:
        return False


def is_finished(record: Mapping[str, Any]) -> bool:
    """Whether the folder of a record was put in place to the end."""
    return bool(record) and _UNFINISHED not in record


def edited(folder: Path, record: Mapping[str, Any]) -> list[str]:
    """The simfiles of a finished folder that are no longer as they were written, as far as the record can tell."""
    hashes = record.get("hashes")
    if hashes is None:  # of a version that did not say
        return sorted(path.name for path in folder.iterdir() if is_simfile(path.name))
    here = [name for name in hashes if is_simfile(name) and (folder / name).is_file()]
    return [name for name in here if file_hash(folder / name) != hashes[name]]


def missing(folder: Path, record: Mapping[str, Any]) -> list[str]:
    """The files of a record that its folder no longer holds, or holds as empty ones. Raises OSError."""
    return [
        name
        for name in record.get("hashes") or {}
        if not (folder / name).is_file() or (folder / name).stat().st_size == 0
    ]


def file_hash(path: Path) -> str:
    """16 hex digits of a file's content. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
