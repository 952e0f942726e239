"""Charts that came with a song, and that no network wrote: told from the record in its folder."""

from functools import lru_cache
from pathlib import Path

from charter.song_draft import RECORD_NAME, read_record

_MOST_SONGS = 100_000


def slots_by_hand(folder: Path) -> tuple[str, ...]:
    """The slots of a song's charts that came with it, e.g. ``("hard",)``. folder: of the song

    A record is read once for as long as it stays as it is: the measure asks for those of a whole run at every look.
    """
    try:
        said = (folder / RECORD_NAME).stat()
        return _slots(folder, (said.st_ino, said.st_mtime_ns, said.st_size))
    except OSError:  # not remembered: the next look may have more luck
        return ()


@lru_cache(maxsize=_MOST_SONGS)
def _slots(folder: Path, _stamp: tuple[int, ...]) -> tuple[str, ...]:
    (folder / RECORD_NAME).open("rb").close()  # `read_record` says nothing of a file that cannot be read
    kept = read_record(folder).get("kept")
    return tuple(str(label).lower() for label in kept) if isinstance(kept, list) else ()
