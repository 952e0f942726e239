"""The bytes of a module: header, packed patterns, instruments. Format: the XM description of Triton, version 1.04."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from export.chiptune.xm.instruments import XmInstrument
from export.chiptune.xm.waves import NOTES, Wave
from export.texts import ascii_text

CHANNELS = 6  # FastTracker wants an even number
_TEXT, _NAME = 20, 22
_HEADER_BYTES = 276  # from its own length on
_INSTRUMENT_BYTES, _SAMPLE_BYTES = 263, 40
_POINTS = 12
_PACKED = 0x80  # a cell's first byte: which of its five bytes follow
_FORWARD_LOOP, _SIXTEEN_BITS = 1, 0x10
_ENVELOPE_ON = 1
_CENTRE = 128
_PEAK = 32_000


class Cell(NamedTuple):
    """A place in a pattern; 0 is nothing. note: 1 to 96; volume: $10 to $50."""

    note: int = 0
    instrument: int = 0
    volume: int = 0
    effect: int = 0
    parameter: int = 0


Pattern = list[list[Cell]]  # rows of channels


def module(
    title: str, patterns: Sequence[Pattern], instruments: Sequence[XmInstrument], speed: int, tempo: int
) -> bytes:
    """A module that plays its patterns one after the other. speed: ticks a row; tempo: of the first row."""
    order = bytes(range(len(patterns)))
    header = struct.pack(
        "<17s20sB20sHI8H256s",
        b"Extended Module: ",
        ascii_text(title, _TEXT).encode().ljust(_TEXT),
        0x1A,
        b"charter".ljust(_TEXT),
        0x0104,
        _HEADER_BYTES,
        len(patterns),
        0,  # where it begins again
        CHANNELS,
        len(patterns),
        len(instruments),
        1,  # pitches in equal steps
        speed,
        tempo,
        order,
    )
    loudest = max((np.abs(wave.levels).max() for one in instruments for wave in one.waves.samples), default=1.0)
    return b"".join(
        (header, *(_pattern(rows) for rows in patterns), *(_instrument(one, _PEAK / loudest) for one in instruments))
    )


def _pattern(rows: Pattern) -> bytes:
    data = b"".join(_cell(cell) for row in rows for cell in row)
    return struct.pack("<IBHH", 9, 0, len(rows), len(data)) + data


def _cell(cell: Cell) -> bytes:
    mask = sum(1 << place for place, value in enumerate(cell) if value)
    return bytes([_PACKED | mask, *(value for value in cell if value)])


def _instrument(instrument: XmInstrument, scale: float) -> bytes:
    points = instrument.envelope.points if instrument.envelope else ()
    flat = [number for point in points for number in point]
    samples = instrument.waves.samples
    header = struct.pack(
        f"<I{_NAME}sBHI{NOTES}s{2 * _POINTS}H48s14BH22x",
        _INSTRUMENT_BYTES,
        instrument.name.encode(),
        0,
        len(samples),
        _SAMPLE_BYTES,
        bytes(instrument.waves.by_note),
        *flat,
        *[0] * (2 * _POINTS - len(flat)),
        b"",  # no envelope of the panning
        len(points),
        *[0] * 7,  # of its points, and where envelopes are held or loop
        _ENVELOPE_ON if points else 0,
        *[0] * 2,  # panning's; vibrato a sine
        *instrument.vibrato,
        0,  # no fading out
    )
    data = [np.rint(wave.levels * scale).astype(np.int16) for wave in samples]
    return b"".join(
        (
            header,
            *(_sample_header(wave) for wave in samples),
            # Samples are kept as differences.
            *(np.diff(levels, prepend=np.int16(0)).astype("<i2").tobytes() for levels in data),
        )
    )


def _sample_header(wave: Wave) -> bytes:
    size = 2 * len(wave.levels)
    return struct.pack(
        f"<IIIBbBBbx{_NAME}x",
        size,
        0,
        size if wave.loops else 0,
        64,
        wave.finetune,
        _SIXTEEN_BITS | (_FORWARD_LOOP if wave.loops else 0),
        _CENTRE,
        wave.note,
    )
