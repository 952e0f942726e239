"""VGM: the register log as other people's players and tools read it, exact to a sample of 44.1 kHz.

The format's description: https://vgmrips.net/wiki/VGM_Specification. (A player built on libgme plays a VGM file of this
chip as silence.)
"""

import struct
from itertools import pairwise

import numpy as np

from export.chiptune.hardware import Region
from export.chiptune.log import FIRST_REGISTER, SAMPLE_START, RegisterLog

RATE = 44_100  # of all waits in the format
_VERSION = 0x161  # the first that knows this chip
_HEADER_BYTES = 0x100
_APU_WRITE, _WAIT, _DATA_BLOCK, _END = 0xB4, 0x61, 0x67, 0x66
_SHORT_WAIT, _LONGEST_SHORT_WAIT = 0x70, 16  # $70 to $7F wait 1 to 16 samples
_LONGEST_WAIT = 0xFFFF
_APU_MEMORY = 0xC2
_CHIP_CLOCK = {Region.NTSC: 1_789_772, Region.PAL: 1_662_607}
_FRAME_RATE = {Region.NTSC: 60, Region.PAL: 50}
_SYSTEM = "Nintendo Entertainment System"


def vgm_bytes(log: RegisterLog, title: str = "", artist: str = "") -> bytes:
    """A tune as a VGM 1.61 file with GD3 tags."""
    times = np.rint(log.cycles * (RATE / log.region.clock)).astype(np.int64).tolist()
    end = max([round(log.end * (RATE / log.region.clock)), *times[-1:]])
    registers = (log.addresses - FIRST_REGISTER).tolist()
    parts = [_memory(log.samples) if log.samples else b"", _wait(times[0] if times else end)]
    for (now, following), register, value in zip(pairwise([*times, end]), registers, log.values.tolist(), strict=True):
        parts += [bytes((_APU_WRITE, register, value)), _wait(following - now)]
    data = b"".join((*parts, bytes([_END])))
    tags = _gd3(title, artist)

    header = bytearray(_HEADER_BYTES)
    size = _HEADER_BYTES + len(data) + len(tags)
    # Offsets in the header are counted from the place that holds them.
    struct.pack_into("<4sII", header, 0x00, b"Vgm ", size - 0x04, _VERSION)
    struct.pack_into("<II", header, 0x14, _HEADER_BYTES + len(data) - 0x14, end)
    struct.pack_into("<I", header, 0x24, _FRAME_RATE[log.region])
    struct.pack_into("<I", header, 0x34, _HEADER_BYTES - 0x34)
    struct.pack_into("<I", header, 0x84, _CHIP_CLOCK[log.region])
    return bytes(header) + data + tags


def _wait(samples: int) -> bytes:
    whole, left = divmod(samples, _LONGEST_WAIT)
    commands = struct.pack("<BH", _WAIT, _LONGEST_WAIT) * whole
    if left > _LONGEST_SHORT_WAIT:
        return commands + struct.pack("<BH", _WAIT, left)
    return commands + (bytes([_SHORT_WAIT + left - 1]) if left else b"")


def _memory(samples: bytes) -> bytes:
    """What the DMC reads, for the chip's memory from $C000 on."""
    return struct.pack("<BBBIH", _DATA_BLOCK, _END, _APU_MEMORY, 2 + len(samples), SAMPLE_START) + samples


def _gd3(title: str, artist: str) -> bytes:
    """The tags, each in English and in the song's own script, which are one here."""
    game = date = notes = ""
    fields = (title, title, game, game, _SYSTEM, _SYSTEM, artist, artist, date, "charter", notes)
    text = "".join(field.replace("\0", " ") + "\0" for field in fields).encode("utf-16-le", "replace")
    return struct.pack("<4sII", b"Gd3 ", 0x100, len(text)) + text
