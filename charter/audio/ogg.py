"""The serial number of an Ogg file's stream, which encoders draw from the clock or by lot.

Every page of a stream bears it (RFC 3533, section 6), and only files of several streams need it: one that is set makes
the same sound the same bytes.
"""

from pathlib import Path

from mutagen.ogg import OggPage

STEADY_SERIAL = 1


def set_serial(path: Path, serial: int = STEADY_SERIAL) -> None:
    """Give the one stream of an Ogg file this serial number, in place; the file keeps its length.

    Raises mutagen.ogg.error where there is something else than pages.
    """
    with path.open("r+b") as file:
        length = path.stat().st_size
        start = 0
        while start < length:
            page = OggPage(file)
            page.serial = serial
            file.seek(start)
            file.write(page.write())  # with its checksum
            start = file.tell()
