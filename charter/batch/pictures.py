"""A song's banner, background and jacket, where its folder has none."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from charter.audio.outline import outline
from charter.files import write_bytes
from charter.notation import Song
from charter.song_folder import with_pictures
from export.art.draw import draw_art
from export.art.look import OUTLINE_SHAPE, Look, Role, art_name


def draw_pictures(
    draft: Path,
    name: str,
    song: Song,
    mel: NDArray[np.float32],
    cover: Path | bytes,
    wanted: Collection[Role] = tuple(Role),
) -> Song:
    """Draw the pictures that are wanted into ``draft``; the song with their names. Raises OutputError.

    mel: (frames, mels, windows), the song's features
    cover: a picture file or its bytes; none where it is empty or cannot be read as one
    """
    look = Look(song.title, song.artist, outline(mel, *OUTLINE_SHAPE), _bytes(cover))
    for role, picture in draw_art(look, wanted).items():
        write_bytes(draft / art_name(name, role), picture)
    return with_pictures(song, {role: art_name(name, role) for role in wanted})


def _bytes(cover: Path | bytes) -> bytes:
    if isinstance(cover, bytes):
        return cover
    try:
        return cover.read_bytes()
    except OSError:
        return b""
