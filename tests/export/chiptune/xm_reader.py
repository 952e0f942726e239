"""Reads a module back, and says when each of its notes starts: independent of what wrote it."""

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Wave(NamedTuple):
    levels: NDArray[np.int64]
    loop: int  # frames, 0 for none
    finetune: int
    note: int


class Instrument(NamedTuple):
    name: str
    waves: list[Wave]
    by_note: bytes
    points: list[tuple[int, int]]
    vibrato: tuple[int, int, int]


class Played(NamedTuple):
    """A note as heard. seconds: its start; cut: seconds where it is silenced, or infinite."""

    seconds: float
    channel: int
    note: int
    instrument: int
    volume: int
    cut: float = np.inf


class Module(NamedTuple):
    title: str
    speed: int
    rows: list[list[tuple[int, ...]]]  # channels' (note, instrument, volume, effect, parameter)
    patterns: list[int]  # rows of each
    starts: list[float]  # seconds of each row
    end: float
    tempos: list[int]  # of each row
    instruments: list[Instrument]

    def notes(self) -> list[Played]:
        """In order of channels, then of time."""
        found: list[Played] = []
        for channel in range(len(self.rows[0])):
            for row, begin, tempo in zip(self.rows, self.starts, self.tempos, strict=True):
                note, instrument, volume, effect, parameter = row[channel]
                late = (parameter & 15) * 2.5 / tempo
                assert not (effect == 14 and parameter & 15 >= self.speed)
                if note:
                    delayed = effect == 14 and parameter >> 4 == 13
                    found.append(Played(begin + late * delayed, channel, note, instrument, volume - 0x10))
                cut = late if effect == 14 and parameter >> 4 == 12 else 0.0 if volume == 0x10 and not note else None
                if cut is not None:
                    found[-1] = found[-1]._replace(cut=begin + cut)
        return found


def read(data: bytes) -> Module:
    assert data[:17] == b"Extended Module: "
    assert data[37] == 0x1A
    version, header, length, _, channels, patterns, instruments, flags, speed, tempo = struct.unpack_from(
        "<HIHHHHHHHH", data, 58
    )
    assert (version, header, flags, length, channels % 2) == (0x104, 276, 1, patterns, 0)
    assert data[80 : 80 + length] == bytes(range(length))
    at = 60 + header
    rows: list[list[tuple[int, ...]]] = []
    lengths = []
    for _ in range(patterns):
        size, packing, count, packed = struct.unpack_from("<IBHH", data, at)
        assert (size, packing) == (9, 0)
        rows += _cells(data[at + size : at + size + packed], count, channels)
        lengths.append(count)
        at += size + packed
    loaded = []
    for _ in range(instruments):
        instrument, at = _instrument(data, at)
        loaded.append(instrument)
    assert at == len(data)
    starts, tempos, now = [], [], 0.0
    for row in rows:
        tempo = next((parameter for *_, effect, parameter in row if effect == 15), tempo)
        starts.append(now)
        tempos.append(tempo)
        now += speed * 2.5 / tempo
    return Module(data[17:37].decode("ascii").rstrip(), speed, rows, lengths, starts, now, tempos, loaded)


def _cells(data: bytes, count: int, channels: int) -> list[list[tuple[int, ...]]]:
    stream = iter(data)
    rows = []
    for _ in range(count):
        row = []
        for _ in range(channels):
            mask = next(stream)
            assert mask & 0x80
            row.append(tuple(next(stream) if mask >> place & 1 else 0 for place in range(5)))
        rows.append(row)
    assert next(stream, None) is None
    return rows


def _instrument(data: bytes, at: int) -> tuple[Instrument, int]:
    size, name, _, count = struct.unpack_from("<I22sBH", data, at)
    assert size == 263
    assert 1 <= count <= 16
    assert struct.unpack_from("<I", data, at + 29) == (40,)
    by_note = data[at + 33 : at + 129]
    used = data[at + 225]
    flat = struct.unpack_from(f"<{2 * used}H", data, at + 129)
    points = list(zip(flat[::2], flat[1::2], strict=True))
    assert data[at + 233] == (1 if used else 0)
    vibrato = (data[at + 236], data[at + 237], data[at + 238])
    at += size
    headers = [struct.unpack_from("<IIIBbBBb", data, at + 40 * i) for i in range(count)]
    at += 40 * count
    waves = []
    for length, loop_start, loop, volume, finetune, kind, _, note in headers:
        assert (loop_start, volume) == (0, 64)
        assert kind == 0x11 if loop else kind == 0x10
        deltas = np.frombuffer(data[at : at + length], dtype="<i2").astype(np.int64)
        levels = (np.cumsum(deltas) + 0x8000) % 0x10000 - 0x8000
        waves.append(Wave(levels, loop // 2, finetune, note))
        at += length
    assert max(by_note) < count
    return Instrument(name.rstrip(b"\0").decode(), waves, by_note, points, vibrato), at
