"""What is asked of a preview, and whether a file can hold it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from charter.audio.sound_file import SUFFIXES as SOUND_SUFFIXES
from charter.errors import RequestError
from charter.notation import Difficulty
from export.chiptune.hardware import Region

TUNE_SUFFIXES = (".nsf", ".nsfe", ".vgm", ".xm")


class Mode(StrEnum):
    """What is played."""

    COVER = "cover"  # the song as a chip tune
    STEPS = "steps"  # the chart's notes alone
    MIX = "mix"  # the song itself, with a tick on every row


@dataclass(frozen=True)
class PreviewRequest:
    """What to play of a chart file.

    difficulty: of the chart, None for the hardest there is; edit: the first Edit instead
    passage: only the passage that plays while a song is chosen
    """

    mode: Mode = Mode.COVER
    difficulty: Difficulty | None = None
    edit: bool = False
    passage: bool = False
    region: Region = Region.NTSC


def check_name(out: Path, mode: Mode) -> None:
    """Raises RequestError for a file name that says no format, or one that cannot hold what is to be played."""
    suffix = out.suffix.lower()
    if suffix not in (*SOUND_SUFFIXES, *TUNE_SUFFIXES):
        raise RequestError(f"--out {out}: the format is one of {' '.join(SOUND_SUFFIXES + TUNE_SUFFIXES)}")
    if mode is Mode.MIX and suffix not in SOUND_SUFFIXES:
        raise RequestError(f"--out {out}: a chip cannot play the song itself; write {' or '.join(SOUND_SUFFIXES)}")
