"""What a song's pictures are made of, and which there are."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Role(StrEnum):
    """A picture's place in the game."""

    BANNER = "banner"  # 418×164, in the song wheel
    BACKGROUND = "background"  # 1920×1080, behind the notes
    JACKET = "jacket"  # 512×512, a square for lists


# By these endings the game finds a picture that no tag names.
_ENDINGS = {Role.BANNER: "-bn.png", Role.BACKGROUND: "-bg.jpg", Role.JACKET: "-jacket.png"}


def art_name(stem: str, role: Role) -> str:
    """The file name of a song's picture beside ``<stem>.ssc``."""
    return f"{stem}{_ENDINGS[role]}"


OUTLINE_SHAPE = (48, 480)  # bands and columns that show on the pictures


@dataclass(frozen=True, eq=False)
class Look:
    """A song as its pictures show it.

    outline: its spectrogram, (bands, columns) within 0..1, the lowest band first; best of `OUTLINE_SHAPE`
    cover: the bytes of a picture file; what cannot be read as one, and nothing, mean no cover
    """

    title: str
    artist: str
    outline: NDArray[np.float32]
    cover: bytes = b""
