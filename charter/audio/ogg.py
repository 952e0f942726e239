"""The serial number of an Ogg file's stream, which encoders draw from the clock or by lot.

Every page of a stream bears it (RFC 3533, section 6), and only files of several streams need it: one that is set makes
the same sound the same bytes.
"""

import struct
import zlib
from pathlib import Path

STEADY_SERIAL = 1

_HEADER = 27  # bytes of a page before the lengths of its segments
_SERIAL, _CHECKSUM = slice(14, 18), slice(22, 26)
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def set_serial(path: Path, serial: int = STEADY_SERIAL) -> None:
    """Give the one stream of an Ogg file this serial number, in place; the file keeps its length.

    Raises OSError, also where there is something else than whole pages.
    """
    with path.open("r+b") as file:
        while header := file.read(_HEADER):
            lengths = file.read(header[-1])
            page = bytearray(header + lengths + file.read(sum(lengths)))
            if not page.startswith(b"OggS") or len(page) < _HEADER + header[-1] + sum(lengths):
                raise OSError("it did not become a whole Ogg file; is the disk full?")
            page[_SERIAL] = serial.to_bytes(4, "little")
            page[_CHECKSUM] = bytes(4)
            page[_CHECKSUM] = _checksum(page)
            file.seek(-len(page), 1)
            file.write(page)


def _checksum(page: bytearray) -> bytes:
    """What a page bears: a CRC-32 of zlib's polynomial, but from the high bits down, from zero and not inverted."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFF_FFFF) ^ 0xFFFF_FFFF
    return struct.pack(">I", mirrored).translate(_MIRRORED)
