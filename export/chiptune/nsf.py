"""NSF and NSFE: the tune as a program for the console itself, which hardware players and emulators run.

Both hold the same pages of 4 KB: the player and its stream, then the DMC's samples; NSFE adds the length and titles in
any script. https://www.nesdev.org/wiki/NSF, https://www.nesdev.org/wiki/NSFe
"""

import struct
from typing import NamedTuple

from charter.errors import ChartError
from export.chiptune.hardware import Region
from export.chiptune.log import SAMPLE_START, RegisterLog
from export.chiptune.player import PAGE, PROGRAM_START, player, stream
from export.texts import ascii_text

MAKER = "charter"
MOST_BYTES = 256 * PAGE
PLAY_MICROSECONDS = {Region.NTSC: 16639, Region.PAL: 19997}  # from one call of the player to the next
FADE_MILLISECONDS = 0
_WINDOWS = 8  # of 4 KB, from $8000 on
_FIELD = 32  # bytes of a text, the last one 0


class _Program(NamedTuple):
    """What a player loads at $8000, page by page.

    windows: the page that each of the eight windows shows at first
    """

    data: bytes
    windows: bytes
    init: int
    play: int


def nsf_bytes(log: RegisterLog, title: str = "", artist: str = "") -> bytes:
    """A tune as an NSF file. At its end it is silent for ever.

    The format keeps 31 ASCII characters of a text: marks are dropped, other scripts become ``?``.

    Raises ChartError where the tune needs more than the format's 256 pages.
    """
    program = _program(log)
    header = struct.pack(
        "<5sBBBHHH32s32s32sH8sHBB4x",
        b"NESM\x1a",
        1,  # version
        1,  # songs
        1,  # the first one
        PROGRAM_START,
        program.init,
        program.play,
        _field(title),
        _field(artist),
        _field(MAKER),
        PLAY_MICROSECONDS[Region.NTSC],
        program.windows,
        PLAY_MICROSECONDS[Region.PAL],
        log.region is Region.PAL,
        0,  # no other sound chips
    )
    return header + program.data


def nsfe_bytes(log: RegisterLog, title: str = "", artist: str = "") -> bytes:
    """A tune as an NSFE file, which tells players how long it is. Texts are UTF-8, of any length.

    Raises ChartError as `nsf_bytes` does.
    """
    program = _program(log)
    chunks = (
        (
            b"INFO",
            struct.pack("<HHHBBBB", PROGRAM_START, program.init, program.play, log.region is Region.PAL, 0, 1, 0),
        ),
        (b"BANK", program.windows),
        (b"DATA", program.data),
        (b"time", struct.pack("<i", round(1000 * log.seconds))),
        (b"fade", struct.pack("<i", FADE_MILLISECONDS)),
        (b"auth", b"".join(_text(text) for text in (title, artist, MAKER, MAKER))),
        (b"tlbl", _text(title)),
        (b"NEND", b""),
    )
    return b"NSFE" + b"".join(struct.pack("<I4s", len(data), name) + data for name, data in chunks)


def _field(text: str) -> bytes:
    return ascii_text(text, _FIELD - 1).encode().ljust(_FIELD, b"\0")


def _text(text: str) -> bytes:
    return text.replace("\0", " ").encode("utf-8", "replace") + b"\0"


def _program(log: RegisterLog) -> _Program:
    routine = player()
    data = routine.code + stream(log, PLAY_MICROSECONDS[log.region] * 1e-6)
    data = data.ljust(2 * PAGE, b"\0")
    windows = bytearray(_WINDOWS)
    windows[1] = 1  # all 0 would mean that there are no pages to choose from
    if log.samples:
        data = data.ljust(-(-len(data) // PAGE) * PAGE, b"\0")
        first_window = (SAMPLE_START - PROGRAM_START) // PAGE
        for number in range(-(-len(log.samples) // PAGE)):
            # A page beyond what a byte can name is reported below.
            windows[first_window + number] = (len(data) // PAGE + number) & 0xFF
        data += log.samples
    if len(data) > MOST_BYTES:
        fitting = log.seconds * (MOST_BYTES - len(log.samples)) / (len(data) - len(log.samples)) / 60
        raise ChartError(
            f"the tune needs {len(data):,} bytes, and an NSF holds {MOST_BYTES:,}: about {fitting:.0f} minutes of it; "
            "choose a shorter passage"
        )
    return _Program(data, bytes(windows), routine.labels["init"], routine.labels["play"])
